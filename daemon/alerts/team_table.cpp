// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/team_table.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace nudged::alerts {
namespace {

using checks::JudgedCommitment;
using checks::KpiWeek;
using checks::ScorecardKpi;
using checks::ScorecardRep;
using checks::TrendClass;
using checks::VerdictStatus;
using model::Message;

constexpr std::size_t max_kpis = 3;  // more does not fit beside a name

std::string value_text(const KpiWeek& week, const Texts& texts) {
    return week.cases ? checks::value_text(week) : texts.number(*week.value);
}

std::string open_cell(const checks::FindingCounts& counts, const Texts& texts) {
    if (counts.high == 0 && counts.attention == 0) return "–";
    std::string cell;
    if (counts.high > 0) cell = texts.fill("team.high", {{"n", texts.number(counts.high)}});
    if (counts.attention > 0) {
        if (!cell.empty()) cell += ' ';
        cell += texts.fill("team.attention", {{"n", texts.number(counts.attention)}});
    }
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

/// The week that the KPI columns are about: of reps in several zones the latest.
const KpiWeek* shown_week(const std::vector<const ScorecardRep*>& reps, ShownWeek which) {
    const KpiWeek* shown = nullptr;
    for (const auto* rep : reps)
        for (const auto& kpi : rep->kpis)
            if (const auto* week = week_of(kpi, which);
                week && (!shown || week->week > shown->week))
                shown = week;
    return shown;
}

/// What the rep agreed to for the week, by KPI.
std::string agreed_cell(const checks::Judgement& judgement, const ScorecardRep& rep,
                        std::optional<IsoWeek> week, const Texts& texts) {
    std::vector<std::string> shown;
    for (const auto& judged : judgement.commitments)
        if (judged.is_agreed() && judged.kpi && judged.commitment.person == rep.id &&
            judged.commitment.week == week)
            shown.push_back(texts.fill(
                "team.agreed", {{"kpi", judged.kpi->label}, {"what", agreed_text(judged, texts)}}));
    std::string cell;
    for (const auto& one : shown) cell += (cell.empty() ? "" : ", ") + one;
    return cell.empty() ? "–" : cell;
}

std::string title_of(const KpiWeek* week, ShownWeek which, const Texts& texts) {
    if (!week) return {};
    const Facts facts{{"week", week->week.str()}};
    if (which == ShownWeek::running) return texts.fill("team.running", facts);
    if (week->provisional) return texts.fill("team.provisional", facts);
    return texts.fill("team.complete", facts);
}

/// "Together in week 2026-W46: dials 412 (6 people)" of a team that shows sums alone.
std::optional<std::string> sums_text(const checks::Scorecard& scorecard, std::string_view team,
                                     const Texts& texts) {
    for (const auto& one : scorecard.teams) {
        if (one.name != team) continue;
        std::optional<IsoWeek> last;
        for (const auto& week : one.weeks)
            if (!last || week.week > *last) last = week.week;
        if (!last)
            return texts.fill("team.no_sums",
                              {{"n", texts.number(static_cast<double>(one.minimum))}});
        std::string sums;
        for (const auto& week : one.weeks)
            if (week.week == *last)
                sums += (sums.empty() ? "" : ", ") +
                        texts.fill("team.sum", {{"measure", week.measure},
                                                {"value", texts.number(week.value)},
                                                {"people", fmt::format("{}", week.people)}});
        return texts.fill("team.sums", {{"week", last->str()}, {"sums", sums}});
    }
    return std::nullopt;
}

}  // namespace

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

const KpiWeek* week_of(const ScorecardKpi& kpi, ShownWeek week) {
    const auto count = kpi.weeks.size();
    switch (week) {
    case ShownWeek::running: return count > 0 ? &kpi.weeks.back() : nullptr;
    case ShownWeek::last: return count > 1 ? &kpi.weeks[count - 2] : nullptr;
    case ShownWeek::last_complete: break;
    }
    const auto found = std::find_if(kpi.weeks.rbegin(), kpi.weeks.rend(),
                                    [](const KpiWeek& one) { return !one.provisional; });
    return found == kpi.weeks.rend() ? nullptr : &*found;
}

std::string kpi_cell(const ScorecardRep& rep, const ScorecardKpi& kpi, const KpiWeek* week,
                     const Texts& texts) {
    if (rep.no_data || !kpi.has_data) return texts.fill("team.no_data");
    if (week == nullptr || !week->value) return texts.fill("team.not_proven");
    if (!week->is_usable() && !week->provisional) return texts.fill("team.not_counted");
    auto cell = value_text(*week, texts);
    if (!week->cases) {
        if (week->target) cell += " / " + texts.number(*week->target);
        if (week->working_days != checks::standard_week)
            cell += " " + texts.fill("team.days", {{"n", texts.number(week->working_days)}});
    }
    if (week->pace) cell += " " + texts.fill("team.pace", {{"share", texts.percent(*week->pace)}});
    return cell + " " + (week->provisional ? "*" : mark_of(kpi.trend.kind));
}

std::string coverage_cell(const std::optional<checks::Coverage>& coverage, const Texts& texts) {
    // Counts rather than percent: most books are too small for a percentage to mean anything.
    if (!coverage) return texts.fill("team.not_proven");
    if (coverage->in_scope == 0) return "–";
    return texts.number(coverage->covered) + " / " + texts.number(coverage->in_scope);
}

std::string agreed_text(const JudgedCommitment& judged, const Texts& texts) {
    const auto& verdict = judged.verdict;
    const bool is_kept = checks::is_kept(verdict.status) ||
                         (verdict.status == VerdictStatus::pending && checks::is_reached(verdict));
    const Facts facts{
        {"promised", texts.number(verdict.due > 0 ? verdict.due : judged.commitment.promised)},
        {"value", verdict.value ? texts.number(*verdict.value) : ""}};
    if (verdict.status == VerdictStatus::excused) return texts.fill("agreed.excused", facts);
    if (verdict.status == VerdictStatus::unverifiable || !verdict.value)
        return texts.fill(judged.is_over ? "agreed.unknown" : "agreed.open", facts);
    if (is_kept) return texts.fill("agreed.kept", facts);
    return texts.fill(checks::is_judged(verdict.status) ? "agreed.came_to" : "agreed.so_far",
                      facts);
}

Message::Section team_table(const checks::Scorecard& scorecard, std::string_view team,
                            const Texts& texts, const TeamTable& table) {
    const auto reps = reps_of(scorecard, team);
    Message::Section section;
    section.heading = texts.fill("team.heading");
    if (reps.empty()) {
        section.text = sums_text(scorecard, team, texts).value_or(texts.fill("team.nobody"));
        return section;
    }
    const auto* week = shown_week(reps, table.week);
    section.text = title_of(week, table.week, texts);
    auto agreed_for = table.agreed_for;
    if (!agreed_for && week) agreed_for = week->week;
    const auto kpis = std::min(max_kpis, reps.front()->kpis.size());
    const auto has_accounts = std::any_of(reps.begin(), reps.end(), [](const auto* rep) {
        return !rep->accounts || rep->accounts->in_scope > 0;
    });
    section.columns = {texts.fill("team.rep")};
    for (std::size_t i = 0; i < kpis; ++i) section.columns.push_back(reps.front()->kpis[i].label);
    if (table.agreed) section.columns.push_back(texts.fill("team.agreed_column"));
    section.columns.push_back(texts.fill("team.deals"));
    if (has_accounts) section.columns.push_back(texts.fill("team.accounts"));
    section.columns.push_back(texts.fill("team.open"));
    for (const auto* rep : reps) {
        auto& row = section.rows.emplace_back();
        row.push_back(shorten(rep->name, 20));
        for (std::size_t i = 0; i < kpis; ++i)
            row.push_back(kpi_cell(*rep, rep->kpis[i], week_of(rep->kpis[i], table.week), texts));
        if (table.agreed) row.push_back(agreed_cell(*table.agreed, *rep, agreed_for, texts));
        row.push_back(coverage_cell(rep->opportunities, texts));
        if (has_accounts) row.push_back(coverage_cell(rep->accounts, texts));
        row.push_back(open_cell(rep->findings, texts));
    }
    section.more = texts.fill("team.marks") + "\n" + texts.fill("team.legend");
    return section;
}

}  // namespace nudged::alerts
