// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/forget.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/person_export.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "daemon/warehouse/scrub.hpp"
#include "daemon/warehouse/store_rules.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

const Instant now = tests::noon(2026y / 11 / 20);

struct Forgotten {
    RowCounts removed, changed;
};

Forgotten forget(tests::World& world, std::string_view address,
                 Forgetting::Mode mode = Forgetting::Mode::remove) {
    world.reader();
    auto& database = world.database();
    Forgetting forgetting(find_traces(database, address), mode);
    for (bool more = true; more;) {
        Transaction transaction{database};
        more = forgetting.step(database);
        transaction.commit();
    }
    if (mode == Forgetting::Mode::remove) {
        Scrub scrub;
        auto came_to = Scrub::Step::more;
        while (came_to == Scrub::Step::more) came_to = scrub.step(database);
        REQUIRE(came_to == Scrub::Step::done);
    }
    return {forgetting.removed(), forgetting.changed()};
}

/// Everything that the files of the warehouse hold, in lower case.
std::string raw_bytes(tests::World& world) {
    std::string bytes;
    for (const auto* file : {"", "-wal"})
        if (fs::exists(world.path() + file)) bytes += tests::read_file(world.path() + file);
    for (auto& c : bytes) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return bytes;
}

bool is_on_disk(tests::World& world, const std::string& text) {
    return raw_bytes(world).find(text) != std::string::npos;
}

std::string row_of(tests::World& world, const std::string& sql) {
    auto row = world.database().prepare(sql);
    if (!row.step()) return "none";
    std::string text;
    for (int i = 0; i < row.column_count(); ++i)
        text += fmt::format("{}{}", i ? "|" : "", row.is_null(i) ? "null" : row.text(i));
    return text;
}

/// Ana Duarte is a rep with calls, a deal and a past; others speak of her.
void add_ana(tests::World& world) {
    world.team("North").manager("max").rep("ben").rep("cem").rep("dora");
    world.user("u-ana").name("Ana Duarte").email("Ana.Duarte@Example.com").person(true);
    world.user("u-ben").name("Ben Okafor").email("ben@example.com").manager("u-ana");
    world.account("Acme").owner("u-ana");
    world.opportunity("o1").name("Renewal").owner("u-ana").won().closed_at(now - 48h).amount("900");
    world.change("h1").opportunity("o1").field("owner").from("u-ana").to("u-ben").changed_at(now);
    world.call("c1").owner("u-ana").at(now - 24h).direction("outbound").subject("first call");
    world.call("c2")
        .owner("u-ben")
        .at(now - 24h)
        .direction("outbound")
        .subject("handed over by ana duarte, ask ana.duarte@example.com");
    world.task("t1").owner("u-ana").done_at(now - 24h);
}

void add_message(tests::World& world, const char* key, const char* to, const char* state,
                 const char* text) {
    world.database()
        .prepare(
            "INSERT INTO outbox (key, channel, recipient, reason, message, payload, state, "
            "created_at, due_at, expires_at) VALUES (?1, 'c', ?2, 'digest', ?4, ?4, ?3, 0, 0, 0)")
        .bind(1, key)
        .bind(2, to)
        .bind(3, state)
        .bind(4, text)
        .run();
}

}  // namespace

TEST_CASE("of a rep who is forgotten nothing is left, not even in the file's free space") {
    tests::World world(now);
    add_ana(world);
    // Rows enough that pages split and move, so that old copies would lie about.
    for (int i = 0; i < 500; ++i)
        world.call("many" + std::to_string(i * 7919 % 500))
            .owner(i % 2 ? "u-ana" : "u-ben")
            .at(now - std::chrono::hours{i})
            .subject(i % 3 ? "weekly talk" : "on behalf of Ana Duarte");
    world.reader();
    add_message(world, "1", "ana.duarte@example.com", "delivered", "{\"text\":\"yours\"}");
    add_message(world, "2", "max@example.com", "delivered", "{\"text\":\"Ana Duarte is quiet\"}");
    add_message(world, "3", "max@example.com", "pending", "{\"text\":\"Ana Duarte is quiet\"}");
    add_message(world, "4", "max@example.com", "pending", "{\"text\":\"Ben is quiet\"}");
    REQUIRE(is_on_disk(world, "ana duarte"));
    REQUIRE(is_on_disk(world, "ana.duarte@example.com"));

    const auto counted = forget(world, "ana.duarte@EXAMPLE.com", Forgetting::Mode::only_count);
    const auto forgotten = forget(world, "ana.duarte@EXAMPLE.com");
    CHECK_FALSE(is_on_disk(world, "ana duarte"));
    CHECK_FALSE(is_on_disk(world, "ana.duarte@example.com"));

    CHECK(forgotten.removed.at("call") == 251);  // c1, and every other one of 500
    CHECK(forgotten.removed.at("task") == 1);
    CHECK(forgotten.removed.at("user") == 1);
    CHECK(forgotten.removed.at("outbox") == 1);
    CHECK(forgotten.changed.at("outbox") == 2);
    CHECK(counted.removed == forgotten.removed);
    CHECK(counted.changed == forgotten.changed);
    CHECK(row_of(world, "SELECT owner, amount FROM opportunity") == "null|900");
    CHECK(row_of(world, "SELECT owner FROM account") == "null");
    CHECK(row_of(world, "SELECT old, new FROM opportunity_change") == "null|u-ben");
    CHECK(row_of(world, "SELECT manager FROM user WHERE external_id = 'u-ben'") == "null");
    CHECK(row_of(world, "SELECT subject FROM call WHERE external_id = 'c2'") ==
          "handed over by [forgotten], ask [forgotten]");
    CHECK(row_of(world, "SELECT key, state, message FROM outbox WHERE key = '2'") ==
          "2|delivered|{}");
    CHECK(row_of(world, "SELECT state FROM outbox WHERE key = '3'") == "superseded");
    CHECK(row_of(world, "SELECT state FROM outbox WHERE key = '4'") == "pending");
    CHECK(row_of(world, "SELECT count(*) FROM person WHERE email = 'ana.duarte@example.com'") ==
          "0");
    CHECK(row_of(world, "SELECT count(*) FROM rollup_user WHERE user = 'u-ana'") == "0");
    // What she did counts for the organisation: she was in no team.
    CHECK(row_of(world, "SELECT sum(value) FROM team_sum WHERE measure = 'wins'") == "1");
    CHECK(verify_rollups(world.database()).empty());
    CHECK(row_of(world, "PRAGMA integrity_check") == "ok");
    CHECK(row_of(world, "PRAGMA foreign_key_check") == "none");
}

TEST_CASE("a customer's contact is forgotten with what was written about talks with them") {
    tests::World world(now);
    world.contact("k1").name("Kim Park").email("kim@acme.example").set("phone", "+49 30 1234567");
    world.contact("k2").name("Lee Park").email("lee@acme.example");
    world.opportunity("o1").name("Acme via Kim Park").contact("k1").owner("ana");
    world.call("c1").owner("ana").contact("k1").at(now).direction("outbound").subject("hello K.");
    world.call("c2")
        .owner("ana")
        .contact("k2")
        .at(now)
        .direction("outbound")
        .subject("then call +49 30 1234567");
    const auto forgotten = forget(world, "kim@acme.example");
    CHECK(forgotten.removed == RowCounts{{"contact", 1}});
    CHECK(row_of(world, "SELECT contact, name FROM opportunity") == "null|Acme via [forgotten]");
    // The call was made all the same.
    CHECK(row_of(world, "SELECT owner, contact, subject FROM call WHERE external_id = 'c1'") ==
          "ana|null|null");
    CHECK(row_of(world, "SELECT contact, subject FROM call WHERE external_id = 'c2'") ==
          "k2|then call [forgotten]");
    CHECK(row_of(world, "SELECT value FROM v_rep_day WHERE measure = 'dials'") == "2");
    CHECK(row_of(world, "SELECT name FROM contact") == "Lee Park");
    for (const auto* trace : {"kim park", "kim@acme", "1234567"})
        CHECK_FALSE(is_on_disk(world, trace));
}

TEST_CASE("everything of one person goes, whichever of their addresses is named") {
    tests::World world(now);
    world.user("u1").name("Ana Duarte").email("ana@one.example");
    world.in("other").user("u2").name("Ana D").email("ana@two.example");
    auto roster = warehouse::Roster{};
    auto& team = roster.teams.emplace_back();
    team.name = "North";
    team.manager.name = "Max";
    team.manager.emails = {"max@example.com"};
    auto& ana = team.members.emplace_back();
    ana.name = "Ana Duarte";
    ana.emails = {"ana@one.example", "ana@two.example"};
    world.set_roster(roster);
    world.in("crm").call("c1").owner("u1").at(now);
    world.in("other").call("c2").owner("u2").at(now);
    world.reader();
    const auto traces = find_traces(world.database(), "ana@two.example");
    CHECK(traces.addresses == std::set<std::string>{"ana@one.example", "ana@two.example"});
    CHECK(traces.identities.size() == 2);
    const auto forgotten = forget(world, "ana@two.example");
    CHECK(forgotten.removed.at("call") == 2);
    CHECK(row_of(world, "SELECT count(*) FROM user") == "0");
    CHECK(row_of(world, "SELECT count(*) FROM team_member") == "0");
}

TEST_CASE("no sync stores again who was forgotten, by address, by id, or as somebody's owner") {
    tests::World world(now);
    const tests::TempFolder folder;
    StoreRules rules{Suppression{folder.file("suppressed.list")}};
    add_ana(world);
    world.contact("k1").name("Kim Park").email("kim@acme.example");
    world.reader();
    suppress(rules.suppression(), find_traces(world.database(), "ana.duarte@example.com"));
    suppress(rules.suppression(), find_traces(world.database(), "kim@acme.example"));
    forget(world, "ana.duarte@example.com");
    forget(world, "kim@acme.example");

    // The list as the next start reads it.
    StoreRules read{Suppression{folder.file("suppressed.list")}};
    CHECK(read.suppression().size() == rules.suppression().size());
    world.rules(&read).now(now + 1h);
    world.user("u-ana").name("Ana Duarte").email("Ana.Duarte@Example.com");
    world.user("u-new").name("Ana Duarte").email(" ANA.DUARTE@example.com");
    world.call("c1").set("owner", "u-ana").at(now - 24h).subject("first call");
    world.call("c9").set("owner", "u-new").at(now - 24h).subject("of the new seat");
    world.call("c8").owner("u-ben").contact("k1").at(now).subject("with Kim");
    world.opportunity("o1").name("Renewal").set("owner", "u-ana").contact("k1");
    world.change("h2").opportunity("o1").field("owner").from("u-ben").to("u-ana").changed_at(now);
    world.contact("k1").name("Kim Park").email("kim@acme.example");
    world.contact("k7").name("Kim Park").email("KIM@acme.example");
    world.reader();
    CHECK(row_of(world, "SELECT group_concat(external_id) FROM user WHERE name LIKE 'Ana%'") ==
          "null");
    CHECK(row_of(world, "SELECT count(*) FROM contact") == "0");
    CHECK(row_of(world, "SELECT group_concat(external_id) FROM (SELECT external_id FROM call ORDER "
                        "BY 1)") == "c2,c8");
    CHECK(row_of(world, "SELECT contact, subject FROM call WHERE external_id = 'c8'") ==
          "null|null");
    CHECK(row_of(world, "SELECT owner, contact FROM opportunity") == "null|null");
    CHECK(row_of(world, "SELECT old, new FROM opportunity_change WHERE external_id = 'h2'") ==
          "u-ben|null");
    CHECK(verify_rollups(world.database()).empty());
    // A list of hashes, for nobody else to read.
    const auto file = tests::read_file(folder.file("suppressed.list"));
    CHECK(file.find("ana") == std::string::npos);
    CHECK(fs::status(folder.file("suppressed.list")).permissions() == fs::perms{0600});
}

TEST_CASE("a list that is damaged, or open to others, is refused") {
    const tests::TempFolder folder;
    const auto file = folder.write("suppressed.list", "nudged suppression 1\nkey 12\n");
    CHECK_THROWS_WITH(Suppression{file}, Contains("open to others"));
    fs::permissions(file, fs::perms{0600});
    CHECK_THROWS_WITH(Suppression{file}, Contains("cannot be read"));
}

TEST_CASE("the backups in which somebody still is are named") {
    tests::World world(now);
    const tests::TempFolder folder;
    add_ana(world);
    world.reader();
    back_up_alone(world.path(), folder.file("nudged-20261118T080000Z.db"));
    forget(world, "ana.duarte@example.com");
    back_up_alone(world.path(), folder.file("nudged-20261119T080000Z.db"));
    CHECK(backups_with(folder.path().string(), "ana.duarte@example.com") ==
          std::vector<std::string>{folder.file("nudged-20261118T080000Z.db")});
    Database old(folder.file("nudged-20261118T080000Z.db"), Database::Mode::read_only);
    Suppression list{folder.file("suppressed.list")};
    list.add_address("Ana.Duarte@example.com");
    const auto found = find_suppressed(old, list);
    REQUIRE(found.size() == 1);
    CHECK(found[0].address == "ana.duarte@example.com");
}

TEST_CASE("who has no address, or had another one, is found in a backup as the source knew them") {
    tests::World world(now);
    const tests::TempFolder folder;
    world.user("u-ana").name("Ana Duarte").email("old@example.com");
    world.user("u-bot").name("Bob Oduya").person(true);
    world.contact("k1").name("Kim Park");
    world.contact("k2").name("Lee Park");
    world.call("c1").set("owner", "u-ana").at(now);
    world.call("c2").set("owner", "u-bot").at(now).subject("with Kim Park");
    world.reader();
    Suppression list{folder.file("suppressed.list")};
    list.add_address("new@example.com");
    list.add("crm", model::Entity::user, "u-ana");
    list.add("crm", model::Entity::user, "u-bot");
    list.add("crm", model::Entity::contact, "k1");
    list.add("elsewhere", model::Entity::contact, "k2");
    auto& database = world.database();
    const auto found = find_suppressed(database, list);
    CHECK(found.size() == 3);
    for (const auto& somebody : found) {
        Forgetting forgetting(find_traces(database, somebody));
        for (bool more = true; more;) {
            Transaction transaction{database};
            more = forgetting.step(database);
            transaction.commit();
        }
    }
    CHECK(row_of(world, "SELECT count(*) FROM user") == "0");
    CHECK(row_of(world, "SELECT count(*) FROM call") == "0");
    CHECK(row_of(world, "SELECT count(*) FROM person") == "0");
    CHECK(row_of(world, "SELECT group_concat(name) FROM contact") == "Lee Park");
    CHECK(find_suppressed(database, list).empty());
}

TEST_CASE("copies beside the warehouse go, but for what a restore has replaced, which is named") {
    const tests::TempFolder folder;
    const auto path = folder.file("nudged.db");
    for (const auto* name : {"nudged.db", "nudged.db.schema-2", "nudged.db.schema-2-wal",
                             "nudged.db.replaced-20261118T080000Z.db", "nudged.db-wal"})
        folder.write(name, "x");
    CHECK(remove_copies(path) ==
          std::vector<std::string>{folder.file("nudged.db.replaced-20261118T080000Z.db")});
    CHECK(fs::exists(path));
    CHECK(fs::exists(path + "-wal"));
    CHECK_FALSE(fs::exists(path + ".schema-2"));
    CHECK_FALSE(fs::exists(path + ".schema-2-wal"));
}

TEST_CASE("a person's export has all that is theirs or speaks of them, and nothing else") {
    tests::World world(now);
    add_ana(world);
    world.call("c3").owner("u-ben").at(now).subject("nothing to do with it");
    world.reader();
    for (const auto* sql :
         {"INSERT INTO week_value SELECT id, 'dials', '2026-W46', 7, 'basis' FROM person "
          "WHERE name = 'Ana Duarte'",
          "INSERT INTO week_edit SELECT id, 'dials', '2026-W46', 0, 7, 8 FROM person "
          "WHERE name = 'Ana Duarte'",
          "INSERT INTO commitment SELECT 1, 1, id, 'dials', 'agreed', '2026-W46', 40, 50, 'Max', "
          "0, 0, 'command', '', '', '', '', '', 0 FROM person WHERE name = 'Ana Duarte'",
          "INSERT INTO commitment_verdict SELECT 1, 1, 1, id, '2026-W46', 'met', 52, 5, 50, 40, "
          "1.2, 0, '' FROM person WHERE name = 'Ana Duarte'"})
        world.database().execute(sql);
    const auto reader = world.reader();
    std::string text;
    export_person(reader, find_traces(reader.database(), "ana.duarte@example.com"),
                  [&](std::string_view piece) { text += piece; });
    for (const auto* part :
         {"\"person\": [", "\"external_id\":\"u-ana\"", "\"external_id\":\"c1\"",
          "\"external_id\":\"c2\"", "\"external_id\":\"o1\"", "\"external_id\":\"h1\"",
          "\"v_rep_week\": [", "\"user_seat\": [", "\"attribution\": [", "\"week_value\": [",
          "\"week_edit\": [", "\"commitment\": [", "\"commitment_verdict\": ["})
        CHECK_THAT(text, Contains(part));
    CHECK_THAT(text, !Contains("\"c3\""));
    CHECK(text.front() == '{');
    CHECK_THAT(text, Catch::EndsWith("]\n}\n"));
}

TEST_CASE("what somebody agreed to goes with them, and a forgotten manager's name from the rest") {
    tests::World world(now);
    add_ana(world);
    world.user("u-cem").name("Cem Kaya").email("cem@example.com");
    world.reader();
    // Ana and Cem have each agreed to something with the other.
    for (const auto* sql :
         {"INSERT INTO commitment SELECT 1, 1, id, 'dials', 'agreed', '2026-W46', 40, 50, "
          "'Cem Kaya', 0, 0, 'command', '', '', '', '', '', 0 FROM person "
          "WHERE name = 'Ana Duarte'",
          "INSERT INTO commitment_verdict SELECT 1, 1, 1, id, '2026-W46', 'met', 52, 5, 50, 40, "
          "1.2, 0, '' FROM person WHERE name = 'Ana Duarte'",
          "INSERT INTO commitment SELECT 2, 1, id, 'dials', 'agreed', '2026-W46', 40, 50, "
          "'Ana Duarte', 0, 0, 'command', '', 'said Ana Duarte', '', '', '', 0 FROM person "
          "WHERE email = 'cem@example.com'"})
        world.database().execute(sql);
    forget(world, "ana.duarte@example.com");
    CHECK(row_of(world, "SELECT count(*) FROM commitment_verdict") == "0");
    CHECK(row_of(world, "SELECT commitment, agreed_by, note FROM commitment") ==
          "2|[forgotten]|said [forgotten]");
    CHECK_FALSE(is_on_disk(world, "ana duarte"));
}

TEST_CASE("a message in flight does not bring back who was forgotten meanwhile") {
    tests::World world(now);
    add_ana(world);
    world.reader();
    add_message(world, "1", "max@example.com", "claimed", "{\"text\":\"Ana Duarte is quiet\"}");
    auto& database = world.database();
    const OutboxId id{database.integer("SELECT id FROM outbox")};
    forget(world, "ana.duarte@example.com");
    TryResult result;
    result.payload = "Ana Duarte is quiet";
    result.reason = "no answer about Ana Duarte";
    record_try(database, id, result);
    CHECK(row_of(world, "SELECT state, message, payload, last_reason FROM outbox") ==
          "superseded|{}|null|somebody in it was forgotten");
    CHECK_FALSE(is_on_disk(world, "ana duarte"));
}

TEST_CASE("what is decided while somebody is being forgotten is cleaned, too") {
    tests::World world(now);
    add_ana(world);
    world.reader();
    auto& database = world.database();
    Forgetting forgetting(find_traces(database, "ana.duarte@example.com"));
    const auto step = [&] {
        Transaction transaction{database};
        const bool more = forgetting.step(database);
        transaction.commit();
        return more;
    };
    const auto is_there = [&](const char* sql) { return database.integer(sql) != 0; };
    while (is_there("SELECT count(*) FROM user WHERE external_id = 'u-ana'")) REQUIRE(step());
    // By a check that began before.
    add_message(world, "1", "max@example.com", "pending", "{\"text\":\"Ana Duarte is quiet\"}");
    database.execute(
        "INSERT INTO finding (fingerprint, episode, check_id, severity, is_praise, subject_type, "
        "subject_source, subject_id, subject_name, subject_url, aspect, team, since, summary, "
        "question, evidence, state, opened_at, seen_at) VALUES ('f', 1, 'c', 'info', 0, 'account', "
        "'crm', 'Acme', 'Acme', '', '', 'North', 0, 'with Ana Duarte', '', '[]', 'open', 0, 0)");
    while (step()) continue;
    CHECK(row_of(world, "SELECT state, message FROM outbox") == "superseded|{}");
    CHECK(row_of(world, "SELECT summary FROM finding") == "with [forgotten]");
    CHECK(forgetting.changed().at("outbox") == 1);
    CHECK(forgetting.changed().at("finding") == 1);
}

TEST_CASE("of a forgetting that is cut short, the next one leaves no id") {
    tests::World world(now);
    add_ana(world);
    world.task("t2").owner("u-ben");
    world.reader();
    auto& database = world.database();
    database.execute("INSERT INTO task_change (source_id, task, field, old, new, changed_at) "
                     "SELECT id, 't2', 'owner', 'u-ana', 'u-ben', 0 FROM source");
    {
        Forgetting cut(find_traces(database, "ana.duarte@example.com"));
        while (database.integer("SELECT count(*) FROM user WHERE external_id = 'u-ana'") > 0) {
            Transaction transaction{database};
            REQUIRE(cut.step(database));
            transaction.commit();
        }
    }
    forget(world, "ana.duarte@example.com");
    for (const auto* table : {"rollup_user", "user_seat", "attribution"})
        CHECK(row_of(world, fmt::format("SELECT count(*) FROM {} WHERE user = 'u-ana'", table)) ==
              "0");
    CHECK(row_of(world, "SELECT old, new FROM task_change") == "null|u-ben");
    CHECK(row_of(world, "SELECT count(*) FROM person WHERE name = 'Ana Duarte'") == "0");
    CHECK_FALSE(is_on_disk(world, "u-ana"));
    CHECK(verify_rollups(database).empty());
}
