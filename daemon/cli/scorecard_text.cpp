// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/scorecard_text.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/statistics/rates.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace nudged::cli {
namespace {

using checks::KpiWeek;
using checks::TrendClass;

std::string number(double value) {
    return fmt::format("{:g}", std::round(value * 10) / 10);
}

const char* mark_of(TrendClass kind) {
    switch (kind) {
    case TrendClass::improving: return "↗";
    case TrendClass::declining: return "↘";
    case TrendClass::spike: return "◆";
    case TrendClass::learning: return "…";
    case TrendClass::on_target:
    case TrendClass::low_flat:
    case TrendClass::steady: break;
    }
    return "→";
}

/// A share as a percentage, or as its cases where they are few.
std::string shown(const KpiWeek& week) {
    return week.cases ? checks::value_text(week) : number(*week.value);
}

/// "60", "40*" while it may change, "52+" when it did after its end, "–" when it does not count.
std::string week_cell(const checks::ScorecardKpi& kpi, const KpiWeek& week) {
    if (!week.is_usable() && !week.provisional) return "–";
    if (!week.value) return "?";
    const bool is_edited = std::any_of(kpi.edits.begin(), kpi.edits.end(),
                                       [&](const auto& edit) { return edit.week == week.week; });
    return shown(week) + (week.provisional ? "*" : "") + (is_edited ? "+" : "");
}

/// The last week that counts, against its target: "60/90  67 %".
std::string last_full_week(const checks::ScorecardKpi& kpi) {
    for (auto week = kpi.weeks.rbegin(); week != kpi.weeks.rend(); ++week) {
        if (!week->is_usable() || !week->value) continue;
        if (!week->target || !week->attainment) return shown(*week);
        if (week->cases) return fmt::format("{} of {}", shown(*week), checks::target_text(*week));
        return fmt::format("{}/{}  {:.0f} %", number(*week->value), number(*week->target),
                           *week->attainment * 100);
    }
    return "";
}

std::string coverage_cell(const std::optional<checks::Coverage>& coverage) {
    if (!coverage) return "not proven";
    if (coverage->in_scope == 0) return "none open";
    return fmt::format("{}/{}", coverage->covered, coverage->in_scope);
}

/// The share of deals and accounts that nothing of attention or more is open about: "92".
std::string hygiene_cell(const std::optional<checks::Coverage>& clean) {
    if (!clean || clean->in_scope == 0) return coverage_cell(clean);
    return fmt::format("{:.0f}", 100.0 * static_cast<double>(clean->covered) /
                                     static_cast<double>(clean->in_scope));
}

std::vector<std::string> heading(const checks::Scorecard& card) {
    std::vector<std::string> cells{"rep", "KPI"};
    for (const auto& rep : card.reps)
        for (const auto& kpi : rep.kpis) {
            for (const auto& week : kpi.weeks)
                cells.push_back(fmt::format("W{:02}", week.week.week()));
            cells.insert(cells.end(), {"last full week", "", "trend"});
            return cells;
        }
    return cells;
}

void add_rep(Table& table, const checks::ScorecardRep& rep, std::size_t columns) {
    bool first = true;
    for (const auto& kpi : rep.kpis) {
        std::vector<std::string> cells{first ? for_terminal(rep.name, 22) : "",
                                       for_terminal(kpi.label, 18)};
        first = false;
        const bool known = !rep.no_data && kpi.has_data;
        for (const auto& week : kpi.weeks) cells.push_back(known ? week_cell(kpi, week) : "");
        cells.push_back(known ? last_full_week(kpi) : "no data");
        cells.push_back(known ? mark_of(kpi.trend.kind) : "");
        cells.push_back(known ? std::string{to_string(kpi.trend.kind)} : "");
        cells.resize(columns);
        table.row(std::move(cells));
    }
}

/// Why weeks do not count, each reason once with the reps and weeks it concerns.
std::string reasons(const checks::Scorecard& card) {
    std::set<std::string> lines;
    for (const auto& rep : card.reps)
        for (const auto& kpi : rep.kpis)
            for (const auto& week : kpi.weeks)
                if (!week.is_usable() && !week.provisional && kpi.has_data)
                    lines.insert(fmt::format("– {} {}: {}\n", for_terminal(rep.name, 22),
                                             week.week.str(), week.excluded));
    std::string out;
    for (const auto& line : lines) out += line;
    return out;
}

/// What shares come to over the weeks of the trend, with what they may be.
std::string shares(const checks::Scorecard& card) {
    std::string out;
    for (const auto& rep : card.reps)
        for (const auto& kpi : rep.kpis) {
            if (!kpi.cases || kpi.cases->all == 0) continue;
            const auto interval = checks::wilson(kpi.cases->hits, kpi.cases->all);
            out += fmt::format("{} {}: {} of {} in {} weeks, so {:.0f} to {:.0f} %\n",
                               for_terminal(rep.name, 22), for_terminal(kpi.label, 18),
                               kpi.cases->hits, kpi.cases->all, checks::trend_window,
                               interval.low * 100, interval.high * 100);
        }
    return out;
}

/// Where no target is set, what it might be.
std::string proposals(const checks::Scorecard& card) {
    std::string out;
    for (const auto& rep : card.reps)
        for (const auto& kpi : rep.kpis)
            if (kpi.suggested_target)
                out += fmt::format("{} {}: no target is set; four of five weeks of the others stay "
                                   "below {}\n",
                                   for_terminal(rep.name, 22), for_terminal(kpi.label, 18),
                                   number(*kpi.suggested_target));
    return out;
}

/// What was changed after a week had been complete.
std::string edits(const checks::Scorecard& card) {
    std::string out;
    for (const auto& rep : card.reps)
        for (const auto& kpi : rep.kpis)
            for (const auto& edit : kpi.edits)
                out += fmt::format("+ {} {} {}: {} → {}, found changed {}\n",
                                   for_terminal(rep.name, 22), edit.week.str(),
                                   for_terminal(kpi.label, 18), number(edit.before),
                                   number(edit.after), shown_time(edit.seen_at));
    return out;
}

std::string csv_cell(std::string text) {
    if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos)
        text.insert(0, "'");
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string csv_number(const std::optional<double>& value) {
    return value ? fmt::format("{:g}", std::round(*value * 1e4) / 1e4) : "";
}

void write_week(Json& json, const KpiWeek& week) {
    json.begin_object()
        .field("week", week.week.str())
        .field("value", week.value)
        .field("hits", week.cases ? std::optional{week.cases->hits} : std::nullopt)
        .field("cases", week.cases ? std::optional{week.cases->all} : std::nullopt)
        .field("working_days", week.working_days)
        .field("target", week.target)
        .field("attainment", week.attainment)
        .field("pace", week.pace)
        .field("provisional", week.provisional)
        .field("excluded", week.excluded.empty() ? std::nullopt : std::optional{week.excluded})
        .end_object();
}

void write_coverage(Json& json, const char* name, const std::optional<checks::Coverage>& coverage) {
    json.key(name);
    if (!coverage) {
        json.value(std::optional<int>{});
        return;
    }
    json.begin_object()
        .field("covered", coverage->covered)
        .field("in_scope", coverage->in_scope)
        .end_object();
}

void write_rep(Json& json, const checks::ScorecardRep& rep) {
    json.begin_object()
        .field("name", rep.name)
        .field("email", rep.email)
        .field("team", rep.team)
        .field("state", rep.no_data ? "no_data" : "ok");
    json.key("kpis").begin_array();
    for (const auto& kpi : rep.kpis) {
        json.begin_object()
            .field("name", kpi.name)
            .field("label", kpi.label)
            .field("unit", kpi.unit)
            .field("target", kpi.week_target)
            .field("suggested_target", kpi.suggested_target)
            .field("has_data", kpi.has_data)
            .field("trend", to_string(kpi.trend.kind));
        json.key("weeks").begin_array();
        for (const auto& week : kpi.weeks) write_week(json, week);
        json.end_array().key("edits").begin_array();
        for (const auto& edit : kpi.edits)
            json.begin_object()
                .field("week", edit.week.str())
                .field("before", edit.before)
                .field("after", edit.after)
                .field("seen_at", format_instant(edit.seen_at))
                .end_object();
        json.end_array().end_object();
    }
    json.end_array();
    write_coverage(json, "opportunities_with_next_step", rep.opportunities);
    write_coverage(json, "accounts_with_next_step", rep.accounts);
    write_coverage(json, "without_open_findings", rep.clean);
    json.key("findings")
        .begin_object()
        .field("info", rep.findings.info)
        .field("attention", rep.findings.attention)
        .field("high", rep.findings.high)
        .field("praise", rep.findings.praise)
        .end_object()
        .end_object();
}

void write_team(Json& json, const checks::ScorecardTeam& team) {
    json.begin_object().field("name", team.name).field("minimum", team.minimum);
    json.key("weeks").begin_array();
    for (const auto& week : team.weeks)
        json.begin_object()
            .field("measure", week.measure)
            .field("week", week.week.str())
            .field("value", week.value)
            .field("people", week.people)
            .end_object();
    json.end_array().end_object();
}

}  // namespace

std::string amounts_text(const checks::Scorecard& card) {
    return card.has_amounts ? "amounts: in full, for the owner of the deal; none is split\n" : "";
}

std::string next_steps_text(const checks::Scorecard& card) {
    using Align = Table::Align;
    Table table(
        {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
    table.row({"rep", "deals with a next step", "accounts with one", "hygiene", "findings",
               "of them high"});
    for (const auto& rep : card.reps)
        table.row(
            {for_terminal(rep.name, 22), coverage_cell(rep.opportunities),
             coverage_cell(rep.accounts), hygiene_cell(rep.clean),
             fmt::format("{}", rep.findings.info + rep.findings.attention + rep.findings.high),
             fmt::format("{}", rep.findings.high)});
    return table.str();
}

std::string team_sums_text(const checks::Scorecard& card) {
    std::string out;
    for (const auto& team : card.teams) {
        out += fmt::format("{}: sums alone, of {} members or more ([team.privacy])\n",
                           for_terminal(team.name, 40), team.minimum);
        std::string measure;
        for (const auto& week : team.weeks) {
            if (measure != week.measure) {
                if (!measure.empty()) out += '\n';
                measure = week.measure;
                out += fmt::format("  {}:", for_terminal(measure, 40));
            }
            out +=
                fmt::format(" W{:02} {} ({})", week.week.week(), number(week.value), week.people);
        }
        out += team.weeks.empty() ? "  no complete week has been noted yet\n\n" : "\n\n";
    }
    return out;
}

std::string scorecard_text(const checks::Scorecard& card) {
    const auto head = heading(card);
    std::vector<Table::Align> aligns(head.size(), Table::Align::right);
    aligns[0] = aligns[1] = Table::Align::left;
    if (aligns.size() > 3) aligns[aligns.size() - 1] = Table::Align::left;
    Table table(aligns);
    table.row(head);
    for (const auto& rep : card.reps) add_rep(table, rep, head.size());
    auto out = fmt::format("As of {}\n\n", shown_time(card.as_of));
    out += team_sums_text(card);
    if (!card.teams.empty() && card.reps.empty()) return out;
    out += table.str() + '\n';
    out += reasons(card);
    out += shares(card);
    out += proposals(card);
    out += edits(card) + amounts_text(card);
    out += "* not over, or not settled yet: shown, never judged; ? not known yet; "
           "+ changed after the week's end\n\n";
    out += next_steps_text(card);
    std::set<std::string> held;
    for (const auto& one : card.held) held.insert(one.reason);
    for (const auto& reason : held) out += fmt::format("held back: {}\n", reason);
    return out;
}

std::string scorecard_csv(const checks::Scorecard& card) {
    std::string out =
        "rep,email,team,kpi,week,value,working_days,target,attainment,provisional,excluded\n";
    for (const auto& rep : card.reps)
        for (const auto& kpi : rep.kpis)
            for (const auto& week : kpi.weeks)
                out += fmt::format("{},{},{},{},{},{},{:g},{},{},{},{}\n", csv_cell(rep.name),
                                   csv_cell(rep.email), csv_cell(rep.team), csv_cell(kpi.name),
                                   week.week.str(), csv_number(week.value), week.working_days,
                                   csv_number(week.target), csv_number(week.attainment),
                                   week.provisional, csv_cell(week.excluded));
    return out;
}

std::string scorecard_json(const checks::Scorecard& card) {
    Json json;
    json.begin_object().field("as_of", format_instant(card.as_of));
    json.key("reps").begin_array();
    for (const auto& rep : card.reps) write_rep(json, rep);
    json.end_array();
    json.key("teams").begin_array();
    for (const auto& team : card.teams) write_team(json, team);
    json.end_array();
    json.key("held").begin_array();
    for (const auto& held : card.held)
        json.begin_object()
            .field("check", held.check)
            .field("source", held.source)
            .field("reason", held.reason)
            .end_object();
    json.end_array().end_object();
    return json.str();
}

}  // namespace nudged::cli
