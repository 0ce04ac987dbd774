// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/marked_text.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/coaching/convention.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::runtime {
namespace {

constexpr std::string_view example = "kpi: dials, from: 40, to: 50, week: 2026-W48, a line each";

SheetRow row_of(const MarkedText& text, const checks::ConventionRecord& record) {
    SheetRow row{{"crm", text.of},
                 {"rep", text.rep},
                 {"kpi", record.kpi},
                 {"to", checks::number_text(*record.to)},
                 {"week", record.week->str()},
                 {"agreed_at", text.created},
                 {"worked", record.worked},
                 {"hard", record.hard},
                 {"note", record.text}};
    if (record.from) row["from"] = checks::number_text(*record.from);
    std::erase_if(row, [](const auto& cell) { return cell.second.empty(); });
    return row;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> entities{
    {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"#39", "'"}, {"nbsp", " "}}};
constexpr std::array<std::string_view, 8> line_ends{"br",  "/p",  "/div", "/li",
                                                    "/tr", "/h1", "/h2",  "/h3"};

/// What a tag stands for: the end of a line, or nothing.
std::string_view text_of_tag(std::string_view tag) {
    const auto name = to_lower_ascii(tag.substr(0, tag.find_first_of(" \t\n/", 1)));
    return std::ranges::count(line_ends, name) > 0 ? "\n" : "";
}

/// Adds what begins at `at`, and says how long it is. No tag ends behind `last_end`.
std::size_t take_piece(std::string_view text, std::size_t at, std::size_t last_end,
                       std::string& plain) {
    const auto rest = text.substr(at);
    if (rest[0] == '<' && at < last_end) {
        const auto end = rest.find('>');
        plain += text_of_tag(rest.substr(1, end - 1));
        return end + 1;
    }
    if (rest[0] == '&')
        for (const auto& [name, value] : entities)
            if (rest.substr(1).starts_with(name) && rest.substr(1 + name.size()).starts_with(';')) {
                plain += value;
                return name.size() + 2;
            }
    plain += rest[0];
    return 1;
}

}  // namespace

void add_commitment(const MarkedText& text, SheetRows& rows) {
    const auto record = checks::parse_convention(text.subject, plain_lines(text.body));
    if (!record || record->kind != checks::RecordKind::commitment) return;
    const auto refuse = [&](const std::string& why) {
        rows.problems.push_back(
            fmt::format("{}{}: {}", text.of, text.rep.empty() ? "" : ", rep " + text.rep, why));
    };
    if (!record->bad_lines.empty()) {
        const auto& bad = record->bad_lines.front();
        return refuse(fmt::format("line {} {}; a commitment has lines such as {}", bad.line,
                                  bad.why, example));
    }
    if (const auto missing = record->missing(); !missing.empty())
        return refuse(fmt::format("a commitment says how much of what in which week; missing: {}; "
                                  "write lines such as {}",
                                  fmt::join(missing, ", "), example));
    if (text.rep.empty()) return refuse("it belongs to nobody whom nudged knows; give it an owner");
    rows.rows.push_back(row_of(text, *record));
}

std::string plain_lines(std::string_view text) {
    const bool is_html = text.find("</") != text.npos || text.find("<br") != text.npos;
    if (!is_html) return std::string{text};
    const auto last = text.rfind('>');
    const auto last_end = last == text.npos ? 0 : last;
    std::string plain;
    for (std::size_t at = 0; at < text.size();) at += take_piece(text, at, last_end, plain);
    return plain;
}

}  // namespace nudged::runtime
