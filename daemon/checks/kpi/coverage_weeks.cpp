// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/coverage_weeks.hpp"

#include "daemon/checks/baselines.hpp"
#include "daemon/checks/next_step_coverage.hpp"

namespace nudged::checks {
namespace {

using warehouse::CoverageObject;
using warehouse::CoverageWeek;
using warehouse::Rep;

CoverageOfOwners count(const Scene& scene, CoverageObject object) {
    CoverageCount coverage(scene);
    const CoverageSink sink = [&](const Owner& owner, const auto& key, bool has_next_step) {
        coverage.count(owner, key.source, has_next_step);
    };
    if (object == CoverageObject::account)
        each_account(scene, sink);
    else
        each_open_deal(scene, sink);
    return coverage.take();
}

/// Everybody of the roster of whom it is proven, a person once.
std::vector<CoverageWeek> make_weeks(const Scene& scene, CoverageObject object) {
    const auto owners = count(scene, object);
    std::vector<CoverageWeek> weeks;
    for (const auto& [person, index] : scene.people.rep_of) {
        const auto coverage = owners.of(person);
        if (!coverage) continue;
        const auto today = scene.people.reps[index].zone.local_day(scene.as_of);
        weeks.push_back({person, object, IsoWeek::of(today),
                         static_cast<std::int64_t>(coverage->covered),
                         static_cast<std::int64_t>(coverage->in_scope), today, scene.as_of});
    }
    return weeks;
}

const std::vector<CoverageWeek>& count_weeks(const Scene& scene, CoverageObject object) {
    auto& known = baselines_of(scene).coverage;
    auto found = known.find(object);
    if (found == known.end()) found = known.emplace(object, make_weeks(scene, object)).first;
    return found->second;
}

/// What was so on a Wednesday says nothing of how the week ended.
bool is_of_its_end(const Rep& rep, const CoverageWeek& week) {
    int last = 6;
    while (last > 0 && !rep.calendar.week.test(static_cast<std::size_t>(last))) --last;
    return week.seen_on >= week.week.monday() + std::chrono::days{last};
}

void add(QueryWeeks& weeks, const CoverageWeek& one) {
    if (one.in_scope == 0) return;  // a share of nothing is not zero: it is not there
    weeks.values[one.person][one.week] =
        static_cast<double>(one.covered) / static_cast<double>(one.in_scope);
    weeks.cases[one.person][one.week] = {static_cast<long>(one.covered),
                                         static_cast<long>(one.in_scope)};
}

}  // namespace

QueryWeeks read_coverage(const Scene& scene, CoverageObject object, IsoWeek from) {
    QueryWeeks weeks;
    for (const auto& one :
         warehouse::read_coverage_weeks(scene.reader, object, from, scene.as_of)) {
        const auto* rep = scene.people.rep(one.person);
        if (rep != nullptr && is_of_its_end(*rep, one)) add(weeks, one);
    }
    for (const auto& one : count_weeks(scene, object)) add(weeks, one);
    return weeks;
}

std::vector<CoverageWeek> count_coverage(const Scene& scene) {
    auto weeks = count_weeks(scene, CoverageObject::account);
    const auto& deals = count_weeks(scene, CoverageObject::opportunity);
    weeks.insert(weeks.end(), deals.begin(), deals.end());
    return weeks;
}

}  // namespace nudged::checks
