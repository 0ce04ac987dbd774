// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/audit.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/escalations.hpp"
#include "daemon/warehouse/export.hpp"
#include "daemon/warehouse/forget.hpp"
#include "daemon/warehouse/note_reading.hpp"
#include "daemon/warehouse/person_export.hpp"
#include "daemon/warehouse/plans.hpp"
#include "daemon/warehouse/retention.hpp"
#include "daemon/warehouse/scrub.hpp"
#include "daemon/warehouse/time_off.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

const Instant now = tests::noon(2026y / 11 / 20);
constexpr auto secret = "qualmzephyr";  // a word that nothing else begins like

std::int64_t count(const Database& database, const std::string& table) {
    return database.integer("SELECT count(*) FROM " + table);
}

/// Every table of migration 11, with a row about ana.
constexpr std::array tables{
    "note",      "note_revision",   "note_link",  "note_handover",     "plan",
    "plan_goal", "plan_checkpoint", "escalation", "escalation_update", "away"};

/// One of everything about ana, held by max on `held`.
void add_everything(tests::World& world, Instant held) {
    world.team("north").manager("max").rep("ana").rep("bob");
    world.user("ana").name("Ana Duarte").email("ana@example.com");
    world.user("bob").name("Bob Okafor").email("bob@example.com");
    world.reader();
    auto& database = world.database();
    const auto day = Zone::utc().local_day(held);
    NoteDraft note;
    note.type = NoteType::one_on_one;
    note.rep = world.person("ana");
    note.team = "north";
    note.manager = world.person("max");
    note.held_on = day;
    note.body = fmt::format("{} about ana", secret);
    note.agreed = "50 dials in 2026-W48";
    note.opportunities = {{"crm", "o1"}};
    store_note(database, note, held);
    hand_over_notes(database, note.rep, note.manager, held);
    const auto plan = store_plan(database,
                                 {.rep = note.rep,
                                  .manager = note.manager,
                                  .from = day - std::chrono::days{42},
                                  .until = day,
                                  .goals = {{"dials", 40, 60, {}, {}}},
                                  .follows = {}},
                                 held);
    note_checkpoint(database, plan, {day, {55.0}}, held);
    end_plan(database, plan, {{"dials", 40, 60, GoalResult::on_the_way, 55.0}}, "from 40 to 55",
             held);
    const auto escalation = open_escalation(database,
                                            {.customer = "Acme",
                                             .rep = note.rep,
                                             .manager = note.manager,
                                             .team = "north",
                                             .text = "the delivery is late",
                                             .next_step = "call them"},
                                            held);
    close_escalation(database, escalation, "delivered", held);
    store_away(database, note.rep, day, day, 1, held);
}

void forget(tests::World& world, const char* address) {
    auto& database = world.database();
    Forgetting forgetting(find_traces(database, address));
    for (bool more = true; more;) {
        Transaction transaction{database};
        more = forgetting.step(database);
        transaction.commit();
    }
    Scrub scrub;
    while (scrub.step(database) == Scrub::Step::more) continue;
}

}  // namespace

TEST_CASE("no view reads what is said in notes, and no export has it") {
    tests::World world(now);
    add_everything(world, now);
    const auto reader = world.reader();
    auto views =
        reader.database().prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'view'");
    while (views.step()) {
        CAPTURE(views.text(0));
        CHECK_THAT(std::string{views.text(1)}, !Contains("note"));
    }
    const tests::TempFolder folder;
    ExportOptions options;
    options.folder = folder.file("out");
    for (const auto& file : export_views(world.path(), options).files)
        CHECK_THAT(tests::read_file(file.path), !Contains(secret));
    for (const auto* table : {"note", "note_revision", "note_text", "note_text_data"})
        CHECK(is_private_table(table));
}

TEST_CASE("an export refuses a view that reaches notes by way of their search") {
    tests::World world(now);
    add_everything(world, now);
    world.database().execute("CREATE VIEW v_leak AS SELECT c0 FROM note_text_content");
    const tests::TempFolder folder;
    ExportOptions options;
    options.folder = folder.file("out");
    export_views(world.path(), options);
    CHECK_FALSE(fs::exists(folder.file("out/v_leak.csv")));
    options.views = {"v_leak"};
    CHECK_THROWS_WITH(export_views(world.path(), options), Contains("1:1"));
}

TEST_CASE("a person's export has plans, escalations and days off, and no note") {
    tests::World world(now);
    add_everything(world, now);
    const auto reader = world.reader();
    std::string text;
    export_person(reader, find_traces(reader.database(), "ana@example.com"),
                  [&](std::string_view piece) { text += piece; });
    CHECK_THAT(text, !Contains(secret));
    CHECK_THAT(text, !Contains("\"note"));
    for (const auto* section :
         {"\"plan\"", "\"plan_goal\"", "\"escalation\"", "\"escalation_update\"", "\"away\""})
        CHECK_THAT(text, Contains(section));
    CHECK_THAT(text, Contains("from 40 to 55"));
}

TEST_CASE("of a rep who is forgotten no record of coaching is left, nor a word in the search") {
    tests::World world(now);
    add_everything(world, now);
    auto& database = world.database();
    for (const auto* table : tables) REQUIRE(count(database, table) == 1);
    forget(world, "ana@example.com");
    for (const auto* table : tables) {
        CAPTURE(table);
        CHECK(count(database, table) == 0);
    }
    std::string bytes;
    for (const auto* file : {"", "-wal"})
        if (fs::exists(world.path() + file)) bytes += tests::read_file(world.path() + file);
    CHECK(bytes.find(secret) == std::string::npos);
}

TEST_CASE("notes about others lose the name of whoever is forgotten, and the search does") {
    tests::World world(now);
    add_everything(world, now);
    auto& database = world.database();
    NoteDraft note;
    note.type = NoteType::one_on_one;
    note.rep = world.person("bob");
    note.team = "north";
    note.manager = world.person("max");
    note.held_on = tests::day(2026y / 11 / 18);
    note.body = "he shares leads with Ana Duarte";
    store_note(database, note, now);
    forget(world, "ana@example.com");
    NoteFilter filter;
    filter.words = "duarte";
    CHECK(read_notes(world.reader(), {note.rep, note.held_on}, filter).notes.empty());
    filter.words = "shares";
    const auto seen = read_notes(world.reader(), {note.rep, note.held_on}, filter);
    REQUIRE(seen.notes.size() == 1);
    CHECK(seen.notes[0].text->body == "he shares leads with [forgotten]");
}

TEST_CASE("a manager who is forgotten leaves the notes to the rep") {
    tests::World world(now);
    add_everything(world, now);
    forget(world, "max@example.com");
    const auto seen =
        read_notes(world.reader(), {world.person("ana"), tests::day(2026y / 11 / 20)});
    REQUIRE(seen.notes.size() == 1);
    CHECK(seen.notes[0].manager_name.empty());
    CHECK(seen.notes[0].text.has_value());
    CHECK(count(world.database(), "plan") == 1);
}

TEST_CASE("records of coaching go when they are past their time, the search's words with them") {
    tests::World world(now);
    add_everything(world, now);
    auto& database = world.database();
    const auto retain = [&](Instant at) {
        RetentionPass pass(RetentionOptions{}, at);
        for (bool more = true; more;) {
            Transaction transaction{database};
            more = pass.step(database);
            transaction.commit();
        }
        return pass.past();
    };
    using std::chrono::days;
    CHECK(retain(now + days{1095}).empty());
    const auto past = retain(now + days{1098});
    for (const auto* table : {"note", "note_handover", "plan", "escalation", "away"}) {
        CAPTURE(table);
        CHECK(past.at(table) == 1);
    }
    for (const auto* table : tables) CHECK(count(database, table) == 0);
    CHECK(database.integer(fmt::format("SELECT count(*) FROM note_text_data WHERE "
                                       "instr(lower(CAST(block AS TEXT)), '{}')",
                                       secret)) == 0);
}

TEST_CASE(
    "who looked at the notes of a forgotten rep goes with them, who was forgotten is not named") {
    tests::World world(now);
    add_everything(world, now);
    auto& database = world.database();
    const auto ana = world.person("ana");
    const auto max = world.person("max");
    const auto bob = world.person("bob");
    store_audit(database, {.at = now, .user = 7, .as = max, .about = ana, .use = NoteUse::read});
    store_audit(database, {.at = now, .user = 7, .as = max, .about = bob, .use = NoteUse::read});
    {
        const auto reader = world.reader();
        std::string text;
        export_person(reader, find_traces(reader.database(), "ana@example.com"),
                      [&](std::string_view piece) { text += piece; });
        CHECK_THAT(text, Contains("\"audit\""));
    }
    forget(world, "ana@example.com");
    REQUIRE(read_audit(world.reader()).size() == 1);
    CHECK(read_audit(world.reader())[0].as_name == "max");
    forget(world, "max@example.com");
    const auto left = read_audit(world.reader());
    REQUIRE(left.size() == 1);
    CHECK(left[0].as_name.empty());
    CHECK(left[0].entry.about == bob);
    CHECK(left[0].entry.user == 7);
}

TEST_CASE("that notes have expired is written down, and kept as long as notes are") {
    tests::World world(now);
    add_everything(world, now);
    auto& database = world.database();
    const auto retain = [&](Instant at) {
        RetentionPass pass(RetentionOptions{}, at);
        for (bool more = true; more;) {
            Transaction transaction{database};
            more = pass.step(database);
            transaction.commit();
        }
    };
    using std::chrono::days;
    retain(now + days{1098});
    const auto rows = read_audit(world.reader());
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].entry.use == NoteUse::expired);
    CHECK(rows[0].entry.notes == 1);
    CHECK_FALSE(rows[0].entry.user);
    retain(now + days{1098 + 1095});
    CHECK(count(database, "audit") == 1);
    retain(now + days{1098 + 1097});
    CHECK(count(database, "audit") == 0);
}

TEST_CASE("a backup has the records, and finds their words") {
    tests::World world(now);
    add_everything(world, now);
    const tests::TempFolder folder;
    const auto to = folder.file("copy.db");
    {
        BackupCopy copy(world.database(), to);
        while (copy.step(64)) continue;
    }
    CHECK(verify_copy(to + std::string{unfinished_suffix}, [] { return false; }).empty());
    finish_backup(to);
    const Database database(to, Database::Mode::read_only);
    for (const auto* table : tables) CHECK(count(database, table) == 1);
    CHECK(database.integer(fmt::format("SELECT count(*) FROM note_text WHERE note_text MATCH '{}'",
                                       secret)) == 1);
}

TEST_CASE("whoever is away by command is away in the calendars, reps and managers") {
    tests::World world(now);
    world.team("north").manager("max").rep("ana");
    world.reader();
    auto& database = world.database();
    const auto monday = tests::day(2026y / 11 / 30);
    const auto first =
        store_away(database, world.person("ana"), monday, monday + std::chrono::days{4}, 0.5, now);
    store_away(database, world.person("ana"), monday, monday, 1, now);
    store_away(database, world.person("max"), monday, monday, 1, now);
    auto people = world.people();
    CHECK(people.reps[0].calendar.working_days(monday, monday + std::chrono::days{7}) == 2.0);
    CHECK(people.teams[0].calendar.working_days(monday, monday + std::chrono::days{7}) == 4.0);
    CHECK(remove_away(database, first));
    CHECK_FALSE(remove_away(database, first));
    people = world.people();
    CHECK(people.reps[0].calendar.working_days(monday, monday + std::chrono::days{7}) == 4.0);
    CHECK(read_away(database).size() == 2);
}
