// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/options.hpp"
#include "daemon/checks/statistics/baseline.hpp"

#include <optional>
#include <span>
#include <vector>

/// Whether luck explains a count: the arithmetic of sales practice §8.2 to §8.7, pure.
namespace nudged::checks {

/// A usable week of one rep and KPI.
struct CountWeek {
    int week = 0;      // counted on, so that a gap stays a gap
    double value = 0;  // as counted
    double days = 5;   // worked

    double per_standard_week() const { return value * 5 / days; }
};

/// One week, or four weeks together, against what is usual.
struct CountTest {
    int weeks = 1;
    double value = 0;
    double standard_weeks = 1;  // days worked by five
    Baseline baseline;          // of the usable weeks before those tested
    double low = 1;             // the chance of so little, or less
    double high = 1;            // of so much, or more

    double expected() const { return baseline.mean * standard_weeks; }
};

/// The last `size` of the usable weeks up to and with `week`; nullopt where `week` is no usable
/// one, or too few come before.
std::optional<CountTest> test_window(std::span<const CountWeek> weeks, int week, int size,
                                     const BaselineRule& rule);

/// The usable weeks from `first` to `last` together; nullopt where there are none, or too few
/// before.
std::optional<CountTest> test_span(std::span<const CountWeek> weeks, int first, int last,
                                   const BaselineRule& rule);

/// The weeks that are tested together where a single one counts too little.
inline constexpr int small_count_window = 4;
/// The week alone, or the last four together where fewer than `too_few` a week are usual.
std::optional<CountTest> test_week(std::span<const CountWeek> weeks, int week,
                                   const BaselineRule& rule, double too_few);

/// A rep's test given what the whole team came to in the same weeks (§8.6).
struct TeamTotal {
    double value = 0;
    double expected = 0;  // of the reps' plain means, by their days
    double usual = 0;     // of the reps' baselines
    double variance = 0;  // of the reps' own scatter
    int reps = 0;

    void add(const CountTest& test);
    CountLaw law() const { return {expected, expected > 0 ? variance / expected : 1}; }
    double low() const;
    double high() const;
    /// The chance of the rep's count, or less, or more, were the total only shared out as usual.
    double adjusted_low(const CountTest& test) const;
    double adjusted_high(const CountTest& test) const;
    bool can_adjust() const { return reps >= 3; }
};

enum class Direction { low, high };
/// Whether the change is large enough to be worth a word, however sure it is.
bool is_large(const CountTest& test, Direction direction, const KpiUnusualWeek& rule);

/// A signal of the cumulative sum, with the weeks since the sum left zero.
struct Drift {
    int first_week = 0;
    int week = 0;   // of the signal
    int weeks = 0;  // usable ones from the first to the last
    double value = 0;
    double standard_weeks = 0;
    double sum = 0;  // standard deviations
    Baseline baseline;

    double expected() const { return baseline.mean * standard_weeks; }
};

/// Every signal, the oldest first. The baseline is frozen while the sum is above zero, or the chart
/// would learn the decline; a signal sets both anew (§8.4). Weeks of which fewer than `too_few` are
/// usual are passed over.
std::vector<Drift> find_drifts(std::span<const CountWeek> weeks, const BaselineRule& baseline,
                               const KpiDrift& rule, double too_few);

}  // namespace nudged::checks
