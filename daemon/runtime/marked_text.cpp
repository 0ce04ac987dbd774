// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/marked_text.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/notes.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace nudged::runtime {
namespace {

using checks::ConventionRecord;
using checks::RecordKind;

/// What people read of a kind that cannot be taken.
struct Form {
    RecordKind kind;
    std::string_view name;     // "a commitment"
    std::string_view demand;   // what it says
    std::string_view example;  // of its lines
    bool needs_owner = true;   // else the rep may stand behind the mark
};
constexpr std::string_view talk_lines =
    "worked: the new list, hard: the mornings, next: 50 dials in 2026-W48, a line each";
constexpr std::array<Form, 6> forms{{
    {RecordKind::one_to_one, "a 1:1", "a 1:1 says what was talked about", talk_lines, false},
    {RecordKind::commitment, "a commitment", "a commitment says how much of what in which week",
     "kpi: dials, from: 40, to: 50, week: 2026-W48, a line each"},
    {RecordKind::plan, "a plan", "a plan says from where to where in which KPI",
     "kpi: dials, from: 40, to: 60, a line each"},
    {RecordKind::best_practice, "a best practice", "a best practice says what works",
     "kpi: dials, and what works below it", false},
    {RecordKind::escalation, "an escalation", "an escalation names its customer behind the mark",
     "next: a date by Thursday, below [esc] Baltic Clinics"},
    {RecordKind::praise, "praise", "praise says for what", "52 dials, and each prepared", false},
}};

const Form& form_of(RecordKind kind) {
    return *std::ranges::find(forms, kind, &Form::kind);
}

std::vector<std::string> missing_of(const ConventionRecord& record) {
    std::vector<std::string> missing;
    switch (record.kind) {
    case RecordKind::commitment: return record.missing();
    case RecordKind::plan:
        if (record.kpi.empty()) missing.emplace_back("kpi");
        if (!record.from) missing.emplace_back("from");
        if (!record.to) missing.emplace_back("to");
        return missing;
    case RecordKind::escalation:
        if (record.title.empty()) missing.emplace_back("the customer");
        return missing;
    default: break;
    }
    const bool says_something = !record.title.empty() || !record.text.empty() ||
                                !record.worked.empty() || !record.hard.empty();
    if (!says_something) missing.emplace_back("a text");
    return missing;
}

/// What was agreed next: "50 dials in 2026-W48", and what stands behind `next`.
std::string agreed_of(const ConventionRecord& record) {
    std::string agreed = record.next;
    if (record.kpi.empty() || !record.to || !record.week) return agreed;
    const auto promise =
        fmt::format("{} {} in {}", checks::number_text(*record.to), record.kpi, record.week->str());
    return agreed.empty() ? promise : promise + "\n" + agreed;
}

/// All that it says, in the order of the mark's lines.
std::string words_of(const ConventionRecord& record) {
    std::string words = record.text;
    const auto add = [&](std::string_view key, const std::string& value) {
        if (value.empty()) return;
        words += fmt::format("{}{}: {}", words.empty() ? "" : "\n", key, value);
    };
    add("worked", record.worked);
    add("hard", record.hard);
    return words;
}

SheetRow record_of(const MarkedText& text, const ConventionRecord& record) {
    SheetRow row{{"crm", text.of},
                 {"mark", std::string{to_string(record.kind)}},
                 {"rep", text.rep},
                 {"title", record.title},
                 {"held", text.created},
                 {"text", words_of(record)},
                 {"agreed", agreed_of(record)},
                 {"next", record.next},
                 {"kpi", record.kpi}};
    if (record.from) row["from"] = checks::number_text(*record.from);
    if (record.to) row["to"] = checks::number_text(*record.to);
    if (record.week) row["week"] = record.week->str();
    std::erase_if(row, [](const auto& cell) { return cell.second.empty(); });
    return row;
}

SheetRow row_of(const MarkedText& text, const ConventionRecord& record) {
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

void add_marked(const MarkedText& text, SheetRows& rows) {
    const auto record = checks::parse_convention(text.subject, plain_lines(text.body));
    if (!record) return;
    const auto refuse = [&](const std::string& why) {
        rows.problems.push_back(
            fmt::format("{}{}: {}", text.of, text.rep.empty() ? "" : ", rep " + text.rep, why));
    };
    const auto& form = form_of(record->kind);
    if (!record->bad_lines.empty()) {
        const auto& bad = record->bad_lines.front();
        return refuse(fmt::format("line {} {}; {} has lines such as {}", bad.line, bad.why,
                                  form.name, form.example));
    }
    if (const auto missing = missing_of(*record); !missing.empty())
        return refuse(fmt::format("{}; missing: {}; write lines such as {}", form.demand,
                                  fmt::join(missing, ", "), form.example));
    if (text.rep.empty() && form.needs_owner)
        return refuse("it belongs to nobody whom nudged knows; give it an owner");
    const bool is_agreed = record->kind == RecordKind::commitment;
    rows.rows.push_back(is_agreed ? row_of(text, *record) : record_of(text, *record));
}

std::string_view field_of(RecordKind kind) {
    if (kind == RecordKind::commitment) return sources::agreed_text;
    return kind == RecordKind::one_to_one ? sources::talk_text : sources::coaching_text;
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
