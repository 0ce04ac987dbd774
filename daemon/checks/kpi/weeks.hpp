// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/trend.hpp"
#include "daemon/warehouse/week_values.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nudged::checks {

/// Days of a standard week: a weekly target is meant for these.
inline constexpr double standard_week = 5;
/// With fewer working days a week says nothing.
inline constexpr double least_working_days = 2;

/// What a share rests on.
struct Cases {
    long hits = 0;
    long all = 0;
};
/// Fewer are told as cases, never as a percentage (sales practice §5).
inline constexpr long cases_for_percentage = 30;

/// One week of one rep and KPI. Only usable weeks enter verdicts; the others say why they do not.
struct KpiWeek {
    IsoWeek week;
    std::optional<double> value{};       // empty: not known, which is not zero
    double working_days = 0;             // leave, holidays, and days outside the team taken off
    std::optional<Cases> cases{};        // of a ratio of counts
    double ramp = 1;                     // what the months in the role ask for, 0 … 1
    std::optional<double> target{};      // ramped and prorated; a ratio's as it is
    std::optional<double> attainment{};  // of that target; empty where there is none
    bool provisional = false;            // may still change: it is not over, or has not settled
    /// Of the running week: its value against what the days that are over ask for, 1 being as much.
    /// Empty on its first day, and of what is not prorated. Shown, never judged.
    std::optional<double> pace{};
    std::string excluded{};  // why it does not count; empty: it counts

    bool is_usable() const { return excluded.empty(); }
};

struct KpiSeries {
    const warehouse::Rep* rep = nullptr;
    const Kpi* kpi = nullptr;
    std::optional<double> week_target;  // of a whole week; empty: none is set for the team
    std::vector<KpiWeek> weeks;         // oldest first; the last one is the week of `as_of`
    bool has_data = false;              // false: nothing at all is known of this rep and measure
    Trend trend;
    /// Of a ratio of counts: the usable weeks of the trend's window together.
    std::optional<Cases> cases;
    /// Sources that do not yet prove the last complete week, and why; without a source: the sums
    /// are being counted anew, and no week has a value.
    std::vector<Held> unproven;
};

/// Whom a question is about; empty: everybody.
using RepFilter = std::function<bool(const warehouse::Rep&)>;

/// Per rep of the roster and KPI, in the order of the roster and of the configuration: the week of
/// `as_of` and `weeks - 1` before it.
std::vector<KpiSeries> read_kpi_series(const Scene& scene, int weeks, const RepFilter& wanted = {});

/// The trend as it was when `last` was the last complete week.
Trend trend_until(const Scene& scene, const KpiSeries& series, IsoWeek last);

/// What the weeks that count came to, of the KPIs that are one measure.
std::vector<warehouse::WeekValue> complete_weeks(std::span<const KpiSeries> all);

/// Weeks counted on, so that a gap stays a gap.
int week_number(IsoWeek week);

/// "41"; of a share "35 %", and "3 of 10" where the cases are too few for a percentage.
std::string value_text(const KpiWeek& week);
std::string target_text(const KpiWeek& week);

/// The moment from which a week is complete for a rep: its end where the rep lives, and the time to
/// settle.
Instant complete_from(const warehouse::Rep& rep, IsoWeek week, std::chrono::hours settle);

/// Days worked in the week while in the team.
double working_days_in_team(const warehouse::Rep& rep, IsoWeek week);

}  // namespace nudged::checks
