// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/team_sums.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/warehouse/team_weeks.hpp"
#include "daemon/warehouse/view_queries.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using warehouse::PrivacyMode;

// Friday 20 November 2026 is in week 47; week 46 is the last complete one.

namespace {

const std::vector<std::string> members{"ana", "bob", "cem", "dee", "eva", "fay"};

/// Team "north" of six that shows sums of five or more, beside "south" with gus, who is shown.
struct Shielded : Office {
    Shielded() {
        auto roster = world.roster();
        roster.teams[0].members.clear();
        for (const auto& name : members) add(roster.teams[0], name);
        roster.teams[0].privacy = {PrivacyMode::team, 5};
        auto& south = roster.teams.emplace_back();
        south.name = "south";
        south.manager.emails = {"mia@example.com"};
        add(south, "gus");
        world.set_roster(roster);
        dials(90);
        // Week 46: 10, 20, … 60 dials, 210 in all; gus 7. The weeks before it are there, too.
        for (std::size_t i = 0; i < members.size(); ++i) {
            week_of_calls(members[i], "2026-W45", 50);
            week_of_calls(members[i], "2026-W46", 10 * (static_cast<int>(i) + 1));
        }
        week_of_calls("gus", "2026-W45", 7);
        week_of_calls("gus", "2026-W46", 7);
    }

    static void add(warehouse::RosterTeam& team, const std::string& name) {
        auto& person = team.members.emplace_back();
        person.name = name;
        person.emails = {name + "@example.com"};
    }

    template <typename Change>
    void roster(Change change) {
        auto roster = world.roster();
        change(roster);
        world.set_roster(roster);
    }

    /// As the daemon does after each evaluation.
    void note() {
        std::vector<warehouse::TeamWeek> weeks;
        {
            const auto people = world.people();
            const auto reader = world.reader();
            weeks = checks::decide_team_weeks({reader, people, options, friday}, 16);
        }
        auto& database = world.database();
        warehouse::Transaction transaction{database};
        warehouse::note_team_weeks(database, weeks, friday);
        transaction.commit();
    }

    /// "2026-W46 210 (6)", the weeks of the dials.
    std::string sums() {
        std::string text;
        const auto rows = query("SELECT week || ' ' || printf('%g', value) || ' (' || people || ')'"
                                " FROM v_team_week WHERE measure = 'dials' ORDER BY week");
        for (const auto& row : rows)
            text += (text.empty() ? "" : ", ") + std::get<std::string>(row[0]);
        return text;
    }

    std::vector<std::vector<warehouse::QueryValue>> query(const std::string& sql) {
        world.reader();
        return warehouse::ViewQueries{world.path()}.run(sql, {friday, day(2026y / 11 / 20)}).rows;
    }
    std::int64_t number(const std::string& sql) { return std::get<std::int64_t>(query(sql)[0][0]); }
};

}  // namespace

TEST_CASE("a team that shows sums alone shows no figure of a member, and another team does") {
    Shielded office;
    office.note();
    const auto card = office.scorecard(2);
    REQUIRE(card.reps.size() == 1);
    CHECK(card.reps[0].name == "gus");
    REQUIRE(card.teams.size() == 1);
    CHECK(card.teams[0].name == "north");
    CHECK(office.scorecard(2, "north", "ana").reps.empty());
    CHECK(office.scorecard(2, "", "ana@example.com").teams.empty());
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    for (const auto& series : checks::read_kpi_series(scene, 4)) CHECK(series.rep->name == "gus");
}

TEST_CASE("nothing is found about a member of such a team, whichever check it is of") {
    Shielded office;
    office.stages();
    for (const auto* owner : {"ana", "gus"}) {
        office.world.opportunity(fmt::format("deal of {}", owner))
            .owner(owner)
            .stage("s1")
            .created(noon(2026y / 3 / 2))
            .close_date(day(2026y / 9 / 1));
        office.world.task(fmt::format("task of {}", owner))
            .owner(owner)
            .due_on(day(2026y / 9 / 1))
            .created(noon(2026y / 8 / 3));
    }
    checks::SqlCheck own;
    own.name = "calls";
    own.query.text =
        "SELECT 'person' AS entity, NULL AS source, person_id AS id, person_id AS owner, "
        "count(*) AS message FROM v_call GROUP BY person_id";
    office.options.sql_checks.push_back(own);
    const auto evaluation = office.evaluate("");
    std::set<std::string> owners;
    for (const auto& finding : evaluation.findings)
        for (const auto& name : {"ana", "bob", "gus"})
            if (finding.owner == office.world.person(name)) owners.insert(name);
    CHECK(owners == std::set<std::string>{"gus"});
    for (const auto& finding : evaluation.findings) {
        CAPTURE(finding.check);
        CHECK(finding.summary.find("ana") == std::string::npos);
        for (const auto& evidence : finding.evidence)
            CHECK(evidence.value.find("ana") == std::string::npos);
    }
    for (const auto& one : evaluation.held_back) CHECK(one.owner != office.world.person("ana"));
}

TEST_CASE("no view shows a record of a member, so that no query can count them") {
    Shielded office;
    for (const auto* owner : {"ana", "gus"}) {
        const std::string id = owner;
        office.world.opportunity("o" + id).owner(owner).stage("s1").created(noon(2026y / 9 / 1));
        office.world.change("c" + id)
            .opportunity("o" + id)
            .field("stage")
            .from("s1")
            .to("s2")
            .changed_at(noon(2026y / 10 / 1));
        office.world.task("t" + id).owner(owner).done_at(noon(2026y / 10 / 1));
        office.world.meeting("m" + id).owner(owner).at(noon(2026y / 10 / 1)).outcome("held");
        office.world.email("e" + id).owner(owner);
        office.world.account("a" + id).owner(owner);
        office.world.contact("k" + id).owner(owner);
    }
    // What was given to a member, or by one, would count, too.
    office.world.change("given")
        .opportunity("ogus")
        .field("owner")
        .from("ana")
        .to("gus")
        .changed_at(noon(2026y / 10 / 2));
    const auto ana = fmt::format("{}", fmt::underlying(office.world.person("ana")));
    const auto gus = fmt::format("{}", fmt::underlying(office.world.person("gus")));
    for (const std::string view : {"v_call", "v_task", "v_meeting", "v_email", "v_opportunity",
                                   "v_account", "v_contact", "v_rep_day", "v_rep_week"}) {
        CAPTURE(view);
        const auto count = "SELECT count(*) FROM " + view;
        CHECK(office.number(count + " WHERE person_id = " + gus) > 0);
        // No row is left without a name either: the rest would be theirs.
        CHECK(office.number(count) == office.number(count + " WHERE person_id = " + gus));
    }
    CHECK(office.number("SELECT count(*) FROM v_opportunity_change") == 1);
    CHECK(office.number("SELECT count(*) FROM v_opportunity_period WHERE id = 'oana'") == 0);
    CHECK(office.number("SELECT count(*) FROM v_opportunity_period WHERE id = 'ogus'") > 0);
    CHECK(office.number("SELECT count(*) FROM v_person WHERE person_id = " + ana) == 1);
    // As soon as the team shows them again, they are there.
    office.roster([](auto& roster) { roster.teams[0].privacy = {}; });
    CHECK(office.number("SELECT count(*) FROM v_call WHERE person_id = " + ana) == 60);
}

TEST_CASE("a complete week is told as the sum of the members, from the minimum on") {
    Shielded office;
    office.note();
    CHECK(office.sums() == "2026-W45 300 (6), 2026-W46 210 (6)");
    const auto week = office.scorecard(2).teams.at(0).weeks.back();
    CHECK(week.measure == "dials");
    CHECK(week.value == 210);
    CHECK(week.people == 6);
}

TEST_CASE("of fewer members there is no sum") {
    Shielded office;
    office.roster([](auto& roster) { roster.teams[0].privacy.minimum = 7; });
    office.note();
    CHECK(office.sums().empty());
}

TEST_CASE("who was away, joined or left in a week is in no sum of it, and may leave too few") {
    Shielded office;
    office.roster([](auto& roster) {
        auto& team = roster.teams[0].members;
        for (int date = 9; date <= 13; ++date)
            team[0].away[day(2026y / 11 / std::chrono::day{static_cast<unsigned>(date)})] = 1;
    });
    office.note();
    CHECK(office.sums() == "2026-W45 300 (6), 2026-W46 200 (5)");
}

TEST_CASE("two who are not there for all of the week leave four, of whom nothing is told") {
    Shielded office;
    office.roster([](auto& roster) {
        auto& team = roster.teams[0].members;
        team[0].until = day(2026y / 11 / 11);
        team[1].from = day(2026y / 11 / 10);
    });
    office.note();
    CHECK(office.sums() == "2026-W45 250 (5)");  // of week 45 bob was not in the team yet
}

TEST_CASE("no difference of two sums of a week is one person's, whatever changes afterwards") {
    Shielded office;
    office.note();
    const auto told = office.sums();
    SECTION("somebody's line is taken out of the roster") {
        office.roster(
            [](auto& roster) { roster.teams[0].members.erase(roster.teams[0].members.begin()); });
    }
    SECTION("somebody is said to have left earlier") {
        office.roster([](auto& roster) { roster.teams[0].members[0].until = day(2026y / 11 / 2); });
    }
    SECTION("somebody is said to have been away") {
        office.roster([](auto& roster) {
            for (unsigned date = 9; date <= 13; ++date)
                roster.teams[0].members[0].away[day(2026y / 11 / std::chrono::day{date})] = 1;
        });
    }
    SECTION("somebody logs late") {
        office.calls("ana", day(2026y / 11 / 12), 5);
    }
    SECTION("the minimum is made smaller") {
        office.roster([](auto& roster) {
            roster.teams[0].privacy.minimum = 3;
            roster.teams[0].members.resize(5);
        });
    }
    office.note();
    CHECK(office.sums() == told);
}

TEST_CASE("sums wait until every member's sources have been read") {
    Shielded office;
    // Fay's other CRM is behind: a sum of the other five now, and of all six later, would tell
    // hers.
    office.world.in("other").user("fay2").email("fay@example.com");
    office.world.call("x").unknown_owner("fay2").at(noon(2026y / 11 / 11));
    office.world.mark_complete(model::Entity::call, noon(2026y / 11 / 10));
    office.note();
    CHECK(office.sums().empty());
    office.world.mark_all_complete(friday);
    office.note();
    CHECK(office.sums() == "2026-W45 300 (6), 2026-W46 211 (6)");
}

TEST_CASE("somebody who is in such a team and in another one is shown in neither") {
    Shielded office;
    office.roster([](auto& roster) {
        auto& ana = roster.teams[0].members[0];
        ana.until = day(2026y / 11 / 9);
        auto again = ana;
        again.from = ana.until;
        again.until = std::nullopt;
        roster.teams[1].members.push_back(again);
    });
    for (const auto& rep : office.scorecard(2).reps) CHECK(rep.name == "gus");
    const auto ana = fmt::format("{}", fmt::underlying(office.world.person("ana")));
    CHECK(office.number("SELECT count(*) FROM v_rep_week WHERE person_id = " + ana) == 0);
}

TEST_CASE("rep_only keeps a member's figures from everybody but that member") {
    Shielded office;
    office.roster([](auto& roster) { roster.teams[0].privacy.mode = PrivacyMode::rep_only; });
    CHECK(office.scorecard(2, "", "ana@example.com").reps.empty());
    const auto asked = [&](const char* who) {
        const auto asker = office.world.person(who);
        const auto reader = office.world.reader();
        const auto people = warehouse::read_people(reader, office.world.roster(), asker);
        std::string names;
        for (const auto& rep : people.reps) names += rep.name + " ";
        return names;
    };
    CHECK(asked("ana") == "ana gus ");
    CHECK(asked("gus") == "gus ");
    office.roster([](auto& roster) { roster.teams[0].privacy.mode = PrivacyMode::team; });
    CHECK(asked("ana") == "gus ");
}

TEST_CASE("a KPI by a query or a score of such a team is told of nobody") {
    Shielded office;
    auto& kpi = office.options.kpis.emplace_back();
    kpi.name = kpi.label = "told";
    kpi.why = "It matters.";
    kpi.targets[""] = 1;
    kpi.query = {"SELECT person_id, week, value FROM v_rep_week", {"kpis.toml", 1, 1}};
    office.note();
    CHECK(office.number("SELECT count(*) FROM v_team_week WHERE measure <> 'dials'") == 0);
    for (const auto& rep : office.scorecard(2).reps) CHECK(rep.name == "gus");
}
