// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/statistics/baseline.hpp"

#include "daemon/checks/kpi/trend.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nudged::checks {
namespace {

constexpr double most_spread = 4;
constexpr double unknown_spread = 1.5;  // activity counts scatter more than Poisson's
constexpr std::size_t spread_needs = 8;

double mean_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of the weeks that do not stand out: a single outlier would pass for noise.
double spread_of(std::span<const double> values, std::span<const double> z) {
    std::vector<double> usual;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::abs(z[i]) <= outlier_z) usual.push_back(values[i]);
    if (usual.size() < spread_needs) return unknown_spread;
    return std::clamp(dispersion(usual), 1.0, most_spread);
}

}  // namespace

std::vector<double> modified_z(std::span<const double> values) {
    const double middle = median(values);
    std::vector<double> distances;
    for (const double value : values) distances.push_back(std::abs(value - middle));
    const double mad = median(distances);
    const double deviation = mad > 0 ? mad / 0.6745 : std::sqrt(std::max(middle, 1.0));
    std::vector<double> z;
    for (const double value : values) z.push_back((value - middle) / deviation);
    return z;
}

double dispersion(std::span<const double> values) {
    if (values.size() < 2) return 1;
    const double mean = mean_of(values);
    if (mean <= 0) return 1;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return squares / static_cast<double>(values.size() - 1) / mean;
}

std::optional<Baseline> make_baseline(std::span<const double> values, const BaselineRule& rule) {
    values = values.last(std::min(values.size(), static_cast<std::size_t>(rule.weeks)));
    if (values.empty() || static_cast<int>(values.size()) < rule.minimum) return std::nullopt;
    const auto z = modified_z(values);
    Baseline baseline;
    baseline.weeks = static_cast<int>(values.size());
    baseline.plain_mean = mean_of(values);
    baseline.is_robust =
        std::any_of(z.begin(), z.end(), [](double one) { return std::abs(one) > outlier_z; });
    baseline.mean = baseline.is_robust ? median(values) : baseline.plain_mean;
    baseline.spread = spread_of(values, z);
    return baseline;
}

double stable_z(double count, const CountLaw& law) {
    constexpr double shift = 3.0 / 8;
    return 2 * (std::sqrt(count + shift) - std::sqrt(law.mean + shift)) / std::sqrt(law.spread);
}

void Cusum::add(double deviation) {
    falls = std::max(0.0, falls - deviation - slack);
    rises = std::max(0.0, rises + deviation - slack);
}

double poisson_reference(double from, double to) {
    return (to - from) / (std::log(to) - std::log(from));
}

double run_length(const Cusum& cusum, double shift) {
    const double drift = shift - cusum.slack;
    const double height = cusum.limit + 1.166;
    if (drift == 0) return height * height;
    return (std::exp(-2 * drift * height) + 2 * drift * height - 1) / (2 * drift * drift);
}

double weighted_average(double before, double value, double weight) {
    return weight * value + (1 - weight) * before;
}

double weighted_limit(double weight, double width, double deviation, int index) {
    const double settled = 1 - std::pow(1 - weight, 2 * index);
    return width * deviation * std::sqrt(weight / (2 - weight) * settled);
}

CountChart count_chart(std::span<const double> counts) {
    const double mean = mean_of(counts);
    const double half = 3 * std::sqrt(mean);
    return {mean, std::max(0.0, mean - half), mean + half};
}

}  // namespace nudged::checks
