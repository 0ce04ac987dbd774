// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/database.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <csignal>
#include <filesystem>

using namespace nudged::tests;
using Catch::Contains;
using nudged::warehouse::Database;

namespace {

namespace fs = std::filesystem;

rapidjson::Document parse(const std::string& text) {
    rapidjson::Document document;
    document.Parse(text.c_str());
    return document;
}

std::string fact(const Finished& finished, const char* name) {
    const auto report = parse(finished.output);
    if (!report.IsObject() || !report["facts"].HasMember(name)) return "none";
    return report["facts"][name].GetString();
}

std::int64_t number(const std::string& file, const char* sql) {
    return Database(file, Database::Mode::read_only).integer(sql);
}

/// The daemon's own backups, and what its first round has stored, are there.
void await_backup(const Site& site) {
    REQUIRE(eventually([&] {
        return site.nudged({"warehouse", "backups"}).output.find("nudged-2") != std::string::npos;
    }));
}

void stop(Process& daemon) {
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
}

bool holds(const std::string& file, const std::string& text) {
    return fs::exists(file) && read_file(file).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a backup of the running daemon brings everything back, and nothing is sent twice") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/nobody");
    const auto copy = site.folder().file("copy.db");
    std::string contents;
    {
        auto daemon = site.start_daemon();
        await_backup(site);
        REQUIRE(eventually([&] {
            return site.nudged({"outbox", "list"}).output.find("pending") != std::string::npos;
        }));
        const auto refused = site.nudged({"warehouse", "restore", copy});
        CHECK(refused.status == 69);
        CHECK_THAT(refused.output, Contains("holds the warehouse"));

        const auto made = site.nudged({"warehouse", "backup", "--to", copy, "--json"});
        CAPTURE(made.output);
        REQUIRE(made.status == 0);
        CHECK(fact(made, "file") == copy);
        CHECK(number(copy, "SELECT count(*) FROM call") > 100);
        CHECK_FALSE(holds(copy, "test-token"));
        const auto again = site.nudged({"warehouse", "backup", "--to", copy});
        CHECK(again.status == 1);
        CHECK_THAT(again.output, Contains("is there already"));
        stop(daemon);
        contents = site.contents();
    }
    Database(site.warehouse(), Database::Mode::read_write).execute("DELETE FROM call");
    const auto restored = site.nudged({"warehouse", "restore", copy, "--json"});
    CAPTURE(restored.output);
    REQUIRE(restored.status == 0);
    CHECK(fact(restored, "held") == "1");
    CHECK(number(fact(restored, "kept_aside"), "SELECT count(*) FROM call") == 0);
    CHECK(site.contents() == contents);

    CHECK_THAT(site.nudged({"outbox", "list", "--state", "held"}).output, Contains("digest"));
    const auto status = site.nudged({"status"});
    CHECK(status.status == 1);
    CHECK_THAT(status.output, Contains("1 messages are held"));
    CHECK(site.nudged({"outbox", "release"}).status == 64);
    const auto released = site.nudged({"outbox", "release", "--all"});
    CAPTURE(released.output);
    CHECK(released.status == 0);
    CHECK_THAT(site.nudged({"outbox", "list"}).output, !Contains("held"));
}

TEST_CASE("a backup without a daemon, an export and a retention that has nothing to do") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    CHECK(site.nudged({"warehouse", "backup"}).status == 69);
    REQUIRE(site.nudged({"sync"}).status == 0);
    const auto made = site.nudged({"warehouse", "backup"});
    CAPTURE(made.output);
    CHECK(made.status == 0);
    const auto listed = parse(site.nudged({"warehouse", "backups", "--json"}).output);
    REQUIRE(listed.IsArray());
    CHECK(listed.Size() == 1);

    const auto folder = site.folder().file("out");
    const auto exported = site.nudged({"warehouse", "export", "--to", folder, "--json"});
    CAPTURE(exported.output);
    REQUIRE(exported.status == 0);
    const auto report = parse(exported.output);
    CHECK(report["snapshots"].GetInt() == 1);
    for (const auto& file : report["files"].GetArray()) {
        const std::string view = file["view"].GetString();
        CAPTURE(view);
        CHECK(file["rows"].GetInt64() ==
              number(site.warehouse(), ("SELECT count(*) FROM " + view).c_str()));
    }
    CHECK(site.nudged({"warehouse", "export", "--to", folder, "--format", "xml"}).status == 64);
    CHECK(site.nudged({"warehouse", "retention", "--dry-run"}).status == 0);
    CHECK(site.nudged({"warehouse", "retention"}).status == 0);
}

TEST_CASE("a person is forgotten while the daemon runs, and stays so through syncs and a restore") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    const auto copy = site.folder().file("copy.db");
    const std::string address = "ana.duarte@kestrel.example";
    const std::string name = "Ana Duarte";
    {
        auto daemon = site.start_daemon();
        await_backup(site);
        REQUIRE(site.nudged({"warehouse", "backup", "--to", copy}).status == 0);
        REQUIRE(holds(copy, address));
        const auto exported = site.nudged({"person", "export", address});
        CHECK(exported.status == 0);
        CHECK(parse(exported.output)["user"].Size() == 1);

        const auto tried = site.nudged({"person", "forget", address, "--dry-run", "--json"});
        const auto forgotten = site.nudged({"person", "forget", address, "--json"});
        CAPTURE(forgotten.output);
        REQUIRE(forgotten.status == 0);
        CHECK(parse(tried.output)["removed"] == parse(forgotten.output)["removed"]);
        CHECK(parse(forgotten.output)["removed"]["call"].GetInt64() > 10);
        CHECK_THAT(fact(forgotten, "backups"), Contains("nudged-2"));
        CHECK_FALSE(holds(site.warehouse(), address));
        CHECK_FALSE(holds(site.warehouse(), name));
        CHECK_FALSE(holds(site.warehouse() + "-wal", address));
        CHECK_FALSE(holds(site.warehouse() + "-wal", name));

        REQUIRE(site.nudged({"sync", "--full"}).status == 0);
        CHECK(number(site.warehouse(), "SELECT count(*) FROM user WHERE name = 'Ana Duarte'") == 0);
        stop(daemon);
        CHECK(daemon.output().find(address) == std::string::npos);
    }
    CHECK(site.nudged({"warehouse", "verify"}).status == 0);
    const auto restored = site.nudged({"warehouse", "restore", copy, "--json"});
    CAPTURE(restored.output);
    REQUIRE(restored.status == 0);
    CHECK(fact(restored, "forgotten") == "1");
    CHECK_FALSE(holds(site.warehouse(), address));
    CHECK_FALSE(holds(site.warehouse(), name));
    REQUIRE(site.nudged({"sync", "--full"}).status == 0);
    CHECK_FALSE(holds(site.warehouse(), address));
    CHECK_FALSE(holds(site.warehouse() + "-wal", address));
    CHECK(site.nudged({"warehouse", "verify"}).status == 0);
    CHECK(site.nudged({"person", "export", address}).status == 1);
    CHECK(site.nudged({"person", "forget", "nonsense"}).status == 64);
}
