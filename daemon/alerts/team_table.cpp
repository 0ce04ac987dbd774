// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/team_table.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace nudged::alerts {
namespace {

using checks::KpiWeek;
using checks::ScorecardKpi;
using checks::ScorecardRep;
using checks::TrendClass;
using model::Message;

constexpr std::size_t max_kpis = 3;  // more does not fit beside a name

std::string mark_of(TrendClass kind) {
    switch (kind) {
    case TrendClass::learning: return "…";
    case TrendClass::on_target: return "✓";
    case TrendClass::improving: return "↗";
    case TrendClass::declining: return "↘";
    case TrendClass::spike: return "◆";
    case TrendClass::low_flat:
    case TrendClass::steady: return "→";
    }
    return {};
}

/// Whole where it is whole, else one decimal.
std::string number(double value) {
    const double rounded = std::round(value * 10) / 10;
    return rounded == std::round(rounded) ? fmt::format("{:.0f}", rounded)
                                          : fmt::format("{:.1f}", rounded);
}

const KpiWeek* last_complete(const ScorecardKpi& kpi) {
    const auto found = std::find_if(kpi.weeks.rbegin(), kpi.weeks.rend(),
                                    [](const KpiWeek& week) { return !week.provisional; });
    return found == kpi.weeks.rend() ? nullptr : &*found;
}

std::string kpi_cell(const ScorecardRep& rep, const ScorecardKpi& kpi) {
    if (rep.no_data || !kpi.has_data) return "no data";
    const auto* week = last_complete(kpi);
    if (week == nullptr || !week->value) return "not proven";
    if (!week->is_usable()) return mark_of(kpi.trend.kind) + " not counted";
    const auto shown = week->cases ? checks::value_text(*week) : number(*week->value);
    auto cell = mark_of(kpi.trend.kind) + " " + shown;
    if (week->cases) return cell;
    if (week->target) cell += "/" + number(*week->target);
    return cell + fmt::format(" ({} d)", number(week->working_days));
}

std::string coverage_cell(const std::optional<checks::Coverage>& coverage) {
    // Counts rather than percent: most books are too small for a percentage to mean anything.
    if (!coverage) return "not proven";
    if (coverage->in_scope == 0) return "–";
    return fmt::format("{}/{}", coverage->covered, coverage->in_scope);
}

std::string open_cell(const checks::FindingCounts& counts) {
    if (counts.high == 0 && counts.attention == 0) return "–";
    std::string cell;
    if (counts.high > 0) cell = fmt::format("{} H ", counts.high);
    if (counts.attention > 0) cell += fmt::format("{} A", counts.attention);
    return cell;
}

std::vector<const ScorecardRep*> reps_of(const checks::Scorecard& scorecard,
                                         std::string_view team) {
    std::vector<const ScorecardRep*> reps;
    for (const auto& rep : scorecard.reps)
        if (rep.team == team) reps.push_back(&rep);
    std::sort(reps.begin(), reps.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    return reps;
}

/// The week that the KPI columns are about.
std::optional<IsoWeek> shown_week(const std::vector<const ScorecardRep*>& reps) {
    std::optional<IsoWeek> shown;
    for (const auto* rep : reps)
        for (const auto& kpi : rep->kpis)
            if (const auto* week = last_complete(kpi); week && (!shown || week->week > *shown))
                shown = week->week;
    return shown;
}

}  // namespace

Message::Section team_table(const checks::Scorecard& scorecard, std::string_view team) {
    const auto reps = reps_of(scorecard, team);
    Message::Section section;
    section.heading = "The team";
    if (reps.empty()) {
        section.text = "Nobody is in this team now.";
        return section;
    }
    if (const auto week = shown_week(reps))
        section.text = fmt::format("Week {}, the last complete one", week->str());
    const auto kpis = std::min(max_kpis, reps.front()->kpis.size());
    const auto has_accounts = std::any_of(reps.begin(), reps.end(), [](const auto* rep) {
        return !rep->accounts || rep->accounts->in_scope > 0;
    });
    section.columns = {"Rep"};
    for (std::size_t i = 0; i < kpis; ++i) section.columns.push_back(reps.front()->kpis[i].label);
    section.columns.push_back("Deals planned");
    if (has_accounts) section.columns.push_back("Accounts planned");
    section.columns.push_back("Open");
    for (const auto* rep : reps) {
        auto& row = section.rows.emplace_back();
        row.push_back(shorten(rep->name, 20));
        for (std::size_t i = 0; i < kpis; ++i) row.push_back(kpi_cell(*rep, rep->kpis[i]));
        row.push_back(coverage_cell(rep->opportunities));
        if (has_accounts) row.push_back(coverage_cell(rep->accounts));
        row.push_back(open_cell(rep->findings));
    }
    section.more = "✓ on target · ↗ improving · → steady · ↘ declining · ◆ one strong week · "
                   "… still learning\nplanned: have a dated next step · H high, A attention";
    return section;
}

}  // namespace nudged::alerts
