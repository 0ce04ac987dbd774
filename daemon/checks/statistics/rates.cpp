// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/statistics/rates.hpp"

#include "daemon/checks/statistics/tails.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nudged::checks {
namespace {

/// The mean in [low, high] at which a tail, which falls or rises there, takes `wanted`.
template <typename Tail>
double solve(double low, double high, double wanted, Tail tail) {
    const bool rises = tail(high) > tail(low);
    for (int halved = 0; halved < 200; ++halved) {
        const double middle = (low + high) / 2;
        if ((tail(middle) < wanted) == rises)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

}  // namespace

Interval wilson(long hits, long cases, double z) {
    if (cases <= 0) return {0, 1};
    const double n = static_cast<double>(cases);
    const double share = static_cast<double>(hits) / n;
    const double centre = share + z * z / (2 * n);
    const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    return {std::max(0.0, (centre - half) / scale), std::min(1.0, (centre + half) / scale)};
}

double shrunk_rate(long hits, long cases, double team_rate, double weight) {
    return (static_cast<double>(hits) + weight * team_rate) / (static_cast<double>(cases) + weight);
}

Interval exact_rate(long events, double exposure, double alpha) {
    const double most = 2 * static_cast<double>(events) + 100;
    const double low = events == 0 ? 0 : solve(0, most, alpha / 2, [&](double mean) {
        return upper_tail({mean}, events);
    });
    const double high =
        solve(0, most, alpha / 2, [&](double mean) { return lower_tail({mean}, events); });
    return {low / exposure, high / exposure};
}

Interval score_rate(long events, double exposure, double z) {
    const double x = static_cast<double>(events);
    const double half = z * std::sqrt(x + z * z / 4);
    return {(x + z * z / 2 - half) / exposure, (x + z * z / 2 + half) / exposure};
}

double exact_rate_test(long events, double exposure, double rate) {
    const CountLaw law{rate * exposure};
    return std::min(1.0, 2 * std::min(lower_tail(law, events), upper_tail(law, events)));
}

double chance_of_rise(const Exposed& earlier, const Exposed& later) {
    const double share = later.exposure / (earlier.exposure + later.exposure);
    return binomial_upper(earlier.events + later.events, share, later.events);
}

double chance_of_fall(const Exposed& earlier, const Exposed& later) {
    const double share = later.exposure / (earlier.exposure + later.exposure);
    return binomial_lower(earlier.events + later.events, share, later.events);
}

RateComparison compare_rates(const Exposed& one, const Exposed& other) {
    const double x = static_cast<double>(one.events);
    const double y = static_cast<double>(other.events);
    const double d = one.exposure / other.exposure;
    const long sum = one.events + other.events;
    const double share = d / (1 + d);
    RateComparison result;
    result.ratio = x / one.exposure / (y / other.exposure);
    result.exact = binomial_upper(sum, share, one.events);
    result.mid_p = result.exact - binomial_point(sum, share, one.events) / 2;
    result.score_z = (x - y * d) / std::sqrt((x + y) * d);
    result.wald_z = (x - y * d) / std::sqrt(x + y * d * d);
    constexpr double shift = 3.0 / 8;  // makes the variance of a root even
    result.root_z = 2 * (std::sqrt(x + shift) - std::sqrt((y + shift) * d)) / std::sqrt(1 + d);
    return result;
}

double largest_rejected(std::span<const double> p_values, double q) {
    std::vector<double> sorted(p_values.begin(), p_values.end());
    std::sort(sorted.begin(), sorted.end());
    const double n = static_cast<double>(sorted.size());
    for (std::size_t i = sorted.size(); i > 0; --i)
        if (sorted[i - 1] <= static_cast<double>(i) * q / n) return sorted[i - 1];
    return -1;
}

}  // namespace nudged::checks
