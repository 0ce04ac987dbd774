// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/attainment.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/checks/kpi/targets.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nudged::checks {
namespace {

/// Weeks read for a verdict: the trend's window, and as many again for leave and holidays.
constexpr int weeks_read = 2 * trend_window;
/// A verdict needs a usable week among the last four complete ones.
constexpr int freshest_within = 4;

std::vector<const KpiWeek*> usable_weeks(const KpiSeries& series) {
    std::vector<const KpiWeek*> usable;
    for (const auto& week : series.weeks)
        if (week.is_usable()) usable.push_back(&week);
    return usable;
}

bool is_current(const KpiSeries& series, const std::vector<const KpiWeek*>& usable) {
    if (usable.empty()) return false;
    int complete = 0;
    for (auto week = series.weeks.rbegin(); week != series.weeks.rend(); ++week) {
        if (week->provisional) continue;
        if (++complete > freshest_within) return false;
        if (week->week == usable.back()->week) return true;
    }
    return false;
}

/// "41 of 90, 38 of 72 (4 days), 44 of 90"
std::string listed(const KpiSeries& series, std::span<const KpiWeek* const> weeks) {
    std::string text;
    for (const auto* week : weeks) {
        if (!text.empty()) text += ", ";
        text += value_text(*week);
        if (week->target) text += " of " + target_text(*week);
        if (week->working_days != standard_week && is_prorated(*series.kpi))
            text += fmt::format(" ({} days)", number_text(week->working_days));
    }
    return text;
}

/// The last `count` weeks, or all of them.
std::span<const KpiWeek* const> last(const std::vector<const KpiWeek*>& weeks, int count) {
    const std::span<const KpiWeek* const> all{weeks};
    return all.last(std::min(all.size(), static_cast<std::size_t>(std::max(1, count))));
}

std::string about(double value) {
    return number_text(value >= 10 ? std::round(value) : std::round(value * 10) / 10);
}

void add_evidence(Finding& finding, const KpiSeries& series,
                  std::span<const KpiWeek* const> window) {
    for (const auto* week : window) {
        std::string value = value_text(*week);
        if (week->target)
            value += fmt::format(" of {}, {} %", target_text(*week),
                                 number_text(std::round(week->attainment.value_or(0) * 1000) / 10));
        value += fmt::format(", {} days worked", number_text(week->working_days));
        finding.evidence.push_back({week->week.str(), std::move(value), ""});
    }
    const auto& from = window.front()->week;
    for (const auto& week : series.weeks)
        if (week.week > from && !week.is_usable() && !week.provisional)
            finding.evidence.push_back({week.week.str(), "left out: " + week.excluded, ""});
    finding.evidence.push_back({"why it counts", series.kpi->why, ""});
}

std::string question_or(const Kpi& kpi, std::string otherwise) {
    return kpi.question.empty() ? otherwise : kpi.question;
}

void tell_low_flat(Finding& finding, const KpiSeries& series,
                   std::span<const KpiWeek* const> window, int low_weeks) {
    const auto low = window.last(std::min(window.size(), static_cast<std::size_t>(low_weeks)));
    finding.summary = fmt::format("{} in the last {} full weeks: {}.", series.kpi->label,
                                  low.size(), listed(series, low));
    std::vector<double> values;
    for (const auto* week : window)
        values.push_back(*week->value *
                         (is_prorated(*series.kpi) ? standard_week / week->working_days : 1));
    if (!is_prorated(*series.kpi)) {
        finding.question =
            question_or(*series.kpi, "What would have to change for it to move next week?");
        return;
    }
    const double usual = std::round(median(values));
    const double rung = next_rung(usual, *series.week_target);
    finding.question = question_or(
        *series.kpi, fmt::format("What would make {} realistic next week, and what would have to "
                                 "give?",
                                 number_text(rung)));
    finding.evidence.push_back(
        {"next rung", fmt::format("{}, from {}", number_text(rung), number_text(usual)), ""});
}

/// The greatest of eight small counts is often half as much again: a peak is told when it is five
/// more than usual and beyond three standard deviations of a Poisson count. Amounts are not counts:
/// one large deal makes a week.
bool stands_out(const Scene& scene, const KpiSeries& series) {
    const auto* measure = scene.options.measures.find(series.kpi->measure);
    if (!measure || measure->parts != 1) return false;
    const auto& trend = series.trend;
    return trend.peak - trend.usual >= std::max(5.0, 3 * std::sqrt(std::max(trend.usual, 1.0)));
}

/// Fills in what the class says; false when it is not worth an item.
bool tell_class(const Scene& scene, Finding& finding, const KpiSeries& series,
                std::span<const KpiWeek* const> window, const KpiAttainment& rule) {
    const auto& trend = series.trend;
    const auto& label = series.kpi->label;
    const auto from_to = [&](std::string_view direction) {
        auto text = fmt::format("{} {} from about {} to {} a week over {} full weeks", label,
                                direction, about(std::max(0.0, trend.fitted_first)),
                                about(std::max(0.0, trend.fitted_now)), trend.usable_weeks);
        if (series.week_target)
            text += fmt::format(" (target {})", number_text(*series.week_target));
        return text + ".";
    };
    switch (trend.kind) {
    case TrendClass::improving:
        if (trend.by_commitments) return false;  // commit.kept has told it
        finding.is_praise = true;
        finding.severity = Severity::info;
        finding.summary = from_to(trend.slope < 0 ? "went down" : "rose");
        finding.question = "What made the difference?";
        return true;
    case TrendClass::declining:
        finding.summary = from_to("went");
        finding.question =
            question_or(*series.kpi, "What changed, and what can be taken off the plate?");
        return true;
    case TrendClass::spike:
        finding.severity = Severity::info;
        finding.summary = fmt::format("{}: one week of {} among weeks of about {}.", label,
                                      number_text(trend.peak), about(trend.usual));
        finding.question = "What was that week: a list, an event, a method?";
        return stands_out(scene, series);
    case TrendClass::low_flat:
        tell_low_flat(finding, series, window, rule.weeks_in_a_row);
        return true;
    case TrendClass::learning:
    case TrendClass::on_target:
    case TrendClass::steady: break;
    }
    return false;
}

}  // namespace

double next_rung(double usual, double target) {
    return usual + std::max(1.0, std::round(0.2 * (target - usual)));
}

std::optional<Finding> decide_attainment(const Scene& scene, const KpiSeries& series) {
    const Owner owner = owner_of(scene, series.rep->id);
    const auto silent = [&](std::string_view why) {
        quiet(scene, "kpi.attainment", series.rep->id, "{}: {}", series.kpi->name, why);
        return std::nullopt;
    };
    if (!series.has_data) return silent("no CRM tells anything of them");
    if (!series.unproven.empty()) return silent("held: " + series.unproven.front().reason);
    if (owner.rep->until && owner.today >= *owner.rep->until) return silent("they left the team");
    const auto usable = usable_weeks(series);
    if (!is_current(series, usable))
        return silent(fmt::format("none of the last {} complete weeks is usable", freshest_within));

    Finding finding;
    finding.check = "kpi.attainment";
    finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(series.rep->id)),
                       series.rep->name, ""};
    finding.owner = owner.id;
    finding.team = owner.team;
    finding.aspect = fmt::format("{}/{}", series.kpi->name, to_string(series.trend.kind));
    const auto window = last(usable, trend_window);
    if (!tell_class(scene, finding, series, window, options_for(scene, owner).kpi_attainment))
        return silent(fmt::format("{} over {} usable weeks, which is not worth an item",
                                  to_string(series.trend.kind), series.trend.usable_weeks));
    finding.since = owner.zone.instant(LocalTime{window.front()->week.monday()});
    add_evidence(finding, series, window);
    return finding;
}

void kpi_attainment(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    std::set<std::string> told;
    const auto& agreed = judgement_of(scene);
    for (auto& series : read_kpi_series(scene, weeks_read)) {
        series.trend = with_kept_commitments(
            series.trend, agreed.kept_in_a_row(series.rep->id, series.kpi->name));
        for (const auto& reason : series.unproven)
            if (told.insert(reason.source + '\n' + reason.reason).second) held.push_back(reason);
        if (auto finding = decide_attainment(scene, series))
            findings.push_back(std::move(*finding));
    }
}

}  // namespace nudged::checks
