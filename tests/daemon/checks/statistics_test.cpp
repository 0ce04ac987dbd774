// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/statistics/baseline.hpp"
#include "daemon/checks/statistics/rates.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace nudged::checks;

// The published vectors that nobody on the project wrote; sources in the comments.

TEST_CASE("lower tails of counts agree with the worked table of one unusual week") {
    // Sales practice §8.3: a baseline of 60.5 a week.
    struct Row {
        long x;
        double mean, poisson, spread_15, spread_2;
    };
    const auto row = GENERATE(values<Row>({
        {41, 60.5, 0.00511, 0.01699, 0.03289},
        {46, 60.5, 0.03183, 0.06452, 0.09529},
        {36, 60.5, 0.00047, 0.00294, 0.00815},
        {25, 36.3, 0.03107, 0.06320, 0.09395},
    }));
    CAPTURE(row.x);
    CHECK(lower_tail({row.mean, 1}, row.x) == Approx(row.poisson).margin(5e-6));
    CHECK(lower_tail({row.mean, 1.5}, row.x) == Approx(row.spread_15).margin(5e-6));
    CHECK(lower_tail({row.mean, 2}, row.x) == Approx(row.spread_2).margin(5e-6));
}

TEST_CASE("what a single week may be, and from where on it is unusual") {
    // Sales practice §8.1: 95 % ranges, and the largest week in the lower 0.5 % tail.
    struct Row {
        double mean;
        long low, high, alarm;
    };
    const auto row = GENERATE(values<Row>({
        {10, 4, 17, 2},
        {20, 12, 29, 9},
        {40, 28, 53, 24},
        {60, 45, 76, 40},
        {90, 72, 109, 66},
    }));
    CAPTURE(row.mean);
    const CountLaw law{row.mean};
    CHECK(lower_tail(law, row.low - 1) < 0.025);
    CHECK(lower_tail(law, row.low) >= 0.025);
    CHECK(upper_tail(law, row.high + 1) < 0.025);
    CHECK(upper_tail(law, row.high) >= 0.025);
    CHECK(lower_tail(law, row.alarm) <= 0.005);
    CHECK(lower_tail(law, row.alarm + 1) > 0.005);
}

TEST_CASE("over-dispersed counts need a lower week to be unusual") {
    // Sales practice §8.1, the column for a spread of 2.
    const auto [mean, alarm] = GENERATE(table<double, long>({{20, 6}, {40, 19}, {90, 57}}));
    CHECK(lower_tail({mean, 2}, alarm) <= 0.005);
    CHECK(lower_tail({mean, 2}, alarm + 1) > 0.005);
}

TEST_CASE("both tails of a count cover everything, the point twice") {
    const double spread = GENERATE(1.0, 1.7, 4.0);
    const long x = GENERATE(0L, 3L, 11L, 12L, 13L, 40L);
    const CountLaw law{12, spread};
    const double point = lower_tail(law, x) - lower_tail(law, x - 1);
    CHECK(lower_tail(law, x) + upper_tail(law, x) == Approx(1 + point));
    CHECK(upper_tail(law, 500) < 1e-30);
    CHECK(lower_tail(law, -1) == 0);
    CHECK(lower_tail({0}, 0) == 1);
    CHECK(upper_tail({0}, 1) == 0);
}

TEST_CASE("two weeks of equal days are compared exactly") {
    // Sales practice §8.1.
    const auto [before, after, p] = GENERATE(table<long, long, double>({
        {40, 50, 0.171},
        {40, 60, 0.028},
        {40, 30, 0.141},
        {40, 24, 0.030},
        {90, 70, 0.066},
        {90, 60, 0.009},
    }));
    CAPTURE(before, after);
    const Exposed one{before, 5}, other{after, 5};
    const double chance = after > before ? chance_of_rise(one, other) : chance_of_fall(one, other);
    CHECK(chance == Approx(p).margin(5e-4));
}

TEST_CASE("two weeks of unequal days are compared by their days") {
    // 40 in five days, then 36 in three: P(X2 >= 36 | 76, 3/8).
    CHECK(chance_of_rise({40, 5}, {36, 3}) == Approx(0.0500).margin(5e-5));
}

TEST_CASE("two rates agree with Gu's example of 2008") {
    // As in the tests of statsmodels: 60 events in 51477.5, 30 in 54308.7.
    const auto test = compare_rates({60, 51477.5}, {30, 54308.7});
    CHECK(test.ratio == Approx(2.109998).margin(1e-6));
    CHECK(test.exact == Approx(0.000428).margin(5e-7));
    CHECK(test.mid_p == Approx(0.000310).margin(5e-7));
    CHECK(test.score_z == Approx(3.417402).margin(1e-6));
    CHECK(normal_upper(test.score_z) == Approx(0.000316).margin(5e-7));
    CHECK(test.wald_z == Approx(3.384913).margin(1e-6));
    CHECK(normal_upper(test.wald_z) == Approx(0.000356).margin(5e-7));
    CHECK(test.root_z == Approx(3.445485).margin(1e-6));
    CHECK(normal_upper(test.root_z) == Approx(0.000285).margin(5e-7));
}

TEST_CASE("the interval of one rate agrees with R's exactci") {
    // 15 events in 400.
    const auto exact = exact_rate(15, 400);
    CHECK(exact.low == Approx(0.0209884653319583).epsilon(1e-9));
    CHECK(exact.high == Approx(0.0618505471787146).epsilon(1e-9));
    CHECK(exact_rate_test(15, 400, 0.05) == Approx(0.313026269279486).epsilon(1e-9));
    const auto score = score_rate(15, 400);
    CHECK(score.low == Approx(0.0227264749053794).epsilon(1e-9));
    CHECK(score.high == Approx(0.0618771721463559).epsilon(1e-9));
    CHECK(exact_rate(0, 10).low == 0);
}

TEST_CASE("Wilson's interval agrees with the published ones") {
    // msn0/wilson-score-interval, z = 1.96.
    CHECK(wilson(430, 474, 1.96).low == Approx(0.8776750858).margin(1e-10));
    CHECK(wilson(430, 474, 1.96).high == Approx(0.9301239840).margin(1e-10));
    CHECK(wilson(10, 14, 1.96).low == Approx(0.4535045883).margin(1e-10));
    CHECK(wilson(10, 14, 1.96).high == Approx(0.8827881209).margin(1e-10));
    // Newcombe 1998, four decimals.
    const auto [hits, cases, low, high] = GENERATE(table<long, long, double, double>({
        {81, 263, 0.2553, 0.3662},
        {15, 148, 0.0624, 0.1605},
        {0, 20, 0, 0.1611},
        {1, 29, 0.0061, 0.1718},
    }));
    CAPTURE(hits, cases);
    CHECK(wilson(hits, cases).low == Approx(low).margin(5e-5));
    CHECK(wilson(hits, cases).high == Approx(high).margin(5e-5));
}

TEST_CASE("a share of no case says nothing") {
    CHECK(wilson(0, 0).low == 0);
    CHECK(wilson(0, 0).high == 1);
}

TEST_CASE("few cases are drawn towards the team's rate") {
    // (3 + 20 × 0.25) / (10 + 20), sales practice §5.
    CHECK(shrunk_rate(3, 10, 0.25) == Approx(0.2667).margin(5e-5));
}

TEST_CASE("Benjamini and Hochberg reject the first four of their own example") {
    const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
    CHECK(largest_rejected(p, 0.05) == 0.0095);
    CHECK(std::ranges::count_if(p, [](double one) { return one <= 0.0095; }) == 4);
    // Bonferroni's bound, 0.05 / 15, leaves three of them.
    CHECK(std::ranges::count_if(p, [](double one) { return one <= 0.05 / 15; }) == 3);
}

TEST_CASE("three deviations alone would speak of luck, five per cent of little else") {
    // Sales practice §8.7: what 8 reps × 5 KPIs and 50 × 6 would raise in a week by chance.
    const double three = 2 * normal_upper(3);
    CHECK(three == Approx(0.0027).margin(5e-5));
    CHECK(40 * three == Approx(0.11).margin(5e-3));
    CHECK(300 * three == Approx(0.81).margin(5e-3));
}

TEST_CASE("Benjamini and Hochberg step up: a local failure does not stop them") {
    CHECK(largest_rejected(std::vector<double>{0.06, 0.04, 0.05}, 0.10) == 0.06);
    CHECK(largest_rejected(std::vector<double>{0.2, 0.3}, 0.10) < 0);
    CHECK(largest_rejected(std::vector<double>{}, 0.10) < 0);
}

TEST_CASE("over-dispersion agrees with Wetherill and Brown's counts of 1991") {
    const std::vector<double> counts{11, 8, 13, 11, 13, 17, 25, 23, 11, 16, 9,  15, 10, 16, 12,
                                     8,  9, 15, 4,  12, 12, 12, 15, 17, 14, 17, 12, 12, 7,  16};
    CHECK(count_chart(counts).mean == Approx(13.0667).margin(5e-5));
    CHECK(dispersion(counts) == Approx(1.4722).margin(5e-5));
    CHECK(29 * dispersion(counts) == Approx(42.6939).margin(5e-5));
    CHECK(chi_square_upper(42.6939, 29) == Approx(0.0486).margin(5e-5));
    CHECK(chi_square_upper(2, 2) == Approx(std::exp(-1)));
}

TEST_CASE("an ordinary z cannot show the outlier of eight values, the modified one does") {
    // NIST/SEMATECH 1.3.5.17.1, uranium.
    const std::vector<double> values{199.31, 199.53, 200.19, 200.82,
                                     201.92, 201.95, 202.18, 245.57};
    CHECK(modified_z(values).back() == Approx(29.96).margin(5e-3));
    CHECK(modified_z(values).front() > -outlier_z);
    const double mean = count_chart(values).mean;
    CHECK((values.back() - mean) / std::sqrt(dispersion(values) * mean) ==
          Approx(2.4687).margin(1e-4));
}

TEST_CASE("no value is further from a mean that it is part of than the square root allows") {
    // (n − 1) / √n, reached when all others are the same (sales practice §8.2, §13).
    const auto [n, most] = GENERATE(table<std::size_t, double>({{8, 2.4749}, {10, 2.8460}}));
    std::vector<double> values(n, 50.0);
    values.back() = 5000;
    const double mean = count_chart(values).mean;
    CHECK((values.back() - mean) / std::sqrt(dispersion(values) * mean) ==
          Approx(most).margin(5e-5));
}

TEST_CASE("a baseline is the last eight usable weeks, and six are the least") {
    // Sales practice §8.3: mean 60.5, variance 54.0, so no more spread than Poisson's.
    const std::vector<double> weeks{900, 52, 66, 58, 71, 49, 63, 60, 65};
    const auto baseline = make_baseline(weeks, {});
    REQUIRE(baseline);
    CHECK(baseline->mean == 60.5);
    CHECK(dispersion(std::span{weeks}.last(8)) == Approx(54.0 / 60.5));
    CHECK(baseline->spread == 1);
    CHECK(baseline->weeks == 8);
    CHECK_FALSE(make_baseline(std::span{weeks}.last(5), {}));
    const auto six = make_baseline(std::span{weeks}.last(6), {});
    REQUIRE(six);
    CHECK(six->spread == 1.5);  // too few weeks to tell
    CHECK(baseline->over(0.6).mean == Approx(36.3));
}

TEST_CASE("a week that stands out is neither usual nor noise") {
    const std::vector<double> weeks{40, 41, 39, 42, 40, 0, 41, 40};
    const auto baseline = make_baseline(weeks, {});
    REQUIRE(baseline);
    CHECK(baseline->is_robust);
    CHECK(baseline->mean == 40);
    CHECK(baseline->plain_mean == Approx(35.375));
    CHECK(baseline->spread == 1.5);  // seven are left
    // Where most weeks are the same the deviation is that of a count: (60 − 40) / √40 = 3.16.
    CHECK_FALSE(make_baseline(std::vector<double>{40, 40, 40, 40, 40, 40, 40, 60}, {})->is_robust);
    CHECK(make_baseline(std::vector<double>{40, 40, 40, 40, 40, 40, 40, 63}, {})->is_robust);
}
