// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/statistics/tails.hpp"

#include <optional>
#include <span>
#include <vector>

namespace nudged::checks {

/// How far a value is from the sample's median, in robust standard deviations: 0.6745 (y − median)
/// / MAD; where most values are the same, by the deviation of a Poisson count (sales practice
/// §8.2).
std::vector<double> modified_z(std::span<const double> values);
/// Beyond this a value is an outlier (NIST/SEMATECH 1.3.5.17).
inline constexpr double outlier_z = 3.5;

/// The sample's variance by its mean; 1 for a mean of 0.
double dispersion(std::span<const double> values);

/// What is usual, from the weeks before the one that is tested; per standard week.
struct Baseline {
    double mean = 0;        // the median when a week stands out
    double plain_mean = 0;  // the mean in any case
    double spread = 1;      // variance by mean, 1 … 4; 1.5 where there are too few weeks to tell
    int weeks = 0;
    bool is_robust = false;  // a week stood out
    CountLaw over(double standard_weeks) const { return {mean * standard_weeks, spread}; }
};

struct BaselineRule {
    int weeks = 8;
    int minimum = 6;
};

/// Of the last `rule.weeks` of `values`, oldest first; nullopt with fewer than the minimum.
std::optional<Baseline> make_baseline(std::span<const double> values, const BaselineRule& rule);

/// A count as a standard normal deviate: its variance hardly depends on the mean (§8.4).
double stable_z(double count, const CountLaw& law);

/// Page's cumulative sums of deviations, one for falls and one for rises: what is within `slack` is
/// forgotten, and a sum above `limit` is a signal. Signals reset nothing by themselves.
struct Cusum {
    double slack = 0.5;
    double limit = 4;
    double falls = 0;
    double rises = 0;

    void add(double deviation);
    bool has_fallen() const { return falls > limit; }
    bool has_risen() const { return rises > limit; }
};

/// The slack of a cumulative sum of counts that is to find a change from one mean to another
/// (Lucas 1985).
double poisson_reference(double from, double to);

/// Siegmund's approximation of how many points a one-sided sum lasts without, or after, a shift in
/// standard deviations.
double run_length(const Cusum& cusum, double shift);

/// One step of an exponentially weighted average, and how far from the target its `index`-th value,
/// counted from 1, may be: `width` deviations.
double weighted_average(double before, double value, double weight);
double weighted_limit(double weight, double width, double deviation, int index);

/// Mean and control limits of a chart of counts: three deviations.
struct CountChart {
    double mean = 0;
    double low = 0;
    double high = 0;
};
CountChart count_chart(std::span<const double> counts);

}  // namespace nudged::checks
