// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/source_trial.hpp"

#include "connectors/base/text.hpp"
#include "daemon/cli/source_command.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace nudged::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Windows of a first load may hold nothing for a while.
constexpr int most_empty_pages = 20;

boost::asio::awaitable<void> fetch_pages(sources::Source& source, int wanted, StreamTrial& trial) {
    model::Cursor from;
    int told = 0;
    for (int asked = 0; told < wanted && asked < wanted + most_empty_pages; ++asked) {
        auto page = co_await source.fetch_page(trial.stream, std::move(from));
        from = page.cursor;
        if (!page.records.empty()) ++told;
        const bool more = page.more;
        trial.pages.push_back(std::move(page));
        if (!more) co_return;
    }
}

boost::asio::awaitable<void> try_stream(sources::Source& source, int pages, StreamTrial& trial) {
    const auto began = steady_clock::now();
    try {
        co_await fetch_pages(source, pages, trial);
    } catch (const sources::DeadCredential& failure) {
        trial.failure.emplace(failure);
        trial.is_dead_credential = true;
    } catch (const Failure& failure) {
        trial.failure.emplace(failure);
    }
    trial.took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
}

/// The last that each header of this kind said.
net::Headers limits_in(const std::vector<net::Exchanged>& exchanged) {
    net::Headers limits;
    for (const auto& one : exchanged)
        for (const auto& [name, value] : one.response.headers) {
            const bool tells = name.find("limit") != name.npos || name.find("quota") != name.npos;
            if (!tells) continue;
            const auto known = std::ranges::find_if(
                limits, [&](const auto& other) { return other.first == name; });
            if (known == limits.end())
                limits.emplace_back(name, value);
            else
                known->second = value;
        }
    return limits;
}

bool is_wanted(const sources::Source& source, const TrialPlan& plan, model::Stream stream) {
    if (stream.lane == model::Lane::relink) return false;  // what the others have told
    if (!plan.deletions && !model::tells_records(stream.lane)) return false;
    if (plan.only.empty() || std::ranges::count(plan.only, stream.entity) > 0) return true;
    // A stream that comes with another has no turn of its own.
    const auto has_turn = [&](model::Entity entity) {
        return std::ranges::any_of(source.streams(),
                                   [&](const auto& one) { return one.entity == entity; });
    };
    return model::tells_records(stream.lane) && !std::ranges::all_of(plan.only, has_turn);
}

}  // namespace

std::size_t StreamTrial::records() const {
    std::size_t count = 0;
    for (const auto& page : pages) count += page.records.size();
    return count;
}

std::size_t StreamTrial::ids() const {
    std::size_t count = 0;
    for (const auto& page : pages)
        if (page.snapshot) count += page.snapshot->present.size();
    return count;
}

std::uint64_t StreamTrial::malformed() const {
    std::uint64_t count = 0;
    for (const auto& page : pages) count += page.malformed_count;
    return count;
}

std::size_t Trial::failures() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(streams, [](const auto& one) { return one.failure.has_value(); }));
}

std::uint64_t Trial::malformed() const {
    std::uint64_t count = 0;
    for (const auto& one : streams) count += one.malformed();
    return count;
}

boost::asio::awaitable<void> try_source(sources::Source& source, const TrialPlan& plan,
                                        const net::Capture& capture, Trial& trial) {
    bool is_over = false;
    for (const auto& stream : source.streams()) {
        if (!is_wanted(source, plan, stream)) continue;
        if (is_over) {
            ++trial.not_tried;
            continue;
        }
        auto& one = trial.streams.emplace_back();
        one.stream = stream;
        one.first_exchange = capture.exchanged().size();
        co_await try_stream(source, plan.pages, one);
        one.requests = capture.exchanged().size() - one.first_exchange;
        if (one.failure && one.requests > 0 && capture.is_answered())
            one.failed_by = capture.exchanged().size() - 1;
        is_over = one.is_dead_credential || (one.failure && capture.exchanged().empty());
    }
    trial.limits = limits_in(capture.exchanged());
}

std::vector<model::Entity> entities_named(const std::vector<std::string>& names,
                                          const std::vector<model::Entity>& known) {
    std::vector<std::string> known_names;
    for (const auto entity : known) known_names.emplace_back(to_string(entity));
    std::vector<model::Entity> entities;
    for (const auto& name : names) {
        const auto entity = model::entity_of(name);
        if (entity && std::ranges::count(known, *entity) > 0) {
            entities.push_back(*entity);
            continue;
        }
        const auto near = nearest(name, known_names);
        give_up(exit_usage,
                fmt::format("the source has no stream \"{}\"; {}", name,
                            near.empty() ? fmt::format("it has {}", fmt::join(known_names, ", "))
                                         : fmt::format("did you mean \"{}\"?", near)));
    }
    return entities;
}

}  // namespace nudged::cli
