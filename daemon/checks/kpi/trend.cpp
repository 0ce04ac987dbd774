// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/trend.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace nudged::checks {
namespace {

// The least S that is beyond chance at 0.10, one-sided, for n = 4 … 10: from the exact distribution
// of S over all orders of n different values.
constexpr std::array critical_s{6, 8, 9, 11, 12, 14, 17};
constexpr int first_exact = 4;
constexpr int last_exact = 10;
// The normal distribution's 90 % point.
constexpr double critical_z = 1.2815515655446004;

// Attainments are quotients of binary fractions: 1.1 × 50 is not 55.
constexpr double tolerance = 1e-9;

bool is_beyond_chance(const MannKendall& test, long s, double z) {
    if (test.n < first_exact) return false;
    if (test.n > last_exact || test.has_ties) return z >= critical_z;
    return s >= critical_s[static_cast<std::size_t>(test.n - first_exact)];
}

double tie_correction(std::span<const double> values) {
    std::map<double, double> groups;
    for (const double value : values) ++groups[value];
    double sum = 0;
    for (const auto& [value, count] : groups) sum += count * (count - 1) * (2 * count + 5);
    return sum;
}

bool is_on_target(std::span<const TrendWeek> weeks) {
    const auto last = weeks.last(std::min<std::size_t>(3, weeks.size()));
    return std::count_if(last.begin(), last.end(), [](const TrendWeek& week) {
               return week.attainment && *week.attainment >= 1 - tolerance;
           }) >= 2;
}

bool is_low(std::span<const TrendWeek> weeks, const LowRule& low) {
    const auto needed = static_cast<std::size_t>(std::max(1, low.weeks_in_a_row));
    if (weeks.size() < needed) return false;
    const auto last = weeks.last(needed);
    return std::all_of(last.begin(), last.end(), [&](const TrendWeek& week) {
        return week.attainment && *week.attainment < low.attainment - tolerance;
    });
}

/// Sets the peak and what is usual beside it.
void measure_peak(Trend& trend, std::vector<double> values) {
    const auto peak = std::max_element(values.begin(), values.end());
    trend.peak = *peak;
    values.erase(peak);
    trend.usual = median(values);
}

TrendClass decide_class(const Trend& trend, const MannKendall& test,
                        std::span<const TrendWeek> weeks, const LowRule& low) {
    if (is_on_target(weeks)) return TrendClass::on_target;
    const bool rises = trend.slope > 0 && test.rises();
    const bool falls = trend.slope < 0 && test.falls();
    if (low.lower_is_better ? falls : rises) return TrendClass::improving;
    const bool moved = trend.fitted_first > 0 &&
                       std::abs(trend.fitted_first - trend.fitted_now) / trend.fitted_first >= 0.15;
    if ((low.lower_is_better ? rises : falls) && moved) return TrendClass::declining;
    if (trend.peak > trend.usual && trend.peak >= 1.5 * trend.usual - tolerance &&
        weeks.back().value <= 1.1 * trend.usual + tolerance)
        return TrendClass::spike;
    return is_low(weeks, low) ? TrendClass::low_flat : TrendClass::steady;
}

}  // namespace

double median(std::span<const double> values) {
    if (values.empty()) return 0;
    std::vector<double> sorted(values.begin(), values.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    if (sorted.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(sorted.begin(), middle)) / 2;
}

bool MannKendall::rises() const {
    return is_beyond_chance(*this, s, z);
}

bool MannKendall::falls() const {
    return is_beyond_chance(*this, -s, -z);
}

MannKendall mann_kendall(std::span<const double> values) {
    MannKendall test;
    test.n = static_cast<int>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t j = i + 1; j < values.size(); ++j)
            test.s += (values[j] > values[i]) - (values[j] < values[i]);
    const double n = test.n;
    const double ties = tie_correction(values);
    test.has_ties = ties > 0;
    test.variance = (n * (n - 1) * (2 * n + 5) - ties) / 18;
    const double s = static_cast<double>(test.s);
    if (test.s != 0) test.z = (s - std::copysign(1.0, s)) / std::sqrt(test.variance);
    return test;
}

TheilSen theil_sen(std::span<const Point> points) {
    std::vector<double> weeks;
    std::vector<double> values;
    std::vector<double> slopes;
    for (std::size_t i = 0; i < points.size(); ++i) {
        weeks.push_back(points[i].week);
        values.push_back(points[i].value);
        for (std::size_t j = i + 1; j < points.size(); ++j)
            slopes.push_back((points[j].value - points[i].value) /
                             (points[j].week - points[i].week));
    }
    TheilSen line;
    line.slope = median(slopes);
    line.intercept = median(values) - line.slope * median(weeks);
    return line;
}

std::string_view to_string(TrendClass kind) {
    switch (kind) {
    case TrendClass::learning: return "learning";
    case TrendClass::on_target: return "on_target";
    case TrendClass::improving: return "improving";
    case TrendClass::declining: return "declining";
    case TrendClass::spike: return "spike";
    case TrendClass::low_flat: return "low_flat";
    case TrendClass::steady: return "steady";
    }
    return "";
}

Trend decide_trend(std::span<const TrendWeek> weeks, const LowRule& low) {
    if (weeks.size() > trend_window) weeks = weeks.last(trend_window);
    Trend trend;
    trend.usable_weeks = static_cast<int>(weeks.size());
    if (weeks.empty()) return trend;

    std::vector<double> values;
    std::vector<Point> points;
    for (const auto& week : weeks) {
        values.push_back(week.value);
        points.push_back({static_cast<double>(week.week), week.value});
    }
    const auto test = mann_kendall(values);
    const auto line = theil_sen(points);
    trend.s = test.s;
    trend.slope = line.slope;
    trend.fitted_first = line.at(points.front().week);
    trend.fitted_now = line.at(points.back().week);
    measure_peak(trend, values);
    if (trend.usable_weeks >= trend_minimum) trend.kind = decide_class(trend, test, weeks, low);
    return trend;
}

Trend with_kept_commitments(Trend trend, int kept_in_a_row) {
    if (kept_in_a_row < kept_for_improving || trend.kind == TrendClass::learning ||
        trend.kind == TrendClass::on_target || trend.kind == TrendClass::improving)
        return trend;
    trend.kind = TrendClass::improving;
    trend.by_commitments = true;
    return trend;
}

}  // namespace nudged::checks
