// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/json.hpp"
#include "daemon/cli/source_trial.hpp"
#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace nudged::cli {
namespace {

/// How the records of one entity came out.
struct Mapped {
    model::Entity entity{};
    std::size_t count = 0;
    std::size_t deleted = 0;
    std::vector<std::string> filled{};  // fields that at least one record has
    std::vector<std::string> empty{};   // and those that none has
};

std::vector<Mapped> mapped_in(const StreamTrial& trial) {
    std::vector<Mapped> all;
    for (const auto entity : model::all_entities()) {
        Mapped one{.entity = entity};
        std::vector<bool> has(model::fields_of(entity).size());
        for (const auto& page : trial.pages)
            for (const auto& record : page.records) {
                if (record.entity != entity) continue;
                ++(record.deleted ? one.deleted : one.count);
                for (std::size_t i = 0; i < has.size(); ++i)
                    if (record.values[i].index() != 0) has[i] = true;
            }
        if (one.count + one.deleted == 0) continue;
        for (std::size_t i = 0; i < has.size(); ++i)
            (has[i] ? one.filled : one.empty).emplace_back(model::fields_of(entity)[i].name);
        all.push_back(std::move(one));
    }
    return all;
}

std::string name_of(model::Stream stream) {
    if (stream.lane == model::Lane::incremental) return std::string{to_string(stream.entity)};
    if (stream.lane == model::Lane::backfill)
        return fmt::format("{}, first load", to_string(stream.entity));
    return fmt::format("{}, {}", to_string(stream.entity), to_string(stream.lane));
}

/// Names in lines of the terminal's width, below one another.
void print_names(std::string_view label, const std::vector<std::string>& names) {
    constexpr std::size_t width = 96;
    constexpr std::size_t indent = 22;
    if (names.empty()) return;
    std::string line = fmt::format("    {:<{}}", label, indent - 4);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto word = names[i] + (i + 1 < names.size() ? ", " : "");
        if (line.size() + word.size() > width) {
            fmt::print("{}\n", line);
            line = std::string(indent, ' ');
        }
        line += word;
    }
    fmt::print("{}\n", line);
}

void print_malformed(const StreamTrial& trial) {
    constexpr std::size_t most = 5;
    if (trial.malformed() == 0) return;
    fmt::print("    malformed         {} values, which become null:\n", trial.malformed());
    std::size_t told = 0;
    for (const auto& page : trial.pages)
        for (const auto& bad : page.malformed) {
            if (++told > most) continue;
            fmt::print("                      {}: {}\n", for_terminal(bad.where),
                       for_terminal(bad.what));
        }
    if (told > most) fmt::print("                      … {} more\n", trial.malformed() - most);
}

void print_mapped(const StreamTrial& trial) {
    const auto all = mapped_in(trial);
    for (const auto& one : all) {
        if (one.entity != trial.stream.entity)
            fmt::print("    with {} {}\n", one.count, to_string(one.entity));
        if (one.deleted > 0) fmt::print("    deleted           {}\n", one.deleted);
        if (one.count == 0) continue;
        print_names("mapped", one.filled);
        print_names("null everywhere", one.empty);
    }
}

void print_stream(const StreamTrial& trial) {
    const auto seconds = static_cast<double>(trial.took.count()) / 1000;
    const bool is_of_ids = trial.records() == 0 && trial.ids() > 0;
    fmt::print("  {:<24}{:>6} {:<17}{:>5} request{} {:>6.2f} s\n", name_of(trial.stream),
               is_of_ids ? trial.ids() : trial.records(),
               fmt::format("{}{}", is_of_ids ? "ids" : "records", trial.more() ? ", and more" : ""),
               trial.requests, trial.requests == 1 ? " " : "s", seconds);
    print_mapped(trial);
    print_malformed(trial);
    if (!trial.unread_next.empty())
        fmt::print("    next page         {}\n", for_terminal(trial.unread_next, 400));
    if (trial.failure)
        fmt::print("    {}: {}\n", to_string(trial.failure->kind()),
                   for_terminal(trial.failure->what(), 2000));
    if (!trial.answer.empty())
        fmt::print("    the CRM said      {}\n", for_terminal(trial.answer, 400));
}

void print_streams_json(Json& json, const StreamTrial& trial) {
    json.begin_object();
    json.field("stream", to_string(trial.stream.entity));
    json.field("lane", to_string(trial.stream.lane));
    json.field("records", trial.records()).field("ids", trial.ids());
    json.field("more", trial.more());
    json.field("requests", trial.requests);
    json.field("took_ms", static_cast<std::int64_t>(trial.took.count()));
    json.key("entities").begin_array();
    for (const auto& one : mapped_in(trial)) {
        json.begin_object().field("entity", to_string(one.entity)).field("count", one.count);
        json.field("deleted", one.deleted);
        json.key("mapped").begin_array();
        for (const auto& name : one.filled) json.value(name);
        json.end_array().key("null").begin_array();
        for (const auto& name : one.empty) json.value(name);
        json.end_array().end_object();
    }
    json.end_array();
    json.field("malformed_count", static_cast<std::int64_t>(trial.malformed()));
    json.key("malformed").begin_array();
    for (const auto& page : trial.pages)
        for (const auto& bad : page.malformed)
            json.begin_object().field("where", bad.where).field("what", bad.what).end_object();
    json.end_array();
    json.field("unread_next", trial.unread_next);
    json.key("failure");
    if (trial.failure)
        json.begin_object()
            .field("kind", to_string(trial.failure->kind()))
            .field("what", trial.failure->what())
            .end_object();
    else
        json.value(std::optional<std::string>{});
    json.end_object();
}

}  // namespace

void print_trial(const Trial& trial) {
    for (const auto& one : trial.streams) print_stream(one);
    if (!trial.limits.empty()) fmt::print("limits, as the CRM told them last\n");
    for (const auto& [name, value] : trial.limits)
        fmt::print("  {}: {}\n", for_terminal(name), for_terminal(value));
    const auto needs_person = std::ranges::count_if(trial.streams, [](const auto& one) {
        return one.failure && one.failure->kind() == FailureKind::needs_person;
    });
    fmt::print("{} of {} streams answered", trial.streams.size() - trial.failures(),
               trial.streams.size());
    if (needs_person > 0)
        fmt::print(", {} need{} a person", needs_person, needs_person == 1 ? "s" : "");
    if (trial.malformed() > 0) fmt::print(", {} malformed values", trial.malformed());
    if (trial.not_tried > 0)
        fmt::print("; {} more not tried, since {}", trial.not_tried,
                   trial.streams.back().is_dead_credential ? "the CRM refuses the credential"
                                                           : "nothing answers");
    fmt::print("\n");
}

std::string trial_json(const std::string& source, const Trial& trial) {
    Json json;
    json.begin_object().field("source", source);
    json.key("streams").begin_array();
    for (const auto& one : trial.streams) print_streams_json(json, one);
    json.end_array().key("limits").begin_object();
    for (const auto& [name, value] : trial.limits) json.field(name, value);
    json.end_object();
    json.field("failures", trial.failures());
    json.field("not_tried", trial.not_tried);
    json.field("malformed_count", static_cast<std::int64_t>(trial.malformed()));
    json.end_object();
    return json.str();
}

}  // namespace nudged::cli
