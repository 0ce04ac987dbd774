// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/people.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;

namespace {

RosterPerson person(const std::string& name, std::vector<std::string> emails,
                    std::vector<UserLink> users = {}) {
    RosterPerson made;
    made.name = name;
    made.emails = std::move(emails);
    made.users = std::move(users);
    return made;
}

Roster one_team(std::vector<RosterPerson> members) {
    Roster roster;
    auto& team = roster.teams.emplace_back();
    team.name = "North";
    team.manager = person("Max", {"max@example.com"});
    team.members = std::move(members);
    return roster;
}

PersonId person_of_user(tests::World& world, std::string_view user) {
    auto row = world.database().prepare("SELECT person_id FROM user WHERE external_id = ?1");
    row.bind(1, user).step();
    return PersonId{row.integer(0)};
}

std::int64_t persons(tests::World& world) {
    return world.database().integer("SELECT count(*) FROM v_person");
}

}  // namespace

TEST_CASE("users of two CRMs with one address are one person, whatever its case") {
    tests::World world;
    world.user("1").name("Ana Diaz").email("Ana@Example.com");
    world.in("other").user("2").name("Ana").email(" ana@example.com");
    CHECK(person_of_user(world, "1") == person_of_user(world, "2"));
    CHECK(persons(world) == 1);
}

TEST_CASE(
    "two of one name in a team are told apart by their addresses, stays of one person are not") {
    tests::World world;
    auto roster = world.roster();
    for (const char* name : {"north", "south"}) {
        auto& team = roster.teams.emplace_back();
        team.name = name;
        team.manager.emails = {"max@example.com"};
    }
    const auto add = [&](std::size_t team, const char* email) -> RosterPerson& {
        auto& person = roster.teams[team].members.emplace_back();
        person.name = "Ana Berg";
        person.emails = {email};
        return person;
    };
    add(0, "ana@example.com");
    add(0, "ana.b@example.com");
    add(1, "a.berg@example.com").until = tests::day(2026y / 6 / 1);
    add(1, "a.berg@example.com").from = tests::day(2026y / 9 / 1);
    world.set_roster(roster);
    std::string names;
    for (const auto& rep : world.people().reps) names += rep.name + "; ";
    CHECK(names ==
          "Ana Berg (ana@example.com); Ana Berg (ana.b@example.com); Ana Berg; Ana Berg; ");
}

TEST_CASE("users without an address are people of their own") {
    tests::World world;
    world.user("1").name("Ana");
    world.user("2").name("Ben").email("n/a");
    world.user("3").name("Cleo").email("n/a");
    CHECK(persons(world) == 3);
    const auto name = read_person(world.reader(), person_of_user(world, "2"));
    REQUIRE(name);
    CHECK(name->name == "Ben");
    CHECK(name->email.empty());
}

TEST_CASE("a user who gets an address later stays the same person") {
    tests::World world;
    world.user("1").name("Ana");
    const auto before = person_of_user(world, "1");
    world.user("1").email("ana@example.com");
    CHECK(person_of_user(world, "1") == before);
    CHECK(world.person("ana") == before);
}

TEST_CASE("a seat that is passed on to another address is another person") {
    tests::World world;
    world.user("1").name("Ana").email("ana@example.com");
    const auto before = person_of_user(world, "1");
    world.user("1").name("Ben").email("ben@example.com");
    CHECK(person_of_user(world, "1") != before);
    CHECK(read_person(world.reader(), before)->name == "Ana");
}

TEST_CASE("the roster joins users by alias and by link, before and after they are told") {
    const bool roster_first = GENERATE(true, false);
    CAPTURE(roster_first);
    tests::World world;
    const auto tell_users = [&] {
        world.user("1").name("A. Diaz").email("ana@example.com");
        world.user("2").name("Ana D").email("diaz@example.org");
        world.user("3").name("ana (dialler)");
        world.database();
    };
    if (!roster_first) tell_users();
    world.set_roster(
        one_team({person("Ana Diaz", {"ana@example.com", "diaz@example.org"}, {{"crm", "3"}})}));
    world.database();
    if (roster_first) tell_users();
    const auto ana = world.person("ana");
    CHECK(person_of_user(world, "1") == ana);
    CHECK(person_of_user(world, "2") == ana);
    CHECK(person_of_user(world, "3") == ana);
    CHECK(persons(world) == 2);  // Ana and Max
    CHECK(read_person(world.reader(), ana)->name == "Ana Diaz");
    CHECK(read_person(world.reader(), ana)->email == "ana@example.com");
}

TEST_CASE("a merge is shown at once, and taken back it leaves everything as it was") {
    tests::World world;
    world.user("1").name("Ana").email("old@example.com");
    const auto old = person_of_user(world, "1");
    const auto apart = one_team({person("Ana", {"ana@example.com"})});
    world.set_roster(apart);
    const auto ana = world.person("ana");
    CHECK(ana != old);
    world.database()
        .prepare("INSERT INTO finding (fingerprint, episode, check_id, severity, is_praise, "
                 "subject_type, subject_source, subject_id, subject_name, subject_url, owner_id, "
                 "team, aspect, since, summary, question, evidence, state, opened_at, seen_at) "
                 "VALUES ('f', 1, 'c', 'info', 0, '', '', '', '', '', ?1, '', '', 0, '', '', '[]', "
                 "'open', 0, 0)")
        .bind(1, old)
        .run();
    const auto owner_of_finding = [&] {
        return PersonId{world.database().integer("SELECT person_id FROM v_finding")};
    };
    world.set_roster(one_team({person("Ana", {"ana@example.com", "old@example.com"})}));
    CHECK(world.person("ana") == ana);
    CHECK(person_of_user(world, "1") == ana);
    CHECK(owner_of_finding() == ana);
    CHECK(persons(world) == 2);  // Ana and Max
    world.set_roster(apart);
    CHECK(person_of_user(world, "1") == old);
    CHECK(owner_of_finding() == old);
    CHECK(persons(world) == 3);
    CHECK(read_person(world.reader(), old)->name == "Ana");
}

TEST_CASE("an address that leaves the roster is somebody else's again") {
    tests::World world;
    world.user("1").name("Ana").email("info@example.com");
    world.set_roster(one_team({person("Ana", {"ana@example.com", "info@example.com"})}));
    const auto ana = world.person("ana");
    CHECK(person_of_user(world, "1") == ana);
    world.set_roster(one_team({person("Ana", {"ana@example.com"})}));
    CHECK(world.person("ana") == ana);
    CHECK(person_of_user(world, "1") != ana);
}

TEST_CASE("two lines of the roster that share an address become one person") {
    tests::World world;
    world.set_roster(one_team({person("Ben", {"shared@example.com"}),
                               person("Ana", {"ana@example.com", "shared@example.com"})}));
    CHECK(persons(world) == 2);  // the two of them, and Max
}

TEST_CASE("people are the roster joined with the warehouse, in its order") {
    tests::World world;
    world.user("1").email("ana@example.com");
    world.team("North")
        .manager("max")
        .zone("Europe/Berlin")
        .channel("north")
        .rep("ben")
        .rep("ana")
        .holiday(tests::day(2026y / 12 / 25))
        .away("ana", tests::day(2026y / 11 / 20), 0.5)
        .member("cleo", tests::day(2026y / 10 / 1), tests::day(2026y / 11 / 1));
    const auto people = world.people();
    REQUIRE(people.teams.size() == 1);
    CHECK(people.teams[0].manager == world.person("max"));
    CHECK(people.teams[0].manager_email == "max@example.com");
    CHECK(people.teams[0].channel == "north");
    REQUIRE(people.reps.size() == 3);
    CHECK(people.reps[0].name == "ben");
    CHECK_FALSE(people.reps[0].has_user);
    CHECK(people.reps[1].email == "ana@example.com");
    CHECK(people.reps[1].has_user);
    CHECK(people.reps[1].zone == Zone::find("Europe/Berlin"));
    CHECK(people.reps[1].calendar.working_share(tests::day(2026y / 11 / 20)) == 0.5);
    CHECK(people.reps[0].calendar.working_share(tests::day(2026y / 12 / 25)) == 0);
    CHECK(people.reps[2].until == tests::day(2026y / 11 / 1));
    CHECK(people.rep(world.person("ana")) == &people.reps[1]);
    CHECK(people.rep(world.person("max")) == nullptr);
}

TEST_CASE("who leaves the roster is counted in the CRM's zone again") {
    tests::World world;
    world.user("1").email("ana@example.com").time_zone("Asia/Tokyo");
    world.set_roster(one_team({person("Ana", {"ana@example.com"})}));
    const auto zone = [&] {
        auto row = world.database().prepare("SELECT day_zone FROM user");
        row.step();
        return std::string{row.text(0)};
    };
    CHECK(zone() == Zone::utc().name());  // the team's
    world.set_roster(one_team({}));
    CHECK(zone() == "Asia/Tokyo");
}

TEST_CASE("a roster that knows its people only by their users or names comes to rest by itself") {
    tests::World world;
    auto roster = one_team({person("Ana Diaz", {}, {{"crm", "ana"}}), person("Bo Berg", {})});
    roster.teams.front().manager = person("Max Moor", {});
    world.set_roster(roster);
    world.database();
    CHECK(persons(world) == 3);
    world.user("ana").name("A. Diaz");
    CHECK(person_of_user(world, "ana") == world.people().reps.front().id);
    CHECK(persons(world) == 3);
}
