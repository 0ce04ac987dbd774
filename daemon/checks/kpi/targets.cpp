// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/targets.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/kpi/computed_weeks.hpp"
#include "daemon/checks/kpi/weeks.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::checks {
namespace {

using std::chrono::local_days;

constexpr std::size_t suggestion_weeks = 12;

bool is_called(const warehouse::Rep& rep, const std::string& name) {
    const auto wanted = to_lower_ascii(name);
    return to_lower_ascii(rep.email) == wanted || to_lower_ascii(rep.name) == wanted;
}

/// How closely a target is meant for the rep; 0: not for them.
int closeness(const DatedTarget& target, const warehouse::Rep& rep, const std::string& team) {
    if (!target.rep.empty()) return is_called(rep, target.rep) ? 4 : 0;
    if (!target.role.empty()) return target.role == rep.role ? 3 : 0;
    if (!target.team.empty()) return target.team == team ? 2 : 0;
    return 1;
}

/// Completed months between two days: from the 31st a month is over on the last day of a short one.
int full_months(local_days from, local_days until) {
    using namespace std::chrono;
    const year_month_day first{from};
    const year_month_day last{until};
    const auto last_of_month = year_month_day_last{last.year() / last.month() / std::chrono::last};
    const int months = (static_cast<int>(last.year()) - static_cast<int>(first.year())) * 12 +
                       static_cast<int>(static_cast<unsigned>(last.month())) -
                       static_cast<int>(static_cast<unsigned>(first.month()));
    const bool is_over = last.day() >= first.day() || last.day() == last_of_month.day();
    return months - (is_over ? 0 : 1);
}

const std::vector<double>& ramp_of(const CheckOptions& options, const std::string& role) {
    const auto own = std::find_if(options.roles.begin(), options.roles.end(),
                                  [&](const KpiRole& one) { return one.name == role; });
    return own != options.roles.end() && !own->ramp.empty() ? own->ramp : options.ramp;
}

}  // namespace

bool is_prorated(const Kpi& kpi) {
    if (kpi.lower_is_better) return false;
    if (computed_measure_of(kpi)) return false;
    return kpi.is_query() ? kpi.is_prorated_query : kpi.is_one_measure();
}

std::optional<double> target_in(const Scene& scene, const Kpi& kpi, const warehouse::Rep& rep,
                                IsoWeek week) {
    const auto& team = scene.people.team_of(rep).name;
    int closest = 0;
    std::optional<local_days> since;
    std::optional<double> value;
    const auto consider = [&](int close, std::optional<local_days> from, double target) {
        if (close == 0 || close < closest || (from && *from > week.monday())) return;
        if (close == closest && from < since) return;
        closest = close;
        since = from;
        value = target;
    };
    for (const auto& [name, target] : kpi.targets)
        if (name.empty() || name == team) consider(name.empty() ? 1 : 2, std::nullopt, target);
    for (const auto& target : kpi.dated_targets)
        consider(closeness(target, rep, team), target.from, target.value);
    return value;
}

double ramp_in(const CheckOptions& options, const warehouse::Rep& rep, IsoWeek week) {
    const auto& ramp = ramp_of(options, rep.role);
    if (!rep.role_since || ramp.empty()) return 1;
    const int months = std::max(0, full_months(*rep.role_since, week.monday()));
    return ramp[std::min(static_cast<std::size_t>(months), ramp.size() - 1)];
}

double attainment_of(const Kpi& kpi, double value, double target) {
    if (!kpi.lower_is_better) return value / target;
    return value > 0 ? target / value : 1;
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
}

std::vector<const KpiSeries*> peers_of(const Scene& scene, std::span<const KpiSeries> all,
                                       const KpiSeries& series) {
    std::vector<const KpiSeries*> peers;
    if (series.weeks.empty()) return peers;
    const auto week = series.weeks.back().week;
    for (const auto& other : all) {
        if (other.kpi != series.kpi || other.rep->id == series.rep->id || !other.has_data) continue;
        if (other.rep->role != series.rep->role) continue;
        if (series.rep->role.empty() && other.rep->team != series.rep->team) continue;
        if (other.rep->until && *other.rep->until <= week.monday()) continue;
        if (ramp_in(scene.options, *other.rep, week) >= 1) peers.push_back(&other);
    }
    return peers;
}

std::optional<double> suggested_target(const Scene& scene, std::span<const KpiSeries> all,
                                       const KpiSeries& series) {
    const auto peers = peers_of(scene, all, series);
    if (peers.size() < least_peers || !is_prorated(*series.kpi)) return std::nullopt;
    std::vector<double> weeks;
    for (const auto* peer : peers) {
        std::size_t taken = 0;
        for (auto week = peer->weeks.rbegin(); week != peer->weeks.rend(); ++week) {
            if (!week->is_usable() || !week->value) continue;
            if (taken++ == suggestion_weeks) break;
            weeks.push_back(*week->value * standard_week / week->working_days);
        }
    }
    if (weeks.empty()) return std::nullopt;
    return quantile(std::move(weeks), 0.8);
}

}  // namespace nudged::checks
