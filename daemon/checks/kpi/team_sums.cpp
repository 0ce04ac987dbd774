// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/team_sums.hpp"

#include "daemon/checks/kpi/computed_weeks.hpp"
#include "daemon/checks/kpi/weeks.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::TeamWeek;

/// One KPI for each measure: a ratio is told as its parts, since shares cannot be added; nor can
/// medians.
std::vector<Kpi> measures_of(const CheckOptions& options) {
    std::set<std::string> names;
    for (const auto& kpi : options.kpis) {
        if (kpi.is_one_measure() && !computed_measure_of(kpi)) names.insert(kpi.measure);
        if (!kpi.ratio) continue;
        names.insert(kpi.ratio->of);
        names.insert(kpi.ratio->by.begin(), kpi.ratio->by.end());
    }
    std::vector<Kpi> kpis;
    for (const auto& name : names) {
        auto& kpi = kpis.emplace_back();
        kpi.name = kpi.label = kpi.measure = name;
    }
    return kpis;
}

/// A team's weeks of one measure on their way.
struct Sums {
    std::map<IsoWeek, TeamWeek> weeks;
    bool is_proven = true;

    void add(const KpiSeries& series, const std::string& team) {
        is_proven = is_proven && series.unproven.empty();
        for (const auto& week : series.weeks) {
            if (!week.is_usable() || !week.value) continue;
            auto& sum = weeks.try_emplace(week.week, TeamWeek{team, series.kpi->measure, week.week})
                            .first->second;
            sum.value += *week.value;
            ++sum.people;
        }
    }
};

}  // namespace

std::vector<TeamWeek> decide_team_weeks(const Scene& scene, int weeks) {
    if (scene.people.shielded.empty()) return {};
    // The members as reps of a scene of their own, which nothing but the sums leaves.
    auto people = scene.people;
    people.reps = std::move(people.shielded);
    people.shielded.clear();
    people.rep_of.clear();
    for (std::size_t i = 0; i < people.reps.size(); ++i)
        people.rep_of.emplace(people.reps[i].id, i);
    auto options = scene.options;
    options.kpis = measures_of(scene.options);
    const Scene inside{scene.reader, people, options, scene.as_of};
    std::map<std::pair<std::size_t, std::string>, Sums> sums;
    for (const auto& series : read_kpi_series(inside, weeks + 1))
        sums[{series.rep->team, series.kpi->measure}].add(series, people.team_of(*series.rep).name);
    std::vector<TeamWeek> decided;
    for (const auto& [key, sum] : sums) {
        const auto& team = people.teams[key.first];
        if (!sum.is_proven || !team.shows_sums()) continue;
        for (const auto& [week, one] : sum.weeks)
            if (one.people >= team.privacy.minimum) decided.push_back(one);
    }
    return decided;
}

}  // namespace nudged::checks
