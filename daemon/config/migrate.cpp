// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/migrate.hpp"

#include "connectors/base/text.hpp"
#include "connectors/base/toml.hpp"
#include "daemon/config/reading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace nudged::config {
namespace {

using Lines = std::vector<std::string>;

constexpr std::array table_of_renamed{
    RenamedKey{"nudged.toml", "log_level", "log.level"},
    RenamedKey{"nudged.toml", "log_format", "log.format"},
};

/// "log" of "log.level"; "" at the top.
std::string_view table_of(std::string_view dotted) {
    const auto dot = dotted.rfind('.');
    return dot == dotted.npos ? std::string_view{} : dotted.substr(0, dot);
}

std::string_view leaf_of(std::string_view dotted) {
    return dotted.substr(dotted.rfind('.') + 1);
}

/// Lines [first, last) that hold a key with its value.
struct Extent {
    std::size_t first = 0, last = 0;
};

/// nullopt where the key does not begin a line of its own.
std::optional<Extent> extent_of(const Lines& lines, const toml::node& value, std::string_view key) {
    const auto begin = static_cast<std::size_t>(value.source().begin.line);
    const auto end = static_cast<std::size_t>(value.source().end.line);
    if (begin == 0 || end > lines.size()) return std::nullopt;
    const std::string_view line = trim(lines[begin - 1]);
    if (!line.starts_with(key) || !trim(line.substr(key.size())).starts_with('='))
        return std::nullopt;
    return Extent{begin - 1, end};
}

void rename_in(std::string& line, std::string_view before, std::string_view now) {
    line.replace(line.find(before), before.size(), now);
}

/// The comment right above belongs to what it stands above.
std::size_t with_comment(const Lines& lines, std::size_t first) {
    while (first > 0 && lines[first - 1].starts_with('#') && !lines[first - 1].starts_with("#:"))
        --first;
    return first;
}

/// Behind the header of a table; at the end, with a header, where there is none.
void insert_into(Lines& lines, std::string_view table, Lines block) {
    const auto header = fmt::format("[{}]", table);
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const std::string& line) {
        return trim(std::string_view{line}.substr(0, line.find('#'))) == header;
    });
    if (found != lines.end()) {
        lines.insert(found + 1, block.begin(), block.end());
        return;
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    lines.insert(lines.end(), {"", header});
    lines.insert(lines.end(), block.begin(), block.end());
    lines.emplace_back();
}

/// One key. The text is parsed anew for each, since lines move.
void rename_one(const RenamedKey& one, Lines& lines, Migrated& out) {
    Diagnostics ignored;
    const auto table = parse_toml(fmt::format("{}", fmt::join(lines, "\n")), "", ignored);
    const auto* value = table ? find_dotted(*table, one.before) : nullptr;
    if (!value) return;
    const auto extent = extent_of(lines, *value, leaf_of(one.before));
    if (!extent || find_dotted(*table, one.now)) {
        out.by_hand.push_back(fmt::format("{} is {} now{}", one.before, one.now,
                                          extent ? ", which is set as well: remove one" : ""));
        return;
    }
    rename_in(lines[extent->first], leaf_of(one.before), leaf_of(one.now));
    if (table_of(one.before) != table_of(one.now)) {
        const auto first =
            lines.begin() + static_cast<std::ptrdiff_t>(with_comment(lines, extent->first));
        const auto last = lines.begin() + static_cast<std::ptrdiff_t>(extent->last);
        Lines block(first, last);
        lines.erase(first, last);
        insert_into(lines, table_of(one.now), std::move(block));
    }
    out.changes.push_back(fmt::format("{} is {} now", one.before, one.now));
}

}  // namespace

std::span<const RenamedKey> renamed_keys() {
    return table_of_renamed;
}

std::string_view renamed_to(std::string_view file, std::string_view before,
                            std::span<const RenamedKey> renamed) {
    for (const auto& one : renamed)
        if (one.before == before && file.starts_with(one.file)) return one.now;
    return {};
}

std::optional<Migrated> migrate(std::string_view file, std::string text,
                                std::span<const RenamedKey> renamed) {
    Diagnostics problems;
    if (!parse_toml(text, std::string{file}, problems)) return std::nullopt;
    Lines lines;
    for (const auto line : split(text, '\n')) lines.emplace_back(line);
    Migrated out;
    for (const auto& one : renamed)
        if (file.starts_with(one.file)) rename_one(one, lines, out);
    out.text = fmt::format("{}", fmt::join(lines, "\n"));
    return out;
}

}  // namespace nudged::config
