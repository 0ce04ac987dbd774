// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/commitment_entry.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/sources/csv/parser.hpp"
#include "daemon/checks/coaching/judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace nudged::runtime {
namespace {

using checks::Scene;
using warehouse::Rep;

constexpr std::string_view example =
    "nudged commit add --rep ana --kpi dials --from 40 --to 50 --week 2026-W48";
constexpr std::array<std::string_view, 4> needed_columns{"rep", "kpi", "to", "week"};
constexpr std::array<std::string_view, 5> other_columns{"from", "by", "note", "acknowledged",
                                                        "agreed_at"};
constexpr std::size_t longest_text = 2000;
/// Weeks whose median is the baseline: as many as a trend looks at, and as many again for leave.
constexpr int weeks_read = 2 * checks::trend_window;

[[noreturn]] void refuse(const std::string& why) {
    throw Failure(FailureKind::refused, why);
}

std::string word(const CommitmentWords& words, const std::string& name) {
    const auto found = words.find(name);
    return found == words.end() ? std::string{} : std::string{trim(found->second)};
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
    const auto near = nearest(to_lower_ascii(name), known);
    if (!near.empty()) return fmt::format("; did you mean \"{}\"?", near);
    if (known.empty()) return "";
    return fmt::format("; there are: {}", fmt::join(known, ", "));
}

/// The part before the @, or the first word of a name.
std::string_view first_part(std::string_view text, char end) {
    return text.substr(0, text.find(end));
}

std::string text_of(const CommitmentWords& words, const std::string& name) {
    auto text = word(words, name);
    if (text.size() > longest_text)
        refuse(fmt::format("--{} is longer than {} bytes; shorten it", name, longest_text));
    return text;
}

bool is_yes(const CommitmentWords& words, const std::string& name) {
    const auto text = to_lower_ascii(word(words, name));
    if (text.empty() || text == "no" || text == "false" || text == "0") return false;
    if (text == "yes" || text == "true" || text == "1") return true;
    refuse(fmt::format("{} is yes or no, not \"{}\"", name, text));
}

void require_specific(const CommitmentWords& words) {
    const auto text = word(words, "text");
    if (!text.empty())
        refuse(fmt::format("\"{}\" is not specific enough to be kept: it needs a KPI, a number and "
                           "a week, such as: {}",
                           text, example));
    for (const auto* name : {"rep", "kpi", "to", "week"})
        if (word(words, name).empty())
            refuse(fmt::format("a commitment says who reaches how much of what in which week, and "
                               "\"{}\" is missing, such as: {}",
                               name, example));
}

double baseline_of(const Scene& scene, const Rep& rep, const checks::Kpi& kpi) {
    const auto all =
        checks::read_kpi_series(scene, weeks_read, [&](const Rep& one) { return &one == &rep; });
    for (const auto& series : all)
        if (series.kpi == &kpi)
            if (const auto usual = checks::usual_of(series)) return *usual;
    refuse(fmt::format("no complete week of {} is known of {}: say where they start with --from",
                       kpi.name, rep.name));
}

/// When it was agreed: a day where the rep lives, or now.
Instant agreed_at(const Scene& scene, const Rep& rep, const CommitmentWords& words) {
    const auto text = word(words, "agreed_at");
    if (text.empty()) return scene.as_of;
    if (const auto day = parse_date(text)) return rep.zone.instant(LocalTime{*day});
    refuse(fmt::format("agreed_at is a day such as 2026-11-20, not \"{}\"", text));
}

/// Names and values of one row; a row with too many cells is refused.
CommitmentWords words_of(const std::vector<std::string>& columns, const sources::csv::Row& row) {
    if (row.cells.size() > columns.size())
        refuse(fmt::format("{} cells where the header has {}; put quotes around a text that "
                           "holds the separator",
                           row.cells.size(), columns.size()));
    CommitmentWords words;
    for (std::size_t i = 0; i < row.cells.size(); ++i)
        if (!trim(row.cells[i]).empty()) words[columns[i]] = std::string{trim(row.cells[i])};
    return words;
}

/// Calls `take` with every row.
template <typename Take>
void each_row(std::string_view text, char delimiter, std::uint64_t first_line, Take take) {
    sources::csv::RowParser parser(delimiter, first_line);
    std::size_t begin = 0;
    std::size_t at = 0;
    const auto taken = [&] {
        take(parser.row());
        begin += parser.row().bytes;
        at = begin;
    };
    while (at < text.size()) {
        at += parser.feed(text.substr(at));
        if (parser.has_row()) taken();
        if (at >= text.size() && begin < text.size()) {
            parser.finish();
            if (!parser.has_row()) break;
            taken();
        }
    }
}

std::vector<std::string> read_header(std::string_view header, char delimiter) {
    std::vector<std::string> columns;
    each_row(header, delimiter, 1, [&](const sources::csv::Row& row) {
        for (auto cell : row.cells) {
            if (columns.empty() && cell.starts_with("\xEF\xBB\xBF")) cell.remove_prefix(3);
            columns.push_back(to_lower_ascii(trim(cell)));
        }
    });
    std::vector<std::string> known(needed_columns.begin(), needed_columns.end());
    known.insert(known.end(), other_columns.begin(), other_columns.end());
    for (const auto& column : columns)
        if (std::find(known.begin(), known.end(), column) == known.end())
            refuse(fmt::format("line 1: there is no column \"{}\"{}", column,
                               did_you_mean(column, known)));
    for (const auto column : needed_columns)
        if (std::find(columns.begin(), columns.end(), column) == columns.end())
            refuse(fmt::format("line 1: the column \"{}\" is missing; a file begins with: "
                               "rep,kpi,from,to,week,by,note",
                               column));
    return columns;
}

}  // namespace

const Rep& find_rep(const Scene& scene, std::string_view name) {
    const auto wanted = to_lower_ascii(trim(name));
    std::vector<std::string> known;
    std::set<warehouse::PersonId> exact, near;
    for (const auto& rep : scene.people.reps) {
        if (rep.id == warehouse::PersonId::nobody) continue;  // not taken into the warehouse yet
        const auto email = to_lower_ascii(rep.email), own = to_lower_ascii(rep.name);
        known.push_back(email.empty() ? own : email);
        known.push_back(own);
        known.emplace_back(first_part(own, ' '));
        if (wanted == email || wanted == own) exact.insert(rep.id);
        if (wanted == first_part(email, '@') || wanted == first_part(own, ' ')) near.insert(rep.id);
    }
    const auto& found = exact.empty() ? near : exact;
    if (found.size() == 1) return *scene.people.rep(*found.begin());
    if (found.empty()) {
        for (const auto& rep : scene.people.shielded)
            if (wanted == to_lower_ascii(rep.email) || wanted == to_lower_ascii(rep.name))
                refuse(fmt::format(
                    "{} shows no figures of its members ([team.privacy] in teams.toml), "
                    "so that nothing about them is agreed here",
                    scene.people.team_of(rep).name));
        if (scene.people.reps.empty()) refuse("teams.toml names no rep; put them there first");
        const auto meant = nearest(wanted, known);
        refuse(fmt::format("no rep of teams.toml is called \"{}\"{}", name,
                           meant.empty() ? "; say their name or e-mail address as it is there"
                                         : fmt::format("; did you mean \"{}\"?", meant)));
    }
    std::vector<std::string> who;
    for (const auto id : found) who.push_back(scene.people.rep(id)->email);
    refuse(
        fmt::format("several reps are called \"{}\"; say which: {}", name, fmt::join(who, ", ")));
}

const checks::Kpi& find_kpi(const Scene& scene, std::string_view name) {
    const auto wanted = to_lower_ascii(trim(name));
    std::vector<std::string> known;
    for (const auto& kpi : scene.options.kpis) {
        if (wanted == to_lower_ascii(kpi.name) || wanted == to_lower_ascii(kpi.label)) return kpi;
        known.push_back(kpi.name);
    }
    if (known.empty()) refuse("kpis.toml names no KPI; put one there first");
    refuse(fmt::format("kpis.toml has no KPI \"{}\"{}", name, did_you_mean(name, known)));
}

IsoWeek read_week(std::string_view text) {
    if (const auto week = IsoWeek::parse(trim(text))) return *week;
    refuse(fmt::format("\"{}\" is no week; a week is written like 2026-W48", text));
}

double read_value(std::string_view option, std::string_view text) {
    const auto digits = trim(text);
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
        refuse(fmt::format("\"{}\" is no number: a commitment needs one, such as --{} 50", text,
                           option));
    if (value < 0 || value > 1e12)
        refuse(fmt::format("--{} is {}; it must be from 0 to 1e12", option, text));
    return value;
}

CommitmentEntry read_entry(const Scene& scene, const CommitmentWords& words,
                           std::string_view source) {
    require_specific(words);
    const auto& rep = find_rep(scene, word(words, "rep"));
    const auto& kpi = find_kpi(scene, word(words, "kpi"));
    CommitmentEntry entry;
    entry.rep = rep.name;
    auto& commitment = entry.commitment;
    commitment.person = rep.id;
    commitment.kpi = kpi.name;
    commitment.week = read_week(word(words, "week"));
    if (rep.until && *rep.until <= commitment.week.monday())
        refuse(fmt::format("{} left the team on {}", rep.name, format_date(*rep.until)));
    commitment.promised = read_value("to", word(words, "to"));
    if (commitment.promised == 0) refuse("--to is 0; say what is to be reached");
    entry.is_baseline_worked_out = word(words, "from").empty();
    commitment.baseline = entry.is_baseline_worked_out ? baseline_of(scene, rep, kpi)
                                                       : read_value("from", word(words, "from"));
    commitment.agreed_by = text_of(words, "by");
    if (commitment.agreed_by.empty()) commitment.agreed_by = scene.people.team_of(rep).manager_name;
    commitment.agreed_at = agreed_at(scene, rep, words);
    commitment.acknowledged = is_yes(words, "acknowledged");
    commitment.source = source;
    commitment.note = text_of(words, "note");
    commitment.made_at = scene.as_of;
    return entry;
}

char delimiter_of(std::string_view header) {
    for (const char candidate : {';', '\t'})
        if (header.find(candidate) != header.npos && header.find(',') == header.npos)
            return candidate;
    return ',';
}

CommitmentLines read_lines(const Scene& scene, std::string_view header, std::string_view text,
                           std::uint64_t first_line) {
    const char delimiter = delimiter_of(header);
    const auto columns = read_header(header, delimiter);
    CommitmentLines lines;
    each_row(text, delimiter, first_line, [&](const sources::csv::Row& row) {
        if (row.is_blank()) return;
        try {
            if (row.problem != sources::csv::RowProblem::none)
                refuse(fmt::format("{}; put quotes around the cell and double those in it",
                                   to_string(row.problem)));
            auto entry = read_entry(scene, words_of(columns, row), "csv");
            entry.line = row.line;
            lines.entries.push_back(std::move(entry));
        } catch (const Failure& failure) {
            lines.problems.push_back(fmt::format("line {}: {}", row.line, failure.what()));
        }
    });
    return lines;
}

}  // namespace nudged::runtime
