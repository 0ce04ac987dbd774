// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/statistics/baseline.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace nudged::checks;

namespace {

// Published: Montgomery, Introduction to Statistical Quality Control; as in jchester/spc-kit.
const std::vector<double> montgomery{9.45,  7.99,  9.29,  11.66, 12.16, 10.18, 8.04,  11.46,
                                     9.20,  10.34, 9.03,  11.47, 10.51, 9.40,  10.08, 9.37,
                                     10.62, 10.31, 8.52,  10.84, 10.90, 9.33,  12.29, 11.50,
                                     10.60, 11.08, 10.38, 11.62, 11.31, 10.52};

/// The lower sums of a week after another against a mean, and the first week with a signal.
struct Falls {
    std::vector<double> sums;
    int signal = 0;  // counted from 1; 0 for none
};
Falls falls_of(const std::vector<double>& weeks, double mean) {
    Falls result;
    Cusum cusum;
    for (const double week : weeks) {
        cusum.add(stable_z(week, {mean}));
        result.sums.push_back(cusum.falls);
        if (!result.signal && cusum.has_fallen())
            result.signal = static_cast<int>(result.sums.size());
    }
    return result;
}

/// The mean number of steps until a Markov chain leaves its states, begun in `from`: solves
/// (I − Q | 1), one row a state.
double first_passage(std::vector<std::vector<double>> rows, std::size_t from) {
    const std::size_t size = rows.size();
    for (std::size_t pivot = 0; pivot < size; ++pivot)
        for (std::size_t other = 0; other < size; ++other) {
            if (other == pivot) continue;
            const double factor = rows[other][pivot] / rows[pivot][pivot];
            for (std::size_t i = pivot; i <= size; ++i) rows[other][i] -= factor * rows[pivot][i];
        }
    return rows[from][size] / rows[from][from];
}

/// How long an average of standard normal values stays within `width` of its deviations: Brook and
/// Evans's chain over 101 steps between the limits.
double average_run_length(double weight, double width) {
    constexpr std::size_t size = 101;
    const double limit = weighted_limit(weight, width, 1, 1'000'000);
    const double step = 2 * limit / size;
    std::vector<std::vector<double>> rows(size, std::vector<double>(size + 1, 1));
    for (std::size_t from = 0; from < size; ++from)
        for (std::size_t to = 0; to < size; ++to) {
            const double before = -limit + (static_cast<double>(from) + 0.5) * step;
            const double low = -limit + static_cast<double>(to) * step;
            // The value that takes the average from `before` to a bound.
            const auto value = [&](double bound) {
                return (bound - (1 - weight) * before) / weight;
            };
            const double chance = normal_upper(value(low)) - normal_upper(value(low + step));
            rows[from][to] = (from == to) - chance;
        }
    return first_passage(std::move(rows), size / 2);
}

/// How long a one-sided sum of standard normal deviations lasts: Brook and Evans's chain, whose
/// first state is the sum at 0 and whose others are the middles of equal steps.
double normal_run_length(double slack, double limit) {
    constexpr std::size_t size = 151;
    const double step = 2 * limit / (2 * size - 1);
    std::vector<std::vector<double>> rows(size, std::vector<double>(size + 1, 1));
    for (std::size_t from = 0; from < size; ++from)
        for (std::size_t to = 0; to < size; ++to) {
            const auto beyond = [&](double steps) {
                return normal_upper((steps - static_cast<double>(from)) * step + slack);
            };
            const double low = to == 0 ? 1 : beyond(static_cast<double>(to) - 0.5);
            rows[from][to] = (from == to) - (low - beyond(static_cast<double>(to) + 0.5));
        }
    return first_passage(std::move(rows), 0);
}

/// The weeks until counts around `mean` give a signal against what was usual: the mean of so many
/// runs.
double weeks_to_signal(double usual, double mean, int runs) {
    std::mt19937 random{20261201};
    std::poisson_distribution<int> count{mean};
    double weeks = 0;
    for (int run = 0; run < runs; ++run)
        for (Cusum cusum; !cusum.has_fallen(); ++weeks) cusum.add(stable_z(count(random), {usual}));
    return weeks / runs;
}

/// How long Lucas's sum of counts, max(0, C + k − x), lasts until it is above h: by the Markov
/// chain over its whole-numbered states.
double poisson_run_length(double mean, int slack, int limit) {
    const int n = limit + 1;
    const auto size = static_cast<std::size_t>(n);
    std::vector<std::vector<double>> rows(size, std::vector<double>(size + 1, 0));
    for (int from = 0; from < n; ++from) {
        auto& row = rows[static_cast<std::size_t>(from)];
        for (int to = 0; to < n; ++to) {
            const long x = from + slack - to;  // the count that leads there; 0: so many or more
            const double chance = to == 0 ? upper_tail({mean}, x)
                                  : x < 0 ? 0
                                          : lower_tail({mean}, x) - lower_tail({mean}, x - 1);
            row[static_cast<std::size_t>(to)] = (from == to) - chance;
        }
        row[size] = 1;
    }
    return first_passage(std::move(rows), 0);
}

}  // namespace

TEST_CASE("a weighted average agrees with NIST's example") {
    // NIST/SEMATECH e-Handbook 6.3.2.4: z0 50, weight 0.3, s 2.0539, three deviations.
    const std::vector<double> x{52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5,
                                49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1};
    const std::vector<double> z{50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75,
                                49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05,
                                49.38, 49.92, 50.73, 51.23, 51.94, 51.99};
    const double limit = weighted_limit(0.3, 3, 2.0539, 1000);
    CHECK(50 + limit == Approx(52.5884).margin(1e-4));
    CHECK(50 - limit == Approx(47.4116).margin(1e-4));
    double average = 50;
    for (std::size_t i = 0; i < x.size(); ++i) {
        average = weighted_average(average, x[i], 0.3);
        CAPTURE(i);
        CHECK(average == Approx(z[i]).margin(0.0051));
        CHECK(std::abs(average - 50) < limit);
    }
}

TEST_CASE("a weighted average with exact limits agrees with Montgomery's") {
    const std::vector<double> z{
        9.945,   9.7495,  9.70355, 9.8992,  10.1253, 10.1307, 9.92167, 10.0755, 9.98796, 10.0232,
        9.92384, 10.0785, 10.1216, 10.0495, 10.0525, 9.98426, 10.0478, 10.074,  9.91864, 10.0108,
        10.0997, 10.0227, 10.2495, 10.3745, 10.3971, 10.4654, 10.4568, 10.5731, 10.6468, 10.6341};
    CHECK(weighted_limit(0.1, 2.7, 1, 1) == Approx(0.27));
    CHECK(weighted_limit(0.1, 2.7, 1, 30) == Approx(0.619).margin(5e-4));
    double average = 10;
    std::vector<std::size_t> outside;
    for (std::size_t i = 0; i < z.size(); ++i) {
        average = weighted_average(average, montgomery[i], 0.1);
        CAPTURE(i);
        CHECK(average == Approx(z[i]).margin(1e-4));
        const int index = static_cast<int>(i) + 1;
        if (std::abs(average - 10) > weighted_limit(0.1, 2.7, 1, index)) outside.push_back(i + 1);
    }
    CHECK(outside == std::vector<std::size_t>{29, 30});
}

TEST_CASE("cumulative sums agree with Montgomery's") {
    const std::vector<double> rises{0,    0,    0,    1.16, 2.82, 2.50, 0.04, 1.00, 0,    0,
                                    0,    0.97, 0.98, 0,    0,    0,    0.12, 0,    0,    0.34,
                                    0.74, 0,    1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28, 5.30};
    const std::vector<double> falls{0.05, 1.56, 1.77, 0,    0, 0,    1.46, 0, 0.30, 0,
                                    0.47, 0,    0,    0.10, 0, 0.13, 0,    0, 0.98, 0,
                                    0,    0.17, 0,    0,    0, 0,    0,    0, 0,    0};
    Cusum cusum{.slack = 0.5, .limit = 5};
    for (std::size_t i = 0; i < montgomery.size(); ++i) {
        cusum.add(montgomery[i] - 10);
        CAPTURE(i);
        CHECK(cusum.rises == Approx(rises[i]).margin(1e-9));
        CHECK(cusum.falls == Approx(falls[i]).margin(1e-9));
        CHECK(cusum.has_risen() == (i + 1 >= 29));
        CHECK_FALSE(cusum.has_fallen());
    }
}

TEST_CASE("cumulative sums agree with NIST's example") {
    // NIST/SEMATECH 6.3.2.3: printed halves are rounded either way.
    const std::vector<double> x{324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125,
                                324.525, 325.225, 324.600, 324.625, 325.150, 328.325, 327.250,
                                327.825, 328.500, 326.675, 327.775, 326.875, 328.350};
    const std::vector<double> rises{0, 0, 0,    0,    0.03, 0,     0,     0,     0,     0,
                                    0, 0, 3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04};
    const std::vector<double> falls{0,    0.01, 0, 0.33, 0, 0, 0.56, 0.72, 0.17, 0.25,
                                    0.31, 0,    0, 0,    0, 0, 0,    0,    0,    0};
    Cusum cusum{.slack = 0.3175, .limit = 4.1959};
    std::size_t first = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        cusum.add(x[i] - 325);
        CAPTURE(i);
        CHECK(cusum.rises == Approx(rises[i]).margin(0.0051));
        CHECK(cusum.falls == Approx(falls[i]).margin(0.0051));
        if (first == 0 && cusum.has_risen()) first = i + 1;
    }
    CHECK(first == 14);
}

TEST_CASE("how long a cumulative sum lasts agrees with Siegmund's figures") {
    CHECK(run_length({.slack = 0.5, .limit = 5}, 0) == Approx(938.2).margin(0.05));
    CHECK(run_length({.slack = 0.5, .limit = 4}, 0) == Approx(338.1).margin(0.05));
    // Two-sided: half of it.
    CHECK(run_length({.slack = 0.5, .limit = 5}, 0) / 2 == Approx(469.1).margin(0.05));
    CHECK(run_length({.slack = 0.5, .limit = 4}, 0) / 2 == Approx(169.1).margin(0.06));
    // What the approximation approximates: 465, two-sided.
    CHECK(normal_run_length(0.5, 5) / 2 == Approx(465).margin(0.5));
    CHECK(run_length({.slack = 0.5, .limit = 5}, 0) / normal_run_length(0.5, 5) ==
          Approx(1).margin(0.01));
}

TEST_CASE("drift as it ships is seldom seen where there is none, and soon where counts fall") {
    // Sales practice §8.4: weeks to a false alarm, and to find a fall by 25 %, simulated there in
    // so few runs that their error is 5 %. 20,000 runs by another program, beside.
    struct Row {
        double mean, quiet, found, precisely;
    };
    const auto row = GENERATE(
        values<Row>({{20, 233, 6.1, 212.5}, {40, 255, 4.0, 240.9}, {90, 267, 2.6, 270.4}}));
    CAPTURE(row.mean);
    const double quiet = weeks_to_signal(row.mean, row.mean, 4000);
    CHECK(quiet == Approx(row.quiet).epsilon(0.10));
    CHECK(quiet == Approx(row.precisely).epsilon(0.04));
    CHECK(weeks_to_signal(row.mean, 0.75 * row.mean, 4000) == Approx(row.found).epsilon(0.05));
}

TEST_CASE("an average without a change stays within Crowder's limits for 250 points") {
    // Crowder 1989, in the examples of the R package spc: limits of two decimals.
    const auto [weight, width] = GENERATE(table<double, double>(
        {{0.05, 2.32}, {0.10, 2.55}, {0.15, 2.65}, {0.20, 2.72}, {0.25, 2.76}}));
    CAPTURE(weight);
    CHECK(average_run_length(weight, width) == Approx(250).epsilon(0.02));
}

TEST_CASE("a sum of counts lasts as long as its Markov chain says, and finds a fall soon") {
    struct Row {
        double mean, after;
        int slack, limit;
        double quiet, found;
    };
    const auto row = GENERATE(values<Row>({
        {10, 7.5, 9, 14, 200.5, 10.05},
        {20, 15, 17, 11, 224.3, 6.11},
        {40, 30, 35, 14, 242.4, 3.62},
        {90, 67.5, 78, 13, 263.2, 1.96},
    }));
    CAPTURE(row.mean);
    CHECK(poisson_run_length(row.mean, row.slack, row.limit) == Approx(row.quiet).margin(0.06));
    CHECK(poisson_run_length(row.after, row.slack, row.limit) == Approx(row.found).margin(0.006));
    CHECK(poisson_run_length(10, 9, 12) == Approx(124.57).margin(0.006));
}

TEST_CASE("the slack of a sum of counts lies between both means") {
    CHECK(poisson_reference(40, 30) == Approx(34.76).margin(5e-3));
    CHECK(poisson_reference(60, 48) == Approx(53.78).margin(5e-3));
}

TEST_CASE("a chart of counts agrees with Montgomery's circuit boards") {
    const std::vector<double> boards{21, 24, 16, 12, 15, 5,  28, 20, 31, 25, 20, 24, 16,
                                     19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15};
    const auto chart = count_chart(boards);
    CHECK(chart.mean == Approx(19.85).margin(5e-3));
    CHECK(chart.high == Approx(33.22).margin(0.01));
    CHECK(chart.low == Approx(6.48).margin(0.01));
    for (std::size_t i = 0; i < boards.size(); ++i) {
        CHECK((boards[i] < chart.low) == (i + 1 == 6));
        CHECK((boards[i] > chart.high) == (i + 1 == 20));
    }
}

TEST_CASE("a fall of a quarter is found in its third week") {
    // Sales practice §8.4, mean 60.
    const std::vector<double> weeks{60, 58, 61, 46, 44, 45, 47, 43};
    const std::vector<double> z{0, -0.260, 0.128, -1.920, -2.217, -2.068, -1.774, -2.368};
    for (std::size_t i = 0; i < weeks.size(); ++i)
        CHECK(stable_z(weeks[i], {60}) == Approx(z[i]).margin(5e-4));
    const auto falls = falls_of(weeks, 60);
    CHECK(falls.signal == 6);
    CHECK(falls.sums[3] == Approx(1.420).margin(5e-4));
    CHECK(falls.sums[4] == Approx(3.138).margin(6e-4));
    CHECK(falls.sums[5] == Approx(4.706).margin(6e-4));
}

TEST_CASE("a slow slide is left to the trend") {
    const auto falls = falls_of({60, 58, 61, 55, 52, 54, 49, 47}, 60);
    CHECK(falls.signal == 0);
    CHECK(falls.sums.back() == Approx(3.277).margin(6e-4));
}

TEST_CASE("over-dispersed counts are drawn nearer") {
    CHECK(stable_z(46, {60, 4}) == Approx(stable_z(46, {60}) / 2));
}
