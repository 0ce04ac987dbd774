// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/scorecard_screen.hpp"

#include "daemon/alerts/spark.hpp"
#include "daemon/alerts/team_table.hpp"
#include "daemon/cli/columns.hpp"
#include "daemon/cli/scorecard_text.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace nudged::cli {
namespace {

using checks::KpiWeek;
using checks::ScorecardKpi;
using checks::ScorecardRep;

constexpr std::size_t kpis_a_table = 5;
constexpr std::size_t weeks_of_spark = 6;
constexpr std::size_t widest_name = 15;
constexpr std::size_t widest_label = 18;
constexpr std::size_t most_lines = 3;  // of what is behind or held

/// At most five columns: "96.5", "1250", "48k", "1.2M".
std::string short_number(double value) {
    const double size = std::abs(value);
    if (size >= 999'500) return fmt::format("{:.1f}M", value / 1e6);
    if (size >= 9'999.5) return fmt::format("{:.0f}k", value / 1e3);
    return size >= 100 ? fmt::format("{:.0f}", value)
                       : fmt::format("{:g}", std::round(value * 10) / 10);
}

std::string percent(double share) {
    return fmt::format("{:.0f}%", share * 100);
}

/// "60/90", "35%/40%", "3 of 10" where the cases are few, "–" where the week does not count.
std::string figure(const ScorecardKpi& kpi, const KpiWeek* week) {
    if (!kpi.has_data || week == nullptr) return "no data";
    if (!week->is_usable()) return "–";
    if (!week->value) return "?";
    if (week->cases && week->cases->all < checks::cases_for_percentage)
        return fmt::format("{} of {}", week->cases->hits, week->cases->all);
    const auto show = week->cases ? percent : short_number;
    return week->target ? show(*week->value) + "/" + show(*week->target) : show(*week->value);
}

const KpiWeek* shown_week(const ScorecardKpi& kpi) {
    return alerts::week_of(kpi, alerts::ShownWeek::last_complete);
}

std::string padded(const std::string& text, std::size_t width, bool to_the_right) {
    const std::string padding(width - std::min(width, display_width(text)), ' ');
    return to_the_right ? padding + text : text + padding;
}

/// The cells of one KPI, a rep each: figures end in one column, courses begin in one.
std::vector<std::string> column(const std::vector<ScorecardRep>& reps, std::size_t index) {
    std::vector<std::string> figures, courses;
    std::size_t widest = 0, longest = 0;
    for (const auto& rep : reps) {
        const auto* kpi = index < rep.kpis.size() ? &rep.kpis[index] : nullptr;
        const bool is_known = kpi != nullptr && kpi->has_data && !rep.no_data;
        figures.push_back(kpi == nullptr ? ""
                          : is_known     ? figure(*kpi, shown_week(*kpi))
                                         : "no data");
        courses.push_back(is_known ? alerts::spark_of(*kpi, weeks_of_spark) : "");
        widest = std::max(widest, display_width(figures.back()));
        longest = std::max(longest, display_width(courses.back()));
    }
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < reps.size(); ++i) {
        const bool is_known = figures[i] != "no data" && !figures[i].empty();
        cells.push_back(padded(figures[i], widest, true) + ' ' + padded(courses[i], longest, true) +
                        (is_known ? " " + alerts::mark_of(reps[i].kpis[index].trend.kind) : ""));
    }
    return cells;
}

std::string table_of(const checks::Scorecard& card, std::size_t first, std::size_t end) {
    std::vector<std::string> heading{"rep"};
    std::vector<std::vector<std::string>> columns;
    for (auto i = first; i < end; ++i) {
        heading.push_back(for_terminal(card.reps.front().kpis[i].label, widest_label));
        columns.push_back(column(card.reps, i));
    }
    Table table(std::vector<Table::Align>(heading.size(), Table::Align::left));
    table.row(heading);
    for (std::size_t i = 0; i < card.reps.size(); ++i) {
        std::vector<std::string> row{for_terminal(card.reps[i].name, widest_name)};
        for (const auto& cells : columns) row.push_back(cells[i]);
        table.row(std::move(row));
    }
    return table.str();
}

std::string title(const checks::Scorecard& card) {
    const KpiWeek* last = nullptr;
    for (const auto& rep : card.reps)
        for (const auto& kpi : rep.kpis)
            if (const auto* week = shown_week(kpi); week && (!last || week->week > last->week))
                last = week;
    const auto moment = shown_minute(card.as_of);
    return last ? fmt::format("Week {}, the last complete one; as of {}\n\n", last->week.str(),
                              moment)
                : fmt::format("As of {}; no week is complete yet\n\n", moment);
}

/// How far the sources have been read, the one that is furthest behind first.
std::string freshness(const checks::Scorecard& card) {
    auto sources = card.sources;
    std::sort(sources.begin(), sources.end(), [](const auto& one, const auto& other) {
        return one.complete_at < other.complete_at;  // never comes first
    });
    std::string text;
    for (std::size_t i = 0; i < sources.size() && i < most_lines; ++i)
        text += (i == 0 ? "Read to: " : "; ") + for_terminal(sources[i].source, 10) + " " +
                (sources[i].complete_at ? shown_minute(*sources[i].complete_at) : "not finished");
    if (sources.size() > most_lines) text += fmt::format("; {} later", sources.size() - most_lines);
    return text.empty() ? text : text + "\n";
}

std::string held(const checks::Scorecard& card) {
    std::set<std::string> reasons;
    for (const auto& one : card.held) reasons.insert(one.reason);
    std::string text;
    std::size_t shown = 0;
    for (const auto& reason : reasons)
        if (shown++ < most_lines) text += "held back: " + for_terminal(reason, 105) + "\n";
    if (shown > most_lines) text += fmt::format("held back: {} reasons more\n", shown - most_lines);
    return text;
}

}  // namespace

std::string scorecard_screen(const checks::Scorecard& card) {
    auto out = team_sums_text(card);
    if (card.reps.empty()) return out.empty() ? title(card) + "nobody\n" : out;
    out += title(card);
    const auto kpis = card.reps.front().kpis.size();
    for (std::size_t first = 0; first < kpis; first += kpis_a_table)
        out += table_of(card, first, std::min(kpis, first + kpis_a_table)) + "\n";
    out += "value/target by the days worked, the weeks up to it, ✓ ↗ → ↘ ◆ … trend; – does not "
           "count: --format long says why\n";
    out += amounts_text(card) + freshness(card) + "\n" + next_steps_text(card) + held(card);
    return out;
}

}  // namespace nudged::cli
