// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/surprise.hpp"
#include "daemon/checks/kpi/targets.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nudged::checks {
namespace {

constexpr std::size_t rate_weeks = 4;
constexpr double least_distance = 0.2;  // from the peers' median, to be mentioned

std::string about(double value) {
    return number_text(value >= 10 ? std::round(value) : std::round(value * 10) / 10);
}

/// "0.5 of 100 weeks"
std::string luck_text(double chance) {
    const double hundred = chance * 100;
    return hundred < 0.01 ? "less than 0.01 of 100 weeks"
                          : fmt::format("{:.2g} of 100 weeks", hundred);
}

Finding finding_of(const Scene& scene, std::string_view check, const SurpriseLine& line) {
    const auto& rep = *line.series->rep;
    Finding finding;
    finding.check = check;
    finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(rep.id)), rep.name,
                       ""};
    finding.owner = rep.id;
    finding.team = scene.people.team_of(rep).name;
    return finding;
}

/// "2026-W46", "the four weeks to 2026-W46"
std::string weeks_text(int weeks, IsoWeek last) {
    return weeks == 1 ? last.str() : fmt::format("the {} weeks to {}", weeks, last.str());
}

/// "Dials in 2026-W46: 41, where about 61 are usual"
std::string comparison(std::string_view label, std::string_view when, double value,
                       double expected) {
    return fmt::format("{} in {}: {}, where about {} are usual", label, when, number_text(value),
                       about(expected));
}

std::string usual_text(const Baseline& baseline) {
    auto text = fmt::format("{} a week of five days, over {} weeks", number_text(baseline.mean),
                            baseline.weeks);
    if (baseline.is_robust) text += "; the median, since one of them stands out";
    if (baseline.spread > 1)
        text += fmt::format("; they scatter {} times as much as luck alone would",
                            number_text(baseline.spread));
    return text;
}

std::optional<double> recent_rate(const KpiSeries& series) {
    double value = 0, days = 0;
    std::size_t taken = 0;
    for (auto week = series.weeks.rbegin(); week != series.weeks.rend(); ++week) {
        if (!week->is_usable() || !week->value) continue;
        value += *week->value;
        days += week->working_days;
        if (++taken == rate_weeks) break;
    }
    return days > 0 ? std::optional{value * standard_week / days} : std::nullopt;
}

/// Where most of the others are, when the rep is outside; never a place in a ranking.
void add_peers(const Scene& scene, const KpiSeries& series, std::span<const KpiSeries> all,
               Finding& finding) {
    std::vector<double> rates;
    for (const auto* peer : peers_of(scene, all, series))
        if (const auto rate = recent_rate(*peer)) rates.push_back(*rate);
    const auto own = recent_rate(series);
    const auto last = series.weeks.back().week;
    if (rates.size() < least_peers || !own || ramp_in(scene.options, *series.rep, last) < 1) return;
    const double low = quantile(rates, 0.25);
    const double high = quantile(rates, 0.75);
    const double middle = quantile(rates, 0.5);
    if (*own >= low && *own <= high) return;
    if (std::abs(*own - middle) < least_distance * middle) return;
    finding.evidence.push_back(
        {"most of the others",
         fmt::format("{} to {} a week over the last {} weeks", about(low), about(high), rate_weeks),
         ""});
}

std::string signed_change(double value, double expected) {
    return expected > 0 ? fmt::format("{:+.0f} %", (value / expected - 1) * 100) : "";
}

}  // namespace

Finding unusual_week_finding(const Scene& scene, const SurpriseVerdict& verdict,
                             std::span<const KpiSeries> all) {
    const auto& series = *verdict.line->series;
    const auto& test = verdict.test;
    const bool is_low = verdict.direction == Direction::low;
    auto finding = finding_of(scene, "kpi.unusual_week", *verdict.line);
    finding.severity = is_low ? Severity::attention : Severity::info;
    finding.is_praise = !is_low;
    finding.aspect =
        fmt::format("{}/{}/{}", series.kpi->name, is_low ? "low" : "high", verdict.week.str());
    finding.since = series.rep->zone.instant(LocalTime{verdict.week.plus(1 - test.weeks).monday()});
    finding.summary = comparison(series.kpi->label, weeks_text(test.weeks, verdict.week),
                                 test.value, test.expected());
    finding.summary += fmt::format(" ({} days worked).", number_text(test.standard_weeks * 5));
    finding.question =
        is_low ? "What was different, and what would help?" : "What made the difference?";
    finding.evidence = {
        {"change", signed_change(test.value, test.expected()), ""},
        {"usual", usual_text(test.baseline), ""},
        {"luck does that in", luck_text(verdict.chance), ""},
    };
    if (verdict.given_team)
        finding.evidence.push_back(
            {"given the team's week in", luck_text(*verdict.given_team), ""});
    add_peers(scene, series, all, finding);
    finding.evidence.push_back({"why it counts", series.kpi->why, ""});
    return finding;
}

Finding drift_finding(const Scene& scene, const SurpriseLine& line, const Drift& drift,
                      IsoWeek week) {
    const auto& series = *line.series;
    auto finding = finding_of(scene, "kpi.drift", line);
    finding.aspect = fmt::format("{}/low/{}", series.kpi->name, week.str());
    const auto first = week.plus(drift.first_week - drift.week);
    finding.since = series.rep->zone.instant(LocalTime{first.monday()});
    finding.summary = fmt::format("{}: about {} a week over {} weeks to {}, after about {} before.",
                                  series.kpi->label, about(drift.value / drift.standard_weeks),
                                  drift.weeks, week.str(), about(drift.baseline.mean));
    finding.question = "What changed, and what can be taken off the plate?";
    finding.evidence = {
        {"change", signed_change(drift.value, drift.expected()), ""},
        {"usual", usual_text(drift.baseline), ""},
        {"falls summed up",
         fmt::format("{} standard deviations, {} make a signal", number_text(drift.sum),
                     number_text(scene.options.kpi_drift.limit)),
         ""},
    };
    for (const auto& one : line.weeks)
        if (one.week >= drift.first_week && one.week <= drift.week)
            finding.evidence.push_back(
                {week.plus(one.week - drift.week).str(),
                 fmt::format("{}, {} days worked", number_text(one.value), number_text(one.days)),
                 ""});
    finding.evidence.push_back({"why it counts", series.kpi->why, ""});
    return finding;
}

Finding team_week_finding(const warehouse::Team& team, const Kpi& kpi, IsoWeek week,
                          const TeamTotal& total, double chance) {
    Finding finding;
    finding.check = "kpi.team_week";
    finding.severity = Severity::info;
    finding.subject = {"team", "", team.name, team.name, ""};
    finding.team = team.name;
    finding.aspect = fmt::format("{}/low/{}", kpi.name, week.str());
    finding.since = team.zone.instant(LocalTime{week.monday()});
    finding.summary = comparison(kpi.label, week.str(), total.value, total.expected) +
                      ", for the whole team; nobody is asked about it one by one.";
    finding.question = "What happened that week that touched everybody?";
    finding.evidence = {
        {"change", signed_change(total.value, total.expected), ""},
        {"reps counted", fmt::format("{}", total.reps), ""},
        {"luck does that in", luck_text(chance), ""},
        {"why it counts", kpi.why, ""},
    };
    return finding;
}

HeldBack held_back_of(const Scene& scene, const SurpriseVerdict& verdict) {
    return held_back_of(scene, "kpi.unusual_week", *verdict.line,
                        comparison(verdict.line->series->kpi->label,
                                   weeks_text(verdict.test.weeks, verdict.week), verdict.test.value,
                                   verdict.test.expected()),
                        verdict.kept_because);
}

HeldBack held_back_of(const Scene& scene, std::string_view check, const SurpriseLine& line,
                      std::string what, std::string reason) {
    const auto& rep = *line.series->rep;
    return {std::string{check}, rep.id,           rep.name, scene.people.team_of(rep).name,
            std::move(what),    std::move(reason)};
}

}  // namespace nudged::checks
