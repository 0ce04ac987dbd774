// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

/// Shares of cases and rates of events: intervals, comparisons, and which of many tests to believe.
namespace nudged::checks {

struct Interval {
    double low = 0;
    double high = 0;
};

/// The normal law's two-sided 95 % point.
inline constexpr double z_95 = 1.959963984540054;

/// Wilson's interval of a share, `hits` of `cases`; 0 … 1 for no case.
Interval wilson(long hits, long cases, double z = z_95);

/// What to plan with where a person's own cases are few: theirs, and `weight` cases of the team
/// (sales practice §5).
inline constexpr double shrink_weight = 20;
double shrunk_rate(long hits, long cases, double team_rate, double weight = shrink_weight);

/// What a rate of events per unit of exposure may be, given `events` in `exposure` > 0: exact (both
/// Poisson tails half of `alpha`), and by the score.
Interval exact_rate(long events, double exposure, double alpha = 0.05);
Interval score_rate(long events, double exposure, double z = z_95);
/// Two-sided, twice the smaller exact tail, against `rate`.
double exact_rate_test(long events, double exposure, double rate);

/// Events in some exposure, as working days of a week.
struct Exposed {
    long events = 0;
    double exposure = 1;
};
/// One-sided, exact given the sum: the chance of so much, or more, in `later` were nothing changed;
/// and of so little, or less (sales practice §8.1).
double chance_of_rise(const Exposed& earlier, const Exposed& later);
double chance_of_fall(const Exposed& earlier, const Exposed& later);

/// Whether the first of two rates is the higher one, as the textbooks test it.
struct RateComparison {
    double ratio = 0;
    double exact = 1;  // one-sided p, conditional on the sum
    double mid_p = 1;
    double score_z = 0;
    double wald_z = 0;
    double root_z = 0;  // of square roots
};
RateComparison compare_rates(const Exposed& one, const Exposed& other);

/// Benjamini and Hochberg's step-up procedure: the largest p-value that is rejected at a false
/// discovery rate of `q`, and with it all smaller ones; less than 0 when none is.
double largest_rejected(std::span<const double> p_values, double q);

}  // namespace nudged::checks
