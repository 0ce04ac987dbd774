// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/statistics/tails.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::checks {
namespace {

/// Terms that no longer change a sum end it.
constexpr double negligible = 1e-18;

/// std::lgamma writes a global; checks run on several threads.
double log_gamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

double count_point(const CountLaw& law, long x) {
    const double k = static_cast<double>(x);
    if (law.mean <= 0) return x == 0 ? 1 : 0;
    if (law.spread <= 1) return std::exp(k * std::log(law.mean) - law.mean - log_gamma(k + 1));
    const double r = law.mean / (law.spread - 1);
    return std::exp(log_gamma(k + r) - log_gamma(r) - log_gamma(k + 1) - r * std::log(law.spread) +
                    k * std::log1p(-1 / law.spread));
}

/// P(X = x + 1) / P(X = x)
double count_step(const CountLaw& law, long x) {
    const double k = static_cast<double>(x);
    if (law.spread <= 1) return law.mean / (k + 1);
    const double r = law.mean / (law.spread - 1);
    return (k + r) / (k + 1) * (1 - 1 / law.spread);
}

/// P(X <= x), from x downwards: for x below the bulk, where the terms shrink.
double sum_down(const CountLaw& law, long x) {
    double term = count_point(law, x);
    double sum = 0;
    for (; x >= 0 && term > negligible * sum; --x) {
        sum += term;
        if (x > 0) term /= count_step(law, x - 1);
    }
    return std::min(1.0, sum);
}

double sum_up(const CountLaw& law, long x) {
    double term = count_point(law, x);
    double sum = 0;
    for (; term > negligible * sum; ++x) {
        sum += term;
        term *= count_step(law, x);
    }
    return std::min(1.0, sum);
}

}  // namespace

double lower_tail(const CountLaw& law, long x) {
    if (x < 0) return 0;
    if (law.mean <= 0) return 1;
    return static_cast<double>(x) < law.mean ? sum_down(law, x) : 1 - sum_up(law, x + 1);
}

double upper_tail(const CountLaw& law, long x) {
    if (x <= 0) return 1;
    if (law.mean <= 0) return 0;
    return static_cast<double>(x) > law.mean ? sum_up(law, x) : 1 - sum_down(law, x - 1);
}

double binomial_point(long trials, double share, long x) {
    if (x < 0 || x > trials) return 0;
    if (share <= 0) return x == 0 ? 1 : 0;
    if (share >= 1) return x == trials ? 1 : 0;
    const double n = static_cast<double>(trials);
    const double k = static_cast<double>(x);
    return std::exp(log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1) +
                    k * std::log(share) + (n - k) * std::log1p(-share));
}

double binomial_lower(long trials, double share, long x) {
    if (x < 0) return 0;
    if (x >= trials) return 1;
    if (static_cast<double>(x) > static_cast<double>(trials) * share)
        return 1 - binomial_lower(trials, 1 - share, trials - x - 1);
    double sum = 0;
    for (long k = x; k >= 0; --k) {
        const double term = binomial_point(trials, share, k);
        sum += term;
        if (term <= negligible * sum) break;
    }
    return std::min(1.0, sum);
}

double binomial_upper(long trials, double share, long x) {
    return binomial_lower(trials, 1 - share, trials - x);
}

double normal_upper(double z) {
    return std::erfc(z / std::sqrt(2.0)) / 2;
}

double chi_square_upper(double x, int degrees) {
    if (x <= 0) return 1;
    const double half = x / 2;
    // Q(a, x/2) for a = degrees / 2, from Q(1/2) or Q(1) upwards.
    double sum = degrees % 2 == 1 ? std::erfc(std::sqrt(half)) : std::exp(-half);
    for (double a = degrees % 2 == 1 ? 0.5 : 1; a < degrees / 2.0; ++a)
        sum += std::exp(a * std::log(half) - half - log_gamma(a + 1));
    return std::min(1.0, sum);
}

}  // namespace nudged::checks
