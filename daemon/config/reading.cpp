// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/reading.hpp"

#include "connectors/base/text.hpp"
#include "daemon/config/migrate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nudged::config {
namespace {

std::string joined(std::string_view table, std::string_view key) {
    if (table.empty()) return std::string{key};
    return key.empty() ? std::string{table} : fmt::format("{}.{}", table, key);
}

Place place_in(const toml::source_region& source, const std::string& file) {
    if (source.path && *source.path == override_file) return {std::string{override_file}};
    return {file, static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time of day";
    case toml::node_type::date_time: return "a date with a time";
    default: return "nothing";
    }
}

/// What may stand directly under `prefix`: the next part of each dotted key.
std::vector<std::string> next_parts(std::span<const std::string> known, std::string_view prefix) {
    std::vector<std::string> parts;
    for (const auto& key : known) {
        if (!key.starts_with(prefix)) continue;
        std::string part{split(std::string_view{key}.substr(prefix.size()), '.').front()};
        if (std::find(parts.begin(), parts.end(), part) == parts.end())
            parts.push_back(std::move(part));
    }
    return parts;
}

/// What an unknown key is to be instead.
std::string remedy_for(const Spot& spot, const std::string& full, const std::string& name,
                       const std::vector<std::string>& parts) {
    const auto dotted = joined(joined(spot.table, spot.key), full);
    if (const auto now = renamed_to(spot.reading.file, dotted); !now.empty())
        return fmt::format("it is \"{}\" now: run `nudged config migrate`", now);
    return suggest(name, parts);
}

void report_under(const toml::table& table, const Spot& spot, std::span<const std::string> known,
                  const std::string& prefix) {
    const auto parts = next_parts(known, prefix);
    for (const auto& [key, node] : table) {
        const std::string name{key.str()};
        const std::string full = prefix + name;
        if (std::find(parts.begin(), parts.end(), name) == parts.end()) {
            const auto where = joined(joined(spot.table, spot.key), prefix);
            spot.reading.problems.error(
                place_in(key.source(), spot.reading.file),
                where.empty()
                    ? fmt::format("unknown key \"{}\"", name)
                    : fmt::format("unknown key \"{}\" in [{}]", name,
                                  where.ends_with('.') ? where.substr(0, where.size() - 1) : where),
                remedy_for(spot, full, name, parts));
        } else if (std::find(known.begin(), known.end(), full) == known.end()) {
            if (const auto* inner = node.as_table())
                report_under(*inner, spot, known, full + ".");
            else
                spot.at(full).wrong_type(node, "a table");
        }
    }
}

}  // namespace

Spot Spot::inside(std::string_view inner_key) const {
    return {reading, joined(table, key), std::string{inner_key}};
}

Spot Spot::at(std::string_view dotted) const {
    const auto dot = dotted.rfind('.');
    if (dot == dotted.npos) return inside(dotted);
    return inside(dotted.substr(0, dot)).inside(dotted.substr(dot + 1));
}

Place Spot::place(const toml::node& node) const {
    return place_in(node.source(), reading.file);
}

void Spot::error(const toml::node& node, std::string what, std::string remedy) const {
    reading.problems.error(place(node), std::move(what), std::move(remedy));
}

void Spot::wrong_type(const toml::node& node, std::string_view wanted, std::string remedy) const {
    error(node, fmt::format("\"{}\" must be {}, not {}", key, wanted, type_name(node)),
          std::move(remedy));
}

const toml::node* find_dotted(const toml::table& table, std::string_view dotted) {
    const toml::table* inner = &table;
    const auto parts = split(dotted, '.');
    for (const auto& part : parts) {
        const toml::node* node = inner->get(part);
        if (!node || &part == &parts.back()) return node;
        inner = node->as_table();
        if (!inner) return nullptr;  // reported with the unknown keys
    }
    return nullptr;
}

void report_unknown_keys(const toml::table& table, const Spot& spot,
                         std::span<const std::string> known) {
    report_under(table, spot, known, "");
}

std::string suggest(std::string_view word, std::span<const std::string> candidates) {
    if (const auto near = nearest(word, candidates); !near.empty())
        return fmt::format("did you mean \"{}\"?", near);
    if (candidates.empty() || candidates.size() > 12) return {};
    return fmt::format("known here: {}", fmt::join(candidates, ", "));
}

}  // namespace nudged::config
