// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/page_store.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/rollups.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "daemon/warehouse/rollups_write.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;

namespace {

const auto friday = 2026y / 11 / 20;

/// "ana 2026-11-20 dials 1" a line.
std::string rollups(tests::World& world) {
    auto row = world.database().prepare(
        "SELECT o.user, date(r.day * 86400, 'unixepoch'), m.name, r.value FROM rollup r "
        "JOIN rollup_user o ON o.id = r.user_id JOIN rollup_measure m ON m.id = r.measure_id "
        "WHERE m.name IS NOT NULL ORDER BY 1, 2, 3");
    std::string lines;
    while (row.step())
        lines +=
            fmt::format("{} {} {} {}\n", row.text(0), row.text(1), row.text(2), row.integer(3));
    return lines;
}

void check_verified(tests::World& world) {
    for (const auto& difference : verify_rollups(world.database()))
        FAIL_CHECK(difference.user << ' ' << difference.day << ' ' << difference.measure
                                   << ": stored " << difference.stored << ", counted "
                                   << difference.counted);
}

}  // namespace

TEST_CASE("a call counts by its direction, outcome and length") {
    struct Case {
        const char* name;
        std::function<void(tests::Draft&)> call;
        const char* counted;
    };
    const auto c = GENERATE(values<Case>({
        {"outbound, connected, 90 s",
         [](tests::Draft& call) { call.direction("outbound").outcome("connected").lasting(90s); },
         "connects 1, dials 1, talk_seconds 90, "},
        {"logged by hand, connected", [](tests::Draft& call) { call.outcome("connected"); },
         "connects 1, dials 1, "},
        {"outbound, no answer, rang for 25 s",
         [](tests::Draft& call) { call.direction("outbound").outcome("no_answer").lasting(25s); },
         "dials 1, "},
        {"inbound, connected, 90 s",
         [](tests::Draft& call) { call.direction("inbound").outcome("connected").lasting(90s); },
         "inbound_calls 1, talk_seconds 90, "},
        {"inbound, without an outcome", [](tests::Draft& call) { call.direction("inbound"); },
         "inbound_calls 1, "},
        {"inbound, missed",
         [](tests::Draft& call) { call.direction("inbound").outcome("no_answer"); }, ""},
        {"without an outcome, 60 s", [](tests::Draft& call) { call.lasting(60s); },
         "connects 1, dials 1, talk_seconds 60, "},
        {"without an outcome, 59 s", [](tests::Draft& call) { call.lasting(59s); },
         "dials 1, talk_seconds 59, "},
        {"planned", [](tests::Draft& call) { call.planned().lasting(90s); }, ""},
        {"with a length that cannot be", [](tests::Draft& call) { call.lasting(-5s); },
         "dials 1, "},
        {"with a time that cannot be",
         [](tests::Draft& call) { call.at(from_millis(std::int64_t{1} << 62)); }, ""},
    }));
    DYNAMIC_SECTION(c.name) {
        tests::World world;
        c.call(world.call("c1").owner("ana").at(tests::noon(friday)));
        auto row =
            world.database().prepare("SELECT measure, value FROM v_rep_day ORDER BY measure");
        std::string counted;
        while (row.step()) counted += fmt::format("{} {}, ", row.text(0), row.integer(1));
        CHECK(counted == c.counted);
    }
}

TEST_CASE("meetings count when they were held, tasks when they were completed") {
    tests::World world;
    world.meeting("held").owner("ana").at(tests::noon(friday)).outcome("held");
    world.meeting("nobody says").owner("ana").at(tests::noon(friday));
    world.meeting("gone").owner("ana").at(tests::noon(friday)).deleted();
    for (const auto* outcome : {"scheduled", "rescheduled", "no_show", "cancelled"})
        world.meeting(outcome).owner("ana").at(tests::noon(friday)).outcome(outcome);
    world.task("done").owner("ana").done_at(tests::noon(2026y / 11 / 19));
    world.task("open").owner("ana").due_at(tests::noon(friday));
    world.task("dropped").owner("ana").done_at(tests::noon(friday)).cancelled();
    world.task("series").owner("ana").done_at(tests::noon(friday)).series();
    CHECK(rollups(world) == "ana 2026-11-19 tasks_completed 1\nana 2026-11-20 meetings_held 2\n"
                            "ana 2026-11-20 tasks_due 1\n");
}

TEST_CASE("an opportunity counts when it is created, and when it closes") {
    tests::World world;
    world.opportunity("won")
        .owner("ana")
        .created(tests::noon(2026y / 11 / 2))
        .won()
        .amount("1250.50")
        .closed_at(tests::noon(friday))
        .close_date(tests::day(2026y / 12 / 31));
    world.opportunity("also won").owner("ana").won().amount("0.07").close_date(tests::day(friday));
    world.opportunity("lost").owner("ana").lost().amount("9").close_date(tests::day(friday));
    world.opportunity("open").owner("ana").amount("9").close_date(tests::day(friday));
    // 1250.50 + 0.07 = 1250.57
    CHECK(rollups(world) == "ana 2026-11-02 opportunities_created 1\n"
                            "ana 2026-11-20 losses 1\n"
                            "ana 2026-11-20 wins 2\n"
                            "ana 2026-11-20 won_amount 125057\n");
}

TEST_CASE("what changes hands, changes or goes is taken away where it was counted") {
    tests::World world;
    const auto call = [&] {
        return &world.call("c1").owner("ana").at(tests::noon(friday)).direction("outbound");
    };
    call();
    REQUIRE(rollups(world) == "ana 2026-11-20 dials 1\n");
    SECTION("to another owner") {
        call()->owner("ben");
        CHECK(rollups(world) == "ben 2026-11-20 dials 1\n");
    }
    SECTION("to another day") {
        call()->at(tests::noon(2026y / 11 / 19));
        CHECK(rollups(world) == "ana 2026-11-19 dials 1\n");
    }
    SECTION("to something that does not count") {
        call()->planned();
        CHECK(rollups(world).empty());
    }
    SECTION("to nobody") {
        call()->clear("owner");
        CHECK(rollups(world).empty());
    }
    SECTION("away, and back") {
        call()->deleted().fetched(tests::noon(friday));
        CHECK(rollups(world).empty());
        call()->fetched(tests::noon(friday) + 1h);
        CHECK(rollups(world) == "ana 2026-11-20 dials 1\n");
    }
}

TEST_CASE("a day is the local day of the one for whom it counts") {
    // 23:30 on Thursday in Los Angeles is 07:30 on Friday in UTC.
    const Instant late_thursday = tests::at(friday, 7, 30);
    struct Case {
        const char* name;
        std::function<void(tests::World&)> zone;
        const char* day;
    };
    const auto c = GENERATE(values<Case>({
        {"a user without a zone", [](tests::World&) {}, "2026-11-20"},
        {"a user with a zone",
         [](tests::World& world) { world.user("ana").time_zone("America/Los_Angeles"); },
         "2026-11-19"},
        {"a user with a zone that nobody knows",
         [](tests::World& world) { world.user("ana").time_zone("Pacific Time (US)"); },
         "2026-11-20"},
        {"a rep whose team has a zone",
         [](tests::World& world) {
             world.user("ana").email("ana@example.com").time_zone("Europe/Berlin");
             world.team("West").manager("max").rep("ana").zone("America/Los_Angeles");
         },
         "2026-11-19"},
    }));
    DYNAMIC_SECTION(c.name) {
        const bool known_first = GENERATE(true, false);
        CAPTURE(known_first);
        tests::World world;
        if (known_first) {
            c.zone(world);
            world.database();
        }
        world.call("c1").owner("ana").at(late_thursday);
        if (!known_first) {
            world.database();
            c.zone(world);
        }
        CHECK(rollups(world) == fmt::format("ana {} dials 1\n", c.day));
        check_verified(world);
    }
}

TEST_CASE("a record of a user who is not known yet counts in UTC until the user is") {
    tests::World world;
    world.call("c1").unknown_owner("ana").at(tests::at(friday, 7, 30));
    CHECK(rollups(world) == "ana 2026-11-20 dials 1\n");
    world.user("ana").time_zone("America/Los_Angeles");
    CHECK(rollups(world) == "ana 2026-11-19 dials 1\n");
}

TEST_CASE("opportunities that go by their stage are counted again when the stage is told") {
    tests::World world;
    world.opportunity("Acme").owner("ana").stage("s4").close_date(tests::day(friday)).amount("10");
    world.opportunity("Bolt").owner("ana").stage("s4").close_date(tests::day(friday)).lost();
    CHECK(rollups(world) == "ana 2026-11-20 losses 1\n");
    world.stage("s4").won();
    CHECK(rollups(world) == "ana 2026-11-20 losses 1\nana 2026-11-20 wins 1\n"
                            "ana 2026-11-20 won_amount 1000\n");
    world.stage("s4").lost();
    CHECK(rollups(world) == "ana 2026-11-20 losses 2\n");
    check_verified(world);
}

TEST_CASE("verify finds a rollup that is wrong, and a rebuild mends it") {
    tests::World world;
    world.call("c1").owner("ana").at(tests::noon(friday));
    world.database().execute(
        "UPDATE rollup SET value = 3; INSERT INTO rollup_user VALUES (99, 1, 'ghost');"
        "INSERT INTO rollup SELECT 99, measure_id, 20454, 2 FROM rollup;"  // 2026-01-01
        "INSERT INTO rollup VALUES (99, 12345, 20454, 5)");
    const auto differences = verify_rollups(world.database());
    REQUIRE(differences.size() == 3);
    CHECK(differences[0].user == "ana");
    CHECK(differences[0].stored == 3);
    CHECK(differences[0].counted == 1);
    CHECK(differences[1].user == "ghost");
    CHECK(differences[1].day == "2026-01-01");
    CHECK(differences[1].measure == "dials");
    CHECK(differences[1].stored == 2);
    CHECK(differences[1].counted == 0);
    CHECK(differences[2].measure.empty());
    CHECK(differences[2].stored == 5);
    begin_rebuild(world.database());
    // Those of the other kinds have nothing to count.
    const auto of_calls = std::ranges::count(measures(), model::Entity::call, &Measure::entity);
    CHECK(std::ssize(read_recount_state(world.database()).measures) == of_calls);
    CHECK_FALSE(recount_some(world.database(), 1000));
    CHECK(read_recount_state(world.database()).is_done());
    CHECK(verify_rollups(world.database()).empty());
    CHECK(rollups(world) == "ana 2026-11-20 dials 1\n");
    CHECK(world.database().integer("SELECT count(*) FROM rollup") == 1);
}

TEST_CASE("a measure that means something else now is counted anew in steps, and not read before") {
    tests::World world;
    for (int i = 0; i < 10; ++i)
        world.call(fmt::format("c{}", i)).owner("ana").at(tests::noon(friday)).lasting(90s);
    REQUIRE(
        rollups(world) ==
        "ana 2026-11-20 connects 10\nana 2026-11-20 dials 10\nana 2026-11-20 talk_seconds 900\n");
    std::vector<Measure> changed(measures().begin(), measures().end());
    auto& connects = *std::find_if(changed.begin(), changed.end(),
                                   [](const Measure& one) { return one.name == "connects"; });
    connects.revision += 1;
    connects.count = find_measure("talk_seconds")->count;
    auto& database = world.database();
    open_rollups(database, changed);
    CHECK(read_recount_state(database, changed).measures == std::vector<std::string>{"connects"});
    CHECK(recount_some(database, 4, changed));
    CHECK(read_recount_state(database, changed).share == Approx(0.4));
    CHECK(
        rollups(world) ==
        "ana 2026-11-20 connects 360\nana 2026-11-20 dials 10\nana 2026-11-20 talk_seconds 900\n");
    while (recount_some(database, 3, changed)) CHECK(verify_rollups(database, changed).empty());
    CHECK(read_recount_state(database, changed).is_done());
    CHECK(verify_rollups(database, changed).empty());
    CHECK(database.integer("SELECT count(*) FROM rollup_measure WHERE name IS NULL") == 0);
}

TEST_CASE("who has very many records is counted in another zone in steps") {
    tests::World world;
    world.user("ana").email("ana@example.com");
    world.database();
    const Instant late_thursday = tests::at(friday, 7, 30);
    for (int i = 0; i < records_at_once + 10; ++i)
        world.call(fmt::format("c{}", i)).unknown_owner("ana").at(late_thursday);
    REQUIRE(rollups(world) == fmt::format("ana 2026-11-20 dials {}\n", records_at_once + 10));
    world.user("ana").time_zone("America/Los_Angeles");
    auto& database = world.database();
    CHECK(read_recount_state(database).users == 1);
    CHECK(read_rollup_proof(world.reader()).people.contains(world.person("ana")));
    CHECK(rollups(world) == fmt::format("ana 2026-11-19 dials {}\n", records_at_once));
    CHECK(verify_rollups(database).empty());
    while (recount_some(database, 4)) continue;
    CHECK(read_recount_state(database).is_done());
    CHECK(rollups(world) == fmt::format("ana 2026-11-19 dials {}\n", records_at_once + 10));
}

TEST_CASE("when the rules of a zone have changed, its users are counted anew at the next start") {
    tests::World world;
    world.user("ana").time_zone("America/Los_Angeles");
    world.call("c1").unknown_owner("ana").at(tests::at(friday, 7, 30));
    auto& database = world.database();
    open_rollups(database);
    CHECK(read_recount_state(database).is_done());
    database.execute("UPDATE rollup_zone SET rules = 1; UPDATE rollup SET day = day + 1");
    open_rollups(database);
    CHECK(read_recount_state(database).users == 1);
    CHECK_FALSE(recount_some(database, 100));
    CHECK(rollups(world) == "ana 2026-11-19 dials 1\n");
}

TEST_CASE(
    "what a page counted is written with the others of its transaction, unless it is dropped") {
    tests::World world;
    const auto source = world.source();
    auto& database = world.database();
    model::Record call;
    call.entity = model::Entity::call;
    call.values[*model::field_index(call.entity, "owner")] = std::string_view{"ana"};
    call.values[*model::field_index(call.entity, "started_at")] = to_millis(tests::noon(friday));
    RollupChanges changes{database, source, measures()};
    changes.add(call, 1);
    changes.add(call, 2);
    changes.keep();
    {
        const Savepoint page{database};
        call.values[*model::field_index(call.entity, "owner")] = std::string_view{"ben"};
        changes.add(call, 3);
    }
    changes.drop();
    CHECK(rollups(world).empty());
    call.values[*model::field_index(call.entity, "owner")] = std::string_view{"eve"};
    changes.add(call, 4);
    changes.flush();
    CHECK(rollups(world) == "ana 2026-11-20 dials 2\neve 2026-11-20 dials 1\n");
}

TEST_CASE("where a stage of very many opportunities changes its meaning, its measures begin anew") {
    tests::World world;
    for (int i = 0; i < 10'001; ++i)
        world.opportunity(fmt::format("o{}", i))
            .unknown_owner("ana")
            .stage("s4")
            .close_date(tests::day(friday));
    world.database();
    world.stage("s4").won();
    auto& database = world.database();
    CHECK(read_recount_state(database).measures ==
          std::vector<std::string>{"wins", "losses", "won_amount"});
    while (recount_some(database, 4'000)) CHECK(verify_rollups(database).empty());
    CHECK(rollups(world) == "ana 2026-11-20 wins 10001\n");
}

TEST_CASE("sums stay true when one source's page makes another source's users be counted anew") {
    tests::World world(tests::noon(friday));
    world.in("crm").user("ana").time_zone("Europe/Berlin");
    world.in("other").call("c1").owner("ben").at(tests::noon(friday)).direction("outbound");
    world.reader();
    auto& database = world.database();
    const auto id_of = [&](const char* name) {
        auto row = database.prepare("SELECT id FROM source WHERE name = ?1");
        row.bind(1, name).step();
        return SourceId{row.integer(0)};
    };
    const auto crm = id_of("crm");
    const auto other = id_of("other");
    const auto users = [](const char* zone) {
        model::Page page;
        page.fetched_at = tests::noon(friday);
        auto& user = page.records.emplace_back();
        user.entity = model::Entity::user;
        user.id = "ana";
        user.values[*model::field_index(user.entity, "time_zone")] = std::string_view{zone};
        return page;
    };
    const auto calls = [](const char* name) {
        model::Page page;
        page.fetched_at = tests::noon(friday);
        auto& call = page.records.emplace_back();
        call.entity = model::Entity::call;
        call.id = name;
        const auto set = [&](const char* field, auto value) {
            call.values[*model::field_index(call.entity, field)] = value;
        };
        set("owner", std::string_view{"ben"});
        set("direction", std::string_view{"outbound"});
        set("started_at", to_millis(tests::noon(friday)));
        return page;
    };
    constexpr model::Stream user_stream{model::Entity::user, model::Lane::incremental};
    constexpr model::Stream call_stream{model::Entity::call, model::Lane::incremental};

    Transaction transaction{database};
    recount_user(database, other, "ben");
    PageStore pages{database};
    pages.store(crm, user_stream, users("Asia/Tokyo"), false);
    pages.store(other, call_stream, calls("c2"), false);
    // Ana's days and Ben, too, are counted before this one.
    pages.store(crm, user_stream, users("America/New_York"), false);
    pages.store(other, call_stream, calls("c3"), false);
    pages.finish();
    transaction.commit();
    CHECK(read_recount_state(database).is_done());
    check_verified(world);
    CHECK(database.integer("SELECT sum(value) FROM v_rep_day WHERE measure = 'dials'") == 3);
}
