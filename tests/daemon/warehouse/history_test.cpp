// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/history.hpp"

#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;

namespace {

const Instant monday = tests::noon(2026y / 11 / 16);
const Instant tuesday = tests::noon(2026y / 11 / 17);
const Instant friday = tests::noon(2026y / 11 / 20);

/// One version of an opportunity, by a letter: stage and amount.
struct Version {
    int at;
    char stage;
    char amount;
};

void tell(tests::World& world, const std::vector<Version>& page) {
    for (const auto& version : page)
        world.opportunity("Acme")
            .stage(std::string(1, version.stage))
            .amount(std::string(1, version.amount))
            .modified(from_millis(version.at * 1000))
            .fetched(monday);
}

/// What the history has to be: each difference of neighbours in time.
std::string expected_history(std::vector<Version> versions) {
    std::ranges::sort(versions, {}, &Version::at);
    std::string lines;
    for (std::size_t i = 1; i < versions.size(); ++i) {
        const auto& before = versions[i - 1];
        const auto& after = versions[i];
        if (before.amount != after.amount)
            lines += fmt::format("{} amount: {} -> {}\n", after.at, before.amount, after.amount);
        if (before.stage != after.stage)
            lines += fmt::format("{} stage: {} -> {}\n", after.at, before.stage, after.stage);
    }
    return lines;
}

std::string history_with_times(tests::World& world) {
    auto row = world.database().prepare(
        "SELECT changed_at / 1000, field, old, new FROM opportunity_change "
        "WHERE deleted_at IS NULL ORDER BY changed_at, field");
    std::string lines;
    while (row.step())
        lines +=
            fmt::format("{} {}: {} -> {}\n", row.integer(0), row.text(1), row.text(2), row.text(3));
    return lines;
}

/// "stage: proposal -> won (seen)" a line, in the order of time.
std::string history(tests::World& world) {
    auto row = world.database().prepare(
        "SELECT field, coalesce(old, '-'), coalesce(new, '-'), origin FROM opportunity_change "
        "WHERE deleted_at IS NULL ORDER BY changed_at, field");
    std::string lines;
    while (row.step())
        lines +=
            fmt::format("{}: {} -> {} ({})\n", row.text(0), row.text(1), row.text(2), row.text(3));
    return lines;
}

}  // namespace

TEST_CASE("the first load of an opportunity makes no history") {
    tests::World world;
    world.opportunity("Acme").stage("proposal").amount("5000").owner("ana");
    CHECK(history(world).empty());
}

TEST_CASE("a change of what is followed becomes history, and a change of anything else does not") {
    tests::World world;
    world.now(monday).opportunity("Acme").stage("proposal").amount("5000").owner("ana");
    world.now(tuesday)
        .opportunity("Acme")
        .stage("commit")
        .amount("4000")
        .close_date(tests::day(2026y / 12 / 1))
        .owner("ben")
        .forecast_category("commit")
        .next_step("call")
        .type("renewal");
    CHECK(history(world) == "amount: 5000 -> 4000 (seen)\n"
                            "close_date: - -> 2026-12-01 (seen)\n"
                            "forecast_category: - -> commit (seen)\n"
                            "next_step: - -> call (seen)\n"
                            "owner: ana -> ben (seen)\n"
                            "stage: proposal -> commit (seen)\n");
}

TEST_CASE("a change is dated by the CRM's version, or else by the fetch that saw it") {
    tests::World world;
    world.now(friday).opportunity("Acme").stage("one").modified(monday);
    world.opportunity("Acme").stage("two").modified(tuesday);
    world.opportunity("Bolt").stage("one");
    world.opportunity("Bolt").stage("two").fetched(friday + 1h);
    auto row =
        world.database().prepare("SELECT changed_at FROM opportunity_change ORDER BY opportunity");
    REQUIRE(row.step());
    CHECK(row.maybe_instant(0) == tuesday);
    REQUIRE(row.step());
    CHECK(row.maybe_instant(0) == friday + 1h);
}

TEST_CASE("a value that goes and comes back is two changes") {
    tests::World world;
    world.opportunity("Acme").amount("1").fetched(monday);
    world.opportunity("Acme").amount("2").fetched(tuesday);
    world.opportunity("Acme").amount("1").fetched(friday);
    CHECK(history(world) == "amount: 1 -> 2 (seen)\namount: 2 -> 1 (seen)\n");
}

TEST_CASE("an opportunity known only as a tombstone has its first load when it is told") {
    tests::World world;
    world.opportunity("Acme").deleted().fetched(monday);
    world.opportunity("Acme").stage("proposal").fetched(tuesday);
    CHECK(history(world).empty());
}

TEST_CASE("history that the CRM tells takes the place of what was seen, whichever comes first") {
    tests::World world;
    const auto told = [&] {
        world.change("h1").opportunity("Acme").field("stage").from("one").to("two").changed_at(
            monday);
    };
    const auto seen = [&] {
        world.opportunity("Acme").stage("one").amount("1").fetched(monday);
        world.opportunity("Acme").stage("two").amount("2").fetched(tuesday);
    };
    SECTION("the CRM's comes first") {
        told();
        seen();
    }
    SECTION("the CRM's comes later") {
        seen();
        told();
    }
    // Of another field of the same opportunity, the CRM tells nothing.
    CHECK(history(world) == "stage: one -> two (crm)\namount: 1 -> 2 (seen)\n");
}

TEST_CASE("under full only what the CRM calls newer is history") {
    struct Case {
        const char* name;
        std::optional<Instant> before, after;
        const char* history;
    };
    const auto c = GENERATE(values<Case>({
        {"a newer version has changed", monday, tuesday, "stage: one -> two (seen)\n"},
        {"the same version is mapped otherwise", monday, monday, ""},
        {"an older version was restored", tuesday, monday, ""},
        {"without versions it is not known", {}, {}, ""},
    }));
    DYNAMIC_SECTION(c.name) {
        tests::World world;
        const auto source = world.source();
        for (const auto& [stage, modified] : {std::pair{"one", c.before}, {"two", c.after}}) {
            model::Page page;
            page.fetched_at = friday;
            model::Record record;
            record.entity = model::Entity::opportunity;
            record.id = "Acme";
            record.modified = modified;
            record.values[*model::field_index(record.entity, "stage")] = std::string_view{stage};
            page.records.push_back(record);
            store_page(world.database(), source, {model::Entity::opportunity}, page, true);
        }
        CHECK(history(world) == c.history);
    }
}

TEST_CASE("the history is the same in whatever order versions arrive, and however often") {
    std::mt19937 dice(GENERATE(range(1u, 61u)));
    const auto number = [&](int below) {
        return static_cast<int>(dice() % static_cast<unsigned>(below));
    };
    std::vector<Version> versions;
    for (int at = 1; at <= 3 + number(6); ++at)
        versions.push_back(
            {at, static_cast<char>('a' + number(3)), static_cast<char>('1' + number(2))});
    auto arriving = versions;
    for (int i = number(4); i > 0; --i)
        arriving.push_back(
            versions[static_cast<std::size_t>(number(static_cast<int>(versions.size())))]);
    std::ranges::shuffle(arriving, dice);
    tests::World world;
    for (const auto& version : arriving) {
        tell(world, {version});
        world.database();
    }
    CHECK(history_with_times(world) == expected_history(versions));
}

TEST_CASE("a CRM's history that reaches back less far than what was seen adds to it") {
    tests::World world;
    // Seen since day 1: a, b from 2 on, c from 5 on, d from 8 on.
    tell(world, {{1, 'a', '1'}});
    tell(world, {{2, 'b', '1'}});
    tell(world, {{5, 'c', '1'}});
    const auto told = [&](const char* id, const char* from, const char* to, int at) {
        world.change(id).opportunity("Acme").field("stage").from(from).to(to).changed_at(
            from_millis(at * 1000));
    };
    SECTION("it begins between two that were seen") {
        told("h1", "b", "c", 4);
        CHECK(history_with_times(world) == "2 stage: a -> b\n4 stage: b -> c\n");
    }
    SECTION("it tells the last one late") {
        told("h1", "a", "b", 2);
        CHECK(history_with_times(world) == "2 stage: a -> b\n5 stage: b -> c\n");
        told("h2", "b", "c", 5);
        CHECK(history_with_times(world) == "2 stage: a -> b\n5 stage: b -> c\n");
    }
    SECTION("it knows more steps than were seen") {
        told("h1", "a", "x", 2);
        told("h2", "x", "b", 2 + 1);
        CHECK(history_with_times(world) == "2 stage: a -> x\n3 stage: x -> b\n5 stage: b -> c\n");
    }
    SECTION("it leaves out one in the middle") {
        tell(world, {{8, 'd', '1'}});
        told("h1", "a", "b", 2);
        told("h3", "c", "d", 7);
        CHECK(history_with_times(world) == "2 stage: a -> b\n5 stage: b -> c\n7 stage: c -> d\n");
    }
    SECTION("it takes back what it told") {
        told("h1", "b", "c", 4);
        world.change("h1").deleted().fetched(friday);
        CHECK(history_with_times(world) == "2 stage: a -> b\n5 stage: b -> c\n");
    }
}

TEST_CASE("with a CRM's history, told whole or in parts and in any order, no change counts twice") {
    std::mt19937 dice(GENERATE(range(1u, 61u)));
    const auto number = [&](int below) {
        return static_cast<int>(dice() % static_cast<unsigned>(below));
    };
    // What happened: a stage at each of several instants; the CRM's version moves with it, or
    // later.
    std::vector<Version> versions{{10, 'a', '1'}};
    for (int i = 2 + number(6); i > 0; --i) {
        char stage = static_cast<char>('a' + number(3));
        if (stage == versions.back().stage) stage = static_cast<char>(stage + 3);
        versions.push_back({versions.back().at + 10, stage, '1'});
    }
    struct Arrival {
        bool is_told;
        std::size_t version;
    };
    std::vector<Arrival> arrivals;
    const std::size_t remembered =
        1 + static_cast<std::size_t>(number(3));  // the CRM forgot the rest
    for (std::size_t i = 0; i < versions.size(); ++i) {
        arrivals.push_back({false, i});
        if (i >= remembered) arrivals.push_back({true, i});
    }
    std::ranges::shuffle(arrivals, dice);
    tests::World world;
    for (const auto& [is_told, i] : arrivals) {
        const auto& version = versions[i];
        if (is_told)
            world.change(fmt::format("h{}", version.at))
                .opportunity("Acme")
                .field("stage")
                .from(std::string(1, versions[i - 1].stage))
                .to(std::string(1, version.stage))
                .changed_at(from_millis(version.at * 1000));
        else
            tell(world, {version});
        world.database();
    }
    CHECK(history_with_times(world) == expected_history(versions));
}

TEST_CASE("a list of changes that begins later than it did takes nothing away") {
    tests::World world;
    const auto source = world.source();
    const auto tell_list = [&](std::vector<int> days, Instant fetched) {
        model::Page page;
        page.fetched_at = fetched;
        page.snapshot = model::Page::Snapshot{.begins = true, .ends = true};
        for (const int day : days) {
            model::Record record;
            record.entity = model::Entity::opportunity_change;
            record.id = page.keep(fmt::format("h{}", day));
            const auto set = [&](const char* field, model::Value value) {
                record.values[*model::field_index(record.entity, field)] = value;
            };
            set("opportunity", std::string_view{"Acme"});
            set("field", std::string_view{"stage"});
            set("old", page.keep(fmt::format("{}", day - 1)));
            set("new", page.keep(fmt::format("{}", day)));
            set("changed_at", std::int64_t{day * 1000});
            page.records.push_back(record);
        }
        store_page(world.database(), source, {model::Entity::opportunity_change}, page, false);
    };
    tell_list({1, 2, 3}, monday);
    tell(world, {{1, '1', '1'}});
    tell(world, {{9, '9', '1'}});
    tell_list({2, 4}, tuesday);  // 1 is forgotten, 3 was taken back, 9 is not told yet
    CHECK(history_with_times(world) ==
          "1 stage: 0 -> 1\n2 stage: 1 -> 2\n4 stage: 3 -> 4\n9 stage: 1 -> 9\n");
}

TEST_CASE("a task's due day, owner and end have a history") {
    tests::World world;
    world.now(monday).task("t").owner("ana").due_on(tests::day(2026y / 11 / 20)).priority("low");
    world.now(tuesday).task("t").due_on(tests::day(2026y / 12 / 1)).owner("ben").priority("high");
    world.now(friday).task("t").done_at(friday);
    auto row = world.database().prepare(
        "SELECT field, coalesce(old, '-'), coalesce(new, '-'), changed_at FROM v_task_change "
        "ORDER BY changed_at, field");
    std::string lines;
    while (row.step())
        lines +=
            fmt::format("{}: {} -> {} at {}\n", row.text(0), row.text(1), row.text(2), row.text(3));
    CHECK(lines == "due_on: 2026-11-20 -> 2026-12-01 at 2026-11-17T12:00:00Z\n"
                   "owner: ana -> ben at 2026-11-17T12:00:00Z\n"
                   "is_done: - -> 1 at 2026-11-20T12:00:00Z\n");
}

TEST_CASE("what an opportunity looked like on a day can be asked of the views") {
    tests::World world;
    world.stage("s1").name("Proposal");
    world.stage("s2").name("Commit");
    world.now(monday).opportunity("Acme").stage("s1").amount("5000").owner("ana").created(
        tests::noon(2026y / 11 / 2));
    world.now(tuesday).opportunity("Acme").stage("s2").amount("4000.50");
    world.now(friday).opportunity("Acme").deleted();
    const auto looked = [&](const char* instant) {
        auto row = world.database().prepare(
            "SELECT stage, amount_text, owner_id FROM v_opportunity_period WHERE id = 'Acme' AND "
            "valid_from <= ?1 AND valid_until > ?1");
        row.bind(1, instant);
        std::string text;
        while (row.step()) text += fmt::format("{} {} {}\n", row.text(0), row.text(1), row.text(2));
        return text;
    };
    CHECK(looked("2026-11-01T00:00:00Z").empty());
    CHECK(looked("2026-11-10T00:00:00Z") == "Proposal 5000 ana\n");
    CHECK(looked("2026-11-17T11:59:59Z") == "Proposal 5000 ana\n");
    CHECK(looked("2026-11-17T12:00:00Z") == "Commit 4000.50 ana\n");
    CHECK(looked("2026-11-20T12:00:00Z").empty());
}
