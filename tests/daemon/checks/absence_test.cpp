// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/absence.hpp"

#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::RecordIds;
using model::Entity;

namespace {

/// What is read again for the findings of a check.
RecordIds records_for(Office& office, std::string_view check, std::size_t most = 100) {
    const auto findings = office.find(check);
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    checks::AbsenceRecords records(scene, most);
    for (const auto& finding : findings) records.add(finding);
    const auto found = records.records().find("crm");
    auto ids = found == records.records().end() ? RecordIds{} : found->second;
    for (auto& [entity, one] : ids) std::ranges::sort(one);
    return ids;
}

}  // namespace

TEST_CASE("every check about an absence is one that ships") {
    for (const auto id : checks::checks_about_absence()) {
        INFO(id);
        CHECK(checks::find_check(id) != nullptr);
    }
    CHECK(checks::is_about_absence("opp.idle"));
    CHECK_FALSE(checks::is_about_absence("opp.close_pushed"));
    CHECK_FALSE(checks::is_about_absence("kpi.attainment"));
}

TEST_CASE("of a deal without a next step it is read again, and what its owner plans for nothing") {
    Office office;
    office.deal("Acme");
    office.deal("Brill").owner("bob");
    office.world.task("a").owner("ana").due_on(day(2026y / 12 / 1));
    office.world.task("c").owner("cy").due_on(day(2026y / 12 / 1));
    office.world.task("done").owner("ana").done_at(noon(2026y / 11 / 2));
    office.world.task("b").owner("bob").opportunity("Brill").due_on(day(2026y / 12 / 1));
    CHECK(records_for(office, "opp.no_next_step") ==
          RecordIds{{Entity::opportunity, {"Acme"}}, {Entity::task, {"a"}}});
}

TEST_CASE("of a step that is overdue the deal and all that is planned for it is read again") {
    Office office;
    office.deal("Acme");
    office.world.task("late").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 2));
    office.world.meeting("met")
        .owner("ana")
        .opportunity("Acme")
        .outcome("scheduled")
        .at(noon(2026y / 11 / 3));
    const auto records = records_for(office, "opp.next_step_overdue");
    CHECK(records.at(Entity::opportunity) == std::vector<std::string>{"Acme"});
    CHECK(records.at(Entity::task) == std::vector<std::string>{"late"});
}

TEST_CASE("no more is read again of a source than may be, each record once") {
    Office office;
    for (const char* id : {"a", "b", "c", "d"}) office.deal(id);
    office.world.task("t").owner("ana").due_on(day(2026y / 12 / 1));
    std::size_t count = 0;
    for (const auto& [entity, ids] : records_for(office, "opp.no_next_step", 3))
        count += ids.size();
    CHECK(count == 3);
    CHECK(records_for(office, "opp.no_next_step").at(Entity::task).size() == 1);
}
