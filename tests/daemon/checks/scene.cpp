// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <fmt/format.h>

namespace nudged::tests {

using namespace std::chrono_literals;

Office::Office() {
    world.team("north").manager("max").rep("ana").rep("bob");
    world.mark_all_complete(friday);
}

checks::Evaluation Office::evaluate(std::string_view check, Instant as_of) {
    const auto people = world.people();
    const auto reader = world.reader();
    return checks::evaluate({reader, people, options, as_of}, check);
}

checks::Scorecard Office::scorecard(int weeks, std::string_view team, std::string_view rep,
                                    Instant as_of) {
    const auto people = world.people();
    const auto reader = world.reader();
    return checks::make_scorecard({reader, people, options, as_of}, weeks, team, rep);
}

Draft& Office::deal(std::string_view id) {
    return world.opportunity(id).owner("ana").created(noon(2026y / 9 / 1));
}

void Office::stages() {
    for (int place = 1; place <= 4; ++place)
        world.stage(fmt::format("s{}", place)).pipeline("p").position(place).closed(false);
    world.stage("won").pipeline("p").position(5).won();
}

void Office::calls(std::string_view user, std::chrono::local_days day, int count) {
    const Instant noon_then = std::chrono::sys_days{day.time_since_epoch()} + 12h;
    for (int i = 0; i < count; ++i)
        world.call(fmt::format("call-{}", ++calls_))
            .owner(user)
            .at(noon_then + std::chrono::minutes{i})
            .direction("outbound");
}

void Office::week_of_calls(std::string_view user, std::string_view week, int count, int days) {
    const auto monday = IsoWeek::parse(week).value().monday();
    for (int i = 0; i < days; ++i)
        calls(user, monday + std::chrono::days{i}, count / days + (i < count % days));
}

checks::Kpi& Office::dials(double target) {
    checks::Kpi kpi;
    kpi.name = "dials";
    kpi.label = "Dials";
    kpi.measure = "dials";
    kpi.unit = "count";
    kpi.targets[""] = target;
    kpi.why = "Ninety dials a week become one deal.";
    return options.kpis.emplace_back(std::move(kpi));
}

}  // namespace nudged::tests
