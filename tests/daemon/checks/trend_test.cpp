// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/trend.hpp"

#include "daemon/checks/kpi/attainment.hpp"
#include "daemon/checks/statistics/baseline.hpp"
#include "daemon/checks/statistics/tails.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

using namespace nudged::checks;

namespace {

std::vector<Point> points_of(const std::vector<double>& values) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < values.size(); ++i)
        points.push_back({static_cast<double>(i), values[i]});
    return points;
}

/// Kendall's tau: S by the number of pairs.
double tau(const MannKendall& test) {
    return static_cast<double>(test.s) / (test.n * (test.n - 1) / 2.0);
}

/// P(S >= s) for each S of n different values in any order, from the largest S down. The number of
/// orders with so many falling pairs: the n-th value may stand before 0 … n − 1 of the others.
std::map<long, double, std::greater<>> exact_tails(int n) {
    std::vector<double> orders{1};
    double all = 1;
    for (int size = 2; size <= n; ++size) {
        std::vector<double> longer(orders.size() + static_cast<std::size_t>(size) - 1, 0);
        for (std::size_t falling = 0; falling < orders.size(); ++falling)
            for (std::size_t before = 0; before < static_cast<std::size_t>(size); ++before)
                longer[falling + before] += orders[falling];
        orders = std::move(longer);
        all *= size;
    }
    std::map<long, double, std::greater<>> tails;
    double sum = 0;
    for (std::size_t falling = 0; falling < orders.size(); ++falling) {
        sum += orders[falling];
        tails[n * (n - 1) / 2 - 2 * static_cast<long>(falling)] = sum / all;
    }
    return tails;
}

/// Weeks one after the other, each against the same target.
std::vector<TrendWeek> weeks_of(const std::vector<double>& values, double target) {
    std::vector<TrendWeek> weeks;
    for (std::size_t i = 0; i < values.size(); ++i)
        weeks.push_back({static_cast<int>(i), values[i], values[i] / target});
    return weeks;
}

// Published: daily births, in the examples of mmhs013/pyMannKendall.
const std::vector<double> births{
    35, 32, 30, 31, 44, 29, 45, 43, 38, 27, 38, 33, 55, 47, 45, 37, 50, 43, 41, 52, 34, 53, 39,
    32, 37, 43, 39, 35, 44, 38, 24, 23, 31, 44, 38, 50, 38, 51, 31, 31, 51, 36, 45, 51, 34, 52,
    47, 45, 46, 39, 48, 37, 35, 52, 42, 45, 39, 37, 30, 35, 28, 45, 34, 36, 50, 44, 39, 32, 39,
    45, 43, 39, 31, 27, 30, 42, 46, 41, 36, 45, 46, 43, 38, 34, 35, 56, 36, 32, 50, 41, 39, 41,
    47, 34, 36, 33, 35, 38, 38, 34, 53, 34, 34, 38, 35, 32, 42, 34, 46, 30, 46, 45, 54, 34, 37,
    35, 40, 42, 58, 51, 32, 35, 38, 33, 39, 47, 38, 52, 30, 34, 40, 35, 42, 41, 42, 38, 24, 34,
    43, 36, 55, 41, 45, 41, 37, 43, 39, 33, 43, 40, 38, 45, 46, 34, 35, 48, 51, 36, 33, 46, 42,
    48, 34, 41, 35, 40, 34, 30, 36, 40, 39, 45, 38, 47, 33, 30, 42, 43, 41, 41, 59, 43, 45, 38,
    37, 45, 42, 57, 46, 51, 41, 47, 26, 35, 44, 41, 42, 36, 45, 45, 45, 47, 38, 42, 35, 36, 39,
    45, 43, 47, 36, 41, 50, 39, 41, 46, 64, 45, 34, 38, 44, 48, 46, 44, 37, 39, 44, 45, 33, 44,
    38, 46, 46, 40, 39, 44, 48, 50, 41, 42, 51, 41, 44, 38, 68, 40, 42, 51, 44, 45, 36, 57, 44,
    42, 53, 42, 34, 40, 56, 44, 53, 55, 39, 59, 55, 73, 55, 44, 43, 40, 47, 51, 56, 49, 54, 56,
    47, 44, 43, 42, 45, 50, 48, 43, 40, 59, 41, 42, 51, 49, 45, 43, 42, 38, 47, 38, 36, 42, 35,
    28, 44, 36, 45, 46, 48, 49, 43, 42, 59, 45, 52, 46, 42, 40, 40, 45, 35, 35, 40, 39, 33, 42,
    47, 51, 44, 40, 57, 49, 45, 49, 51, 46, 44, 52, 45, 32, 46, 41, 34, 33, 36, 49, 43, 43, 34,
    39, 35, 52, 47, 52, 39, 40, 42, 42, 53, 39, 40, 38, 44, 34, 37, 52, 48, 55, 50,
};

}  // namespace

TEST_CASE("the median of an even sample is the mean of its middle two") {
    CHECK(median(std::vector<double>{5, 7, 8, 9, 10, 11, 12, 14, 20, 41}) == 10.5);
    CHECK(median(std::vector<double>{3, 1, 2}) == 2);
    CHECK(median(std::vector<double>{}) == 0);
}

TEST_CASE("Mann and Kendall's test agrees with the College of the Holy Cross's sum by hand") {
    const std::vector<double> values{12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9,
                                     11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7};
    const auto test = mann_kendall(values);
    CHECK(test.s == 54);  // 72 up, 18 down, 1 tie
    CHECK(test.has_ties);
    CHECK(test.variance == Approx(332.667).epsilon(1e-5));  // (14·13·33 − 2·1·9) / 18
    CHECK(test.z == Approx(2.9058).epsilon(1e-4));
    CHECK(normal_upper(test.z) == Approx(0.0018).margin(5e-5));
    CHECK(test.rises());
    CHECK_FALSE(test.falls());
    CHECK(theil_sen(points_of(values)).slope == Approx(0.56667).epsilon(1e-4));
}

TEST_CASE("Mann and Kendall's test and Theil and Sen's line agree with the shampoo sales") {
    const std::vector<double> values{266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5, 192.8,
                                     122.9, 336.5, 185.9, 194.3, 149.5, 210.1, 273.3, 191.4, 287.0,
                                     226.0, 303.6, 289.9, 421.6, 264.5, 342.3, 339.7, 440.4, 315.9,
                                     439.3, 401.3, 437.4, 575.5, 407.6, 682.0, 475.3, 581.3, 646.9};
    const auto test = mann_kendall(values);
    CHECK(test.s == 440);
    CHECK(tau(test) == Approx(0.6984126984).margin(1e-10));
    CHECK(test.variance == Approx(5390));
    CHECK(test.z == Approx(5.979573));
    const auto line = theil_sen(points_of(values));
    CHECK(line.slope == Approx(11.509375));
    CHECK(line.intercept == Approx(78.7359375));
}

TEST_CASE("a count series with many ties agrees with the daily births") {
    REQUIRE(births.size() == 365);
    const auto test = mann_kendall(births);
    CHECK(test.s == 12336);
    CHECK(test.variance == Approx(5412244.0));
    CHECK(test.z == Approx(5.302131199455321));
    CHECK(2 * normal_upper(test.z) == Approx(1.144585e-07).epsilon(1e-6));
    CHECK(tau(test) == Approx(0.18569923227).margin(1e-11));
    const auto line = theil_sen(points_of(births));
    CHECK(line.slope == Approx(0.019230769230769232));
    CHECK(line.intercept == Approx(38.5));
}

TEST_CASE("the daily births scatter a little more than counts, and three days stand out") {
    CHECK(dispersion(births) == Approx(1.28623).epsilon(1e-5));
    CHECK(364 * dispersion(births) == Approx(468.187).epsilon(1e-5));
    const auto chart = count_chart(births);
    CHECK(chart.mean == Approx(41.9808).epsilon(1e-5));
    CHECK(chart.low == Approx(22.54).epsilon(1e-3));
    CHECK(chart.high == Approx(61.42).epsilon(1e-3));
    std::vector<std::size_t> outside;
    for (std::size_t i = 0; i < births.size(); ++i)
        if (births[i] < chart.low || births[i] > chart.high) outside.push_back(i + 1);
    CHECK(outside == std::vector<std::size_t>{217, 245, 266});
    CHECK((births[216] == 64 && births[244] == 68 && births[265] == 73));
}

TEST_CASE("the critical S are those of the practice's table, with their exact chances") {
    // Sales practice §8.5; agrees with the table in EarthSoft's EQuIS help.
    struct Row {
        int n;
        long at_10;
        double p_10;
        long at_5;
        double p_5;
    };
    const auto row = GENERATE(values<Row>({
        {4, 6, .0417, 6, .0417},
        {5, 8, .0417, 8, .0417},
        {6, 9, .0681, 11, .0278},
        {7, 11, .0681, 13, .0345},
        {8, 12, .0894, 16, .0305},
        {9, 14, .0901, 18, .0376},
        {10, 17, .0779, 21, .0363},
        {11, 19, .0823, 23, .0433},
        {12, 20, .0985, 26, .0432},
    }));
    CAPTURE(row.n);
    const auto tails = exact_tails(row.n);
    CHECK(tails.at(row.at_10) == Approx(row.p_10).margin(5e-5));
    CHECK(tails.at(row.at_5) == Approx(row.p_5).margin(5e-5));
    // Beyond ten values the normal approximation comes to the same.
    const double n = row.n;
    for (const auto& [s, tail] : tails) {
        MannKendall test;
        test.n = row.n;
        test.s = s;
        if (s != 0)
            test.z = (static_cast<double>(s) - std::copysign(1.0, s)) /
                     std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
        CAPTURE(s, tail);
        CHECK(test.rises() == (s >= row.at_10));
        CHECK((tail <= 0.05) == (s >= row.at_5));
    }
}

TEST_CASE("the critical S is the least that the exact distribution calls beyond chance") {
    // All orders of n different values are equally likely; count those whose S is as great.
    const int n = GENERATE(4, 5, 6, 7, 8);
    std::vector<double> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0.0);
    std::map<long, long> times;
    long all = 0;
    do {
        ++times[mann_kendall(order).s];
        ++all;
    } while (std::next_permutation(order.begin(), order.end()));
    long as_great = 0;
    for (auto it = times.rbegin(); it != times.rend(); ++it) {
        as_great += it->second;
        MannKendall test;
        test.n = n;
        test.s = it->first;
        CAPTURE(n, it->first);
        const bool beyond = static_cast<double>(as_great) / static_cast<double>(all) <= 0.10;
        CHECK(test.rises() == beyond);
        test.s = -it->first;
        CHECK(test.falls() == beyond);
    }
}

TEST_CASE("a trend is classed as the practice's worked examples are") {
    struct Case {
        const char* name;
        std::vector<TrendWeek> weeks;
        TrendClass kind;
        long s;
        double slope;
    };
    const std::vector<TrendWeek> with_gap{
        {1, 40, 40 / 90.0}, {2, 45, 45 / 90.0}, {4, 55, 55 / 90.0}, {5, 60, 60 / 90.0}};
    const auto c = GENERATE_COPY(values<Case>({
        {"three weeks are too few", weeks_of({40, 50, 60}, 90), TrendClass::learning, 3, 10},
        {"six steps up", weeks_of({40, 50, 60, 72, 81, 90}, 90), TrendClass::improving, 15, 10},
        {"one week of 100", weeks_of({40, 41, 100, 42}, 90), TrendClass::spike, 4, 0.833},
        {"a slow climb", weeks_of({38, 41, 40, 44, 47, 46, 52, 55}, 90), TrendClass::improving, 24,
         2.381},
        {"a slow slide", weeks_of({60, 58, 61, 55, 52, 54, 49, 47}, 90), TrendClass::declining, -22,
         -1.929},
        {"flat and low", weeks_of({42, 39, 41, 40, 38, 43, 40, 41}, 90), TrendClass::low_flat, 0,
         0},
        {"a gap stays a gap", with_gap, TrendClass::improving, 6, 5},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto trend = decide_trend(c.weeks, LowRule{});
        CHECK(to_string(trend.kind) == to_string(c.kind));
        CHECK(trend.s == c.s);
        CHECK(trend.slope == Approx(c.slope).margin(0.0005));
    }
}

TEST_CASE("the fitted line says where a trend stands now") {
    const auto up = decide_trend(weeks_of({38, 41, 40, 44, 47, 46, 52, 55}, 90), LowRule{});
    CHECK(up.fitted_now == Approx(53.33).margin(0.005));
    CHECK((90 - up.fitted_now) / up.slope == Approx(15.4));  // 90 is reached in the 16th week
    const auto down = decide_trend(weeks_of({60, 58, 61, 55, 52, 54, 49, 47}, 90), LowRule{});
    CHECK(down.fitted_first == Approx(61.25));  // 54.5 + 1.92857 × 3.5
    CHECK(down.fitted_now == Approx(47.75));
}

TEST_CASE("a trend's class minds what it must not mistake") {
    struct Case {
        const char* name;
        std::vector<TrendWeek> weeks;
        TrendClass kind;
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"two of the last three weeks on target", weeks_of({50, 95, 60, 92}, 90),
         TrendClass::on_target},
        {"on target wins over a fall", weeks_of({130, 120, 110, 100, 95, 91}, 90),
         TrendClass::on_target},
        {"80 % exactly is not low", weeks_of({72, 72, 72, 72}, 90), TrendClass::steady},
        {"one better week ends a low run", weeks_of({40, 41, 40, 80, 41}, 90), TrendClass::spike},
        {"two low weeks are not three", weeks_of({75, 78, 74, 50, 52}, 90), TrendClass::steady},
        {"a fall of less than 15 % is steady", weeks_of({80, 79, 78, 77, 76, 75, 74, 73}, 90),
         TrendClass::steady},
        {"noise around the target's half is no decline", weeks_of({46, 51, 44, 49, 47, 50}, 90),
         TrendClass::low_flat},
        {"nothing at all, every week", weeks_of({0, 0, 0, 0}, 90), TrendClass::low_flat},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(to_string(decide_trend(c.weeks, LowRule{}).kind) == to_string(c.kind));
    }
}

TEST_CASE("without a target a series can rise or fall but not be low") {
    std::vector<TrendWeek> weeks;
    for (int i = 0; i < 6; ++i) weeks.push_back({i, 10, std::nullopt});
    CHECK(decide_trend(weeks, LowRule{}).kind == TrendClass::steady);
}

TEST_CASE("only the last eight usable weeks count") {
    // The climb is over: what is left of it in the window is flat.
    const auto trend =
        decide_trend(weeks_of({10, 20, 30, 40, 40, 40, 40, 40, 40, 40, 40}, 90), LowRule{});
    CHECK(trend.usable_weeks == 8);
    CHECK(trend.kind == TrendClass::low_flat);
}

TEST_CASE("the next rung is a fifth of the way to the target") {
    double usual = 40;
    std::vector<double> rungs;
    for (int i = 0; i < 2; ++i) rungs.push_back(usual = next_rung(usual, 90));
    CHECK(rungs == std::vector<double>{50, 58});  // 40 + 10; 50 + 8
    CHECK(next_rung(2, 3) == 3);                  // at least one
}
