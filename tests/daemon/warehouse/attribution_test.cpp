// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/attribution.hpp"

#include "daemon/warehouse/rollups.hpp"
#include "daemon/warehouse/unknown_owners.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;

namespace {

constexpr PersonId ana{1}, ben{2}, cleo{3};
const local_days june = tests::day(2026y / 6 / 1);
const local_days july = tests::day(2026y / 7 / 1);

RosterPerson member(const std::string& name, std::vector<std::string> emails,
                    std::vector<Alias> aliases = {}) {
    RosterPerson made;
    made.name = name;
    made.emails = std::move(emails);
    made.aliases = std::move(aliases);
    return made;
}

Alias address(const std::string& email, std::optional<local_days> from = {},
              std::optional<local_days> until = {}) {
    Alias alias;
    alias.email = email;
    alias.from = from;
    alias.until = until;
    return alias;
}

Alias user(const std::string& source, const std::string& id, std::optional<local_days> from = {},
           std::optional<local_days> until = {}) {
    Alias alias;
    alias.user = UserLink{source, id};
    alias.from = from;
    alias.until = until;
    return alias;
}

Roster roster_of(std::vector<RosterPerson> members) {
    Roster roster;
    auto& team = roster.teams.emplace_back();
    team.name = "North";
    team.manager = member("Max", {"max@example.com"});
    team.members = std::move(members);
    return roster;
}

/// Dials of the person with the address <name>@example.com in all of 2026.
std::int64_t dials(tests::World& world, std::string_view name) {
    const std::array people{world.person(name)};
    const auto weeks = read_weeks(world.reader(), "dials", people, tests::day(2026y / 1 / 1),
                                  tests::day(2027y / 1 / 1));
    std::int64_t sum = 0;
    for (const auto& [person, sums] : weeks)
        for (const auto& [week, value] : sums) sum += value;
    return sum;
}

/// The same by the view of weeks, and by the view of calls.
std::vector<std::int64_t> dials_in_views(tests::World& world, std::string_view name) {
    std::vector<std::int64_t> sums;
    for (const auto* sql : {"SELECT coalesce(sum(value), 0) FROM v_rep_week WHERE measure = "
                            "'dials' AND person_id = ?1",
                            "SELECT count(*) FROM v_call WHERE person_id = ?1"}) {
        auto row = world.database().prepare(sql);
        row.bind(1, world.person(name)).step();
        sums.push_back(row.integer(0));
    }
    return sums;
}

}  // namespace

TEST_CASE("each day of a user's work is one person's") {
    const Stint always{Stint::first_day, Stint::last_day, ana};
    struct Case {
        const char* name;
        Stints seats;
        std::vector<AliasClaim> aliases;
        Stints links;
        Stints expected;
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"the one on the seat", {always}, {}, {}, {always}},
        {"a seat that was passed on",
         {{Stint::first_day, june, ana}, {june, Stint::last_day, ben}},
         {},
         {},
         {{Stint::first_day, june, ana}, {june, Stint::last_day, ben}}},
        {"an alias from a day on",
         {always},
         {{ana, {june, Stint::last_day, ben}}},
         {},
         {{Stint::first_day, june, ana}, {june, Stint::last_day, ben}}},
        {"an alias of somebody else on the seat",
         {{Stint::first_day, june, ana}, {june, Stint::last_day, ben}},
         {{ana, {Stint::first_day, Stint::last_day, cleo}}},
         {},
         {{Stint::first_day, june, cleo}, {june, Stint::last_day, ben}}},
        {"a link beats an alias",
         {always},
         {{ana, {Stint::first_day, Stint::last_day, ben}}},
         {{june, july, cleo}},
         {{Stint::first_day, june, ben}, {june, july, cleo}, {july, Stint::last_day, ben}}},
        {"two seats of one person are one stint",
         {{Stint::first_day, june, ana}, {june, Stint::last_day, ben}},
         {{ben, {Stint::first_day, Stint::last_day, ana}}},
         {},
         {always}},
        {"a link without a seat", {}, {}, {{june, july, cleo}}, {{june, july, cleo}}},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(attribute(c.seats, c.aliases, c.links) == c.expected);
    }
}

TEST_CASE(
    "whatever seats, aliases and links there are, the stints say of each day what the rule says") {
    std::mt19937 dice(GENERATE(range(1u, 41u)));
    const auto number = [&](int below) {
        return static_cast<int>(dice() % static_cast<unsigned>(below));
    };
    const auto somebody = [&] { return PersonId{1 + number(4)}; };
    const auto days_of = [&](PersonId person) {
        const auto from = june + days{number(30)};
        return Stint{number(4) ? from : Stint::first_day,
                     number(4) ? from + days{number(20)} : Stint::last_day, person};
    };
    Stints seats;
    auto from = Stint::first_day;
    for (int i = number(3); i >= 0; --i) {
        const auto until = i == 0 ? Stint::last_day : std::max(from, june) + days{1 + number(15)};
        seats.push_back({from, until, somebody()});
        from = until;
    }
    std::vector<AliasClaim> aliases;
    for (int i = number(4); i > 0; --i) aliases.push_back({somebody(), days_of(somebody())});
    Stints links;
    for (int i = number(3); i > 0; --i) links.push_back(days_of(somebody()));

    const auto stints = attribute(seats, aliases, links);
    for (auto day = june - days{2}; day < june + days{60}; day += days{1}) {
        const auto seat =
            std::ranges::find_if(seats, [&](const Stint& s) { return s.covers(day); });
        auto expected = seat->person;
        for (const auto& alias : aliases)
            if (alias.whose == seat->person && alias.claimed.covers(day))
                expected = alias.claimed.person;
        for (const auto& link : links)
            if (link.covers(day)) expected = link.person;
        const auto covers = [&](const Stint& s) { return s.covers(day); };
        REQUIRE(std::ranges::count_if(stints, covers) == 1);
        CHECK(std::ranges::find_if(stints, covers)->person == expected);
    }
    for (std::size_t i = 1; i < stints.size(); ++i)
        CHECK((stints[i - 1].until == stints[i].from && stints[i - 1].person != stints[i].person));
}

TEST_CASE("one person of three CRMs, with another address in each, is one by the roster alone") {
    tests::World world;
    world.user("h1").name("Ana Diaz").email("ana@example.com");
    world.in("sales").user("s1").name("A. Diaz").email("diaz@old.example");
    world.in("dialler").user("d1").name("ana d");
    const auto call = [&](const char* source, const char* id, const char* user, Instant at) {
        world.in(source).call(id).unknown_owner(user).at(at);
    };
    call("crm", "1", "h1", tests::noon(2026y / 5 / 4));
    call("sales", "2", "s1", tests::noon(2026y / 5 / 5));
    call("sales", "3", "s1", tests::noon(2026y / 6 / 5));
    call("dialler", "4", "d1", tests::noon(2026y / 6 / 6));
    CHECK(dials(world, "ana") == 1);

    auto whole = member("Ana", {"ana@example.com", "diaz@old.example"});
    whole.users = {{"dialler", "d1"}};
    world.set_roster(roster_of({whole}));
    CHECK(dials(world, "ana") == 4);
    CHECK(dials_in_views(world, "ana") == std::vector<std::int64_t>{4, 4});

    // From June on only: what was before stays the other one's.
    world.set_roster(
        roster_of({member("Ana", {"ana@example.com"},
                          {address("diaz@old.example", june), user("dialler", "d1", june)})}));
    CHECK(dials(world, "ana") == 3);
    CHECK(dials_in_views(world, "ana") == std::vector<std::int64_t>{3, 3});
    CHECK(world.database().integer("SELECT count(*) FROM v_call WHERE owner = 'A. Diaz'") == 1);

    world.set_roster(roster_of({member("Ana", {"ana@example.com"})}));
    CHECK(dials(world, "ana") == 1);
    CHECK(world.database().integer("SELECT count(*) FROM v_call WHERE owner = 'A. Diaz'") == 2);
    CHECK(world.database().integer("SELECT count(*) FROM v_call WHERE owner = 'ana d'") == 1);
}

TEST_CASE("merging and splitting rewrites neither sums nor records") {
    tests::World world;
    world.user("1").email("ana@example.com");
    world.user("2").email("old@example.com");
    world.call("c").unknown_owner("2").at(tests::noon(2026y / 6 / 6));
    world.set_roster(roster_of({member("Ana", {"ana@example.com"})}));
    world.database();
    world.database().execute("CREATE TEMP TRIGGER never_r BEFORE UPDATE ON rollup BEGIN SELECT "
                             "RAISE(ABORT, 'a sum was rewritten'); END; "
                             "CREATE TEMP TRIGGER never_c BEFORE UPDATE ON call BEGIN SELECT "
                             "RAISE(ABORT, 'a record was rewritten'); END");
    world.set_roster(roster_of({member("Ana", {"ana@example.com", "old@example.com"})}));
    CHECK(dials(world, "ana") == 1);
    world.set_roster(roster_of({member("Ana", {"ana@example.com"})}));
    CHECK(dials(world, "ana") == 0);
    CHECK(dials(world, "old") == 1);
}

TEST_CASE("a seat that the CRM passes on keeps the work of the one who had it") {
    tests::World world{tests::noon(2026y / 6 / 10)};
    world.user("1").name("Ana").email("ana@example.com").time_zone("America/New_York");
    world.call("before").unknown_owner("1").at(tests::noon(2026y / 6 / 8));
    // Told on 11 June at 02:00 UTC, which is the evening of the 10th in New York.
    world.user("1").name("Ben").email("ben@example.com").fetched(tests::at(2026y / 6 / 11, 2));
    world.call("after").unknown_owner("1").at(tests::noon(2026y / 6 / 10));
    CHECK(dials(world, "ana") == 1);
    CHECK(dials(world, "ben") == 1);
    CHECK(dials_in_views(world, "ana") == std::vector<std::int64_t>{1, 1});
    CHECK(dials_in_views(world, "ben") == std::vector<std::int64_t>{1, 1});
    // The same human under a new name: the roster says so, and both seats are one person's.
    world.set_roster(roster_of({member("Ana", {"ben@example.com", "ana@example.com"})}));
    CHECK(dials(world, "ben") == 2);
}

TEST_CASE(
    "owners whom no CRM tells are shown with what they did, and the roster can say who they are") {
    tests::World world;
    world.user("1").email("ana@example.com");
    world.call("a").unknown_owner("1").at(tests::noon(2026y / 6 / 6));
    world.call("b").unknown_owner("ghost").at(tests::noon(2026y / 6 / 6));
    world.call("c").unknown_owner("ghost").at(tests::noon(2026y / 6 / 7));
    world.call("d").at(tests::noon(2026y / 6 / 7));
    world.task("t").unknown_owner("phantom");
    world.opportunity("gone").unknown_owner("phantom").deleted();
    const auto told = [&] {
        std::string text;
        for (const auto& owner : read_unknown_owners(world.reader()))
            text += fmt::format("{} {} {} {}\n", owner.source, owner.owner, owner.entity,
                                owner.records);
        return text;
    };
    CHECK(told() == "crm ghost call 2\ncrm  call 1\ncrm phantom task 1\n");
    auto ana_line = member("Ana", {"ana@example.com"});
    ana_line.users = {{"crm", "ghost"}};
    world.set_roster(roster_of({ana_line}));
    CHECK(told() == "crm  call 1\ncrm phantom task 1\n");
    CHECK(dials(world, "ana") == 3);
    world.set_roster(roster_of({}));
    CHECK(told() == "crm ghost call 2\ncrm  call 1\ncrm phantom task 1\n");
}

TEST_CASE("members and managers of a team follow each other, day by day") {
    tests::World world;
    auto roster = roster_of({member("Ana", {"ana@example.com"})});
    auto& team = roster.teams.front();
    team.members.front().until = june;
    auto back = member("Ana", {"ana@example.com"});
    back.from = july;
    team.members.push_back(back);
    auto past = member("Mo", {"mo@example.com"});
    past.until = june;
    team.past_managers = {past};
    world.set_roster(roster);
    auto rows =
        world.database().prepare("SELECT role, name, from_day, until_day FROM v_team_member "
                                 "ORDER BY role, from_day");
    std::string text;
    while (rows.step())
        text +=
            fmt::format("{} {} {} {}\n", rows.text(0), rows.text(1), rows.text(2), rows.text(3));
    CHECK(text == "manager Mo 0001-01-01 2026-06-01\nmanager Max 2026-06-01 9999-12-31\n"
                  "rep Ana 0001-01-01 2026-06-01\nrep Ana 2026-07-01 9999-12-31\n");
    const auto people = world.people();
    REQUIRE(people.reps.size() == 2);
    CHECK(people.rep(world.person("ana")) == &people.reps[1]);  // the stay that lasts
}
