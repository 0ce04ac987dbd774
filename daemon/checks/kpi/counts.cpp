// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/counts.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::checks {
namespace {

// Quotients of binary fractions: 0.75 × 60 may be a little more than 45.
constexpr double tolerance = 1e-9;

long whole(double value) {
    return std::lround(value);
}

std::optional<Baseline> baseline_before(std::span<const CountWeek> weeks,
                                        const BaselineRule& rule) {
    std::vector<double> values;
    for (const auto& week : weeks) values.push_back(week.per_standard_week());
    return make_baseline(values, rule);
}

/// How many weeks there are up to and with `week`; 0 when it is none of them.
std::size_t count_until(std::span<const CountWeek> weeks, int week) {
    const auto found = std::find_if(weeks.begin(), weeks.end(),
                                    [&](const CountWeek& one) { return one.week == week; });
    return found == weeks.end() ? 0 : static_cast<std::size_t>(found - weeks.begin()) + 1;
}

std::optional<CountTest> test_weeks(std::span<const CountWeek> before,
                                    std::span<const CountWeek> tested, const BaselineRule& rule) {
    const auto baseline = baseline_before(before, rule);
    if (!baseline) return std::nullopt;
    CountTest test{
        .weeks = static_cast<int>(tested.size()), .standard_weeks = 0, .baseline = *baseline};
    for (const auto& one : tested) {
        test.value += one.value;
        test.standard_weeks += one.days / 5;
    }
    const auto law = test.baseline.over(test.standard_weeks);
    test.low = lower_tail(law, whole(test.value));
    test.high = upper_tail(law, whole(test.value));
    return test;
}

double share_of(const TeamTotal& team, const CountTest& test) {
    return team.usual > 0 ? test.expected() / team.usual : 0;
}

}  // namespace

std::optional<CountTest> test_window(std::span<const CountWeek> weeks, int week, int size,
                                     const BaselineRule& rule) {
    const auto count = count_until(weeks, week);
    const auto tested = static_cast<std::size_t>(size);
    if (count < tested) return std::nullopt;
    return test_weeks(weeks.first(count - tested), weeks.subspan(count - tested, tested), rule);
}

std::optional<CountTest> test_span(std::span<const CountWeek> weeks, int first, int last,
                                   const BaselineRule& rule) {
    const auto place = [&](int week) {
        return std::lower_bound(
                   weeks.begin(), weeks.end(), week,
                   [](const CountWeek& one, int wanted) { return one.week < wanted; }) -
               weeks.begin();
    };
    const auto from = static_cast<std::size_t>(place(first));
    const auto until = static_cast<std::size_t>(place(last + 1));
    if (from == until) return std::nullopt;
    return test_weeks(weeks.first(from), weeks.subspan(from, until - from), rule);
}

std::optional<CountTest> test_week(std::span<const CountWeek> weeks, int week,
                                   const BaselineRule& rule, double too_few) {
    const auto single = test_window(weeks, week, 1, rule);
    if (!single || single->baseline.mean >= too_few) return single;
    return test_window(weeks, week, small_count_window, rule);
}

void TeamTotal::add(const CountTest& test) {
    value += test.value;
    const double plain = test.baseline.plain_mean * test.standard_weeks;
    expected += plain;
    usual += test.expected();
    variance += plain * test.baseline.spread;
    ++reps;
}

double TeamTotal::low() const {
    return lower_tail(law(), whole(value));
}

double TeamTotal::high() const {
    return upper_tail(law(), whole(value));
}

double TeamTotal::adjusted_low(const CountTest& test) const {
    return binomial_lower(whole(value), share_of(*this, test), whole(test.value));
}

double TeamTotal::adjusted_high(const CountTest& test) const {
    return binomial_upper(whole(value), share_of(*this, test), whole(test.value));
}

bool is_large(const CountTest& test, Direction direction, const KpiUnusualWeek& rule) {
    const double usual = test.expected();
    const double change = direction == Direction::low ? usual - test.value : test.value - usual;
    return change >= rule.least_change * usual - tolerance &&
           change >= rule.least_difference - tolerance;
}

std::vector<Drift> find_drifts(std::span<const CountWeek> weeks, const BaselineRule& baseline,
                               const KpiDrift& rule, double too_few) {
    std::vector<Drift> signals;
    Cusum cusum{.slack = rule.slack, .limit = rule.limit};
    Drift run;
    std::size_t learn_from = 0;
    for (std::size_t i = 0; i < weeks.size(); ++i) {
        if (cusum.falls <= 0) {
            const auto learned =
                baseline_before(weeks.subspan(learn_from, i - learn_from), baseline);
            if (!learned || learned->mean < too_few) continue;
            run = {.first_week = weeks[i].week, .baseline = *learned};
        }
        const double standard_weeks = weeks[i].days / 5;
        cusum.add(stable_z(weeks[i].value, run.baseline.over(standard_weeks)));
        run.week = weeks[i].week;
        ++run.weeks;
        run.value += weeks[i].value;
        run.standard_weeks += standard_weeks;
        run.sum = cusum.falls;
        if (!cusum.has_fallen()) continue;
        signals.push_back(run);
        cusum.falls = 0;
        // What comes after is compared with the new level, which has to be learned first.
        learn_from = i + 1 - static_cast<std::size_t>(run.weeks);
    }
    return signals;
}

}  // namespace nudged::checks
