// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace nudged::checks {

/// The sample's median, the mean of the middle two where it is even; 0 for none.
double median(std::span<const double> values);

/// Mann and Kendall's test: how many pairs rise less how many fall.
struct MannKendall {
    int n = 0;
    long s = 0;
    bool has_ties = false;
    double variance = 0;  // of S without a trend, corrected for ties
    double z = 0;         // with continuity correction; 0 when S is 0

    /// Beyond chance at a one-sided level of 0.10: by the exact distribution up to ten values
    /// without ties, else by the normal approximation.
    bool rises() const;
    bool falls() const;
};
MannKendall mann_kendall(std::span<const double> values);

/// A value at a week; a gap between weeks stays a gap.
struct Point {
    double week = 0;
    double value = 0;
};

/// Theil and Sen's line: the median of all pairs' slopes, through both medians. One spike does not
/// bend it.
struct TheilSen {
    double slope = 0;
    double intercept = 0;
    double at(double week) const { return intercept + slope * week; }
};
TheilSen theil_sen(std::span<const Point> points);

enum class TrendClass { learning, on_target, improving, declining, spike, low_flat, steady };
std::string_view to_string(TrendClass kind);

/// A usable week as the trend sees it.
struct TrendWeek {
    int week = 0;                      // counted on, so that a gap stays a gap
    double value = 0;                  // per standard week
    std::optional<double> attainment;  // empty: no target
};

/// What counts as low.
struct LowRule {
    double attainment = 0.8;
    int weeks_in_a_row = 3;
    bool lower_is_better = false;  // then a rise is a decline
};

/// What the last eight usable weeks amount to (sales practice §8.5).
struct Trend {
    TrendClass kind = TrendClass::learning;
    int usable_weeks = 0;  // of the window
    long s = 0;
    double slope = 0;             // per week
    double fitted_first = 0;      // the line at the window's first week
    double fitted_now = 0;        // and at its last
    double peak = 0;              // the window's maximum
    double usual = 0;             // the median of the other weeks
    bool by_commitments = false;  // improving by what was kept, rather than by the line
};
inline constexpr int trend_window = 8;
inline constexpr int trend_minimum = 4;

/// `weeks` are the usable ones, oldest first; only the last eight count.
Trend decide_trend(std::span<const TrendWeek> weeks, const LowRule& low);

/// So many commitments kept running are as good as a rise: the class is `improving`, unless the rep
/// is on target or nothing is known yet.
inline constexpr int kept_for_improving = 3;
Trend with_kept_commitments(Trend trend, int kept_in_a_row);

}  // namespace nudged::checks
