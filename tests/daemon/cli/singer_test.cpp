// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fmt/format.h>

using namespace nudged::tests;

namespace {

constexpr const char* source_file = R"(
[source]
name = "tap"
connector = "singer"
command = ["{}"]
config = {{ script = "{}", key = "{{credential.key}}" }}
poll = "1h"
[source.credentials]
key = {{ file = "{}" }}
[[source.stream]]
stream = "companies"
entity = "account"
map = {{ name = "/name" }}
[[source.stream]]
stream = "dials"
entity = "call"
map = {{ owner = "/by", account = "/company", started_at = "/at", outcome = "/result" }}
)";

/// A site whose source is a Singer tap that does what the test says.
class TapSite {
public:
    TapSite() {
        const auto key = site.folder().write("secrets/key", "secret-of-the-tap\n");
        std::filesystem::permissions(key, std::filesystem::perms::owner_read);
        site.folder().write("sources.d/tap.toml",
                            fmt::format(fmt::runtime(source_file), program("test_tap"),
                                        site.folder().file("script"), key));
    }
    void script(const std::string& lines) { site.folder().write("script", lines); }
    Finished sync() const { return site.nudged({"sync"}); }
    std::string accounts() const { return site.rows("SELECT id, name FROM v_account ORDER BY id"); }
    std::string deleted() const {
        return site.rows("SELECT external_id FROM account WHERE deleted_at IS NOT NULL ORDER BY 1");
    }

    Site site;
};

const std::string schema =
    R"(out {"type":"SCHEMA","stream":"companies","key_properties":["id"],"schema":{}})"
    "\n";

std::string company(int id, const std::string& name, int version = 0) {
    const auto told = version > 0 ? fmt::format(R"(,"version":{})", version) : "";
    return fmt::format("out "
                       "{{\"type\":\"RECORD\",\"stream\":\"companies\",\"record\":{{\"id\":{},"
                       "\"name\":\"{}\"}}{}}}\n",
                       id, name, told);
}

std::string state(int value) {
    return fmt::format("out {{\"type\":\"STATE\",\"value\":{{\"at\":{}}}}}\n", value);
}

std::string activate(int version) {
    return fmt::format(
        "out {{\"type\":\"ACTIVATE_VERSION\",\"stream\":\"companies\",\"version\":{}}}\n", version);
}

/// Ends what a program that was killed has left running.
void end_process(const std::string& pid_file) {
    ::kill(std::stoi(read_file(pid_file)), SIGKILL);
}

}  // namespace

TEST_CASE("a sync runs the tap, and its records are in the views") {
    TapSite tap;
    tap.script(schema + company(1, "Acme") + company(2, "Bolt") +
               R"(out {"type":"RECORD","stream":"dials","record":{"id":"c1","by":"u7","company":2,)"
               R"("at":"2026-11-18T09:30:00Z","result":"connected"}})"
               "\n" +
               state(1));
    const auto first = tap.sync();
    CAPTURE(first.output);
    REQUIRE(first.status == 0);
    CHECK(tap.accounts() == "1\tAcme\t\n2\tBolt\t\n");
    CHECK(tap.site.rows("SELECT id, owner_id, account_id, started_at, outcome FROM v_call") ==
          "c1\tu7\t2\t2026-11-18T09:30:00Z\tconnected\t\n");

    // The tap goes on from there only when it is handed the state that was stored.
    tap.script("wait-state\n" + schema + company(2, "Bolt & Co.") + company(3, "Cog") + state(2));
    const auto second = tap.sync();
    CAPTURE(second.output);
    REQUIRE(second.status == 0);
    CHECK(tap.accounts() == "1\tAcme\t\n2\tBolt & Co.\t\n3\tCog\t\n");
    CHECK(first.output.find("secret-of-the-tap") == std::string::npos);
    CHECK(read_file(tap.site.warehouse()).find("secret-of-the-tap") == std::string::npos);
}

TEST_CASE("a sync that is killed keeps what was covered by a state, and the next goes on there") {
    TapSite tap;
    const auto pid = tap.site.folder().file("pid");
    tap.script(schema + company(1, "Acme") + state(1) + company(2, "Bolt") + "pid " + pid +
               "\nhang\n");
    {
        Process sync(tap.site.command({"sync"}), tap.site.folder().file("sync.log"));
        REQUIRE(eventually([&] {
            return std::filesystem::exists(pid) && std::filesystem::exists(tap.site.warehouse()) &&
                   tap.accounts().starts_with("1\tAcme\t\n");
        }));
        sync.signal(SIGKILL);
        CHECK(sync.wait() == 128 + SIGKILL);
        end_process(pid);
    }
    tap.script("wait-state\n" + schema + company(2, "Bolt") + state(2) + company(3, "Cog") +
               state(3));
    const auto rest = tap.sync();
    CAPTURE(rest.output);
    REQUIRE(rest.status == 0);
    CHECK(tap.accounts() == "1\tAcme\t\n2\tBolt\t\n3\tCog\t\n");
    CHECK(tap.site.nudged({"warehouse", "verify"}).status == 0);
}

TEST_CASE("a full table that no longer tells a record buries it in the warehouse") {
    TapSite tap;
    tap.script(schema + company(1, "Acme", 1) + company(2, "Bolt", 1) + activate(1) + state(1));
    REQUIRE(tap.sync().status == 0);
    REQUIRE(tap.accounts() == "1\tAcme\t\n2\tBolt\t\n");

    SECTION("once the tap activates its version") {
        tap.script(schema + company(1, "Acme", 2) + company(3, "Cog", 2) + activate(2) + state(2));
        REQUIRE(tap.sync().status == 0);
        CHECK(tap.accounts() == "1\tAcme\t\n3\tCog\t\n");
        CHECK(tap.deleted() == "2\t\n");
    }
    SECTION("not when it breaks off before") {
        tap.script(schema + company(1, "Acme", 2) + state(2) + "exit 3\n");
        const auto broken = tap.sync();
        CHECK(broken.status == 1);
        CHECK(broken.output.find("the tap failed with exit status 3") != std::string::npos);
        CHECK(tap.deleted().empty());
        // The next run takes the table up where it was, and what it tells then counts as well.
        tap.script("wait-state\n" + schema + company(3, "Cog", 2) + activate(2) + state(3));
        REQUIRE(tap.sync().status == 0);
        CHECK(tap.accounts() == "1\tAcme\t\n3\tCog\t\n");
        CHECK(tap.deleted() == "2\t\n");
    }
}

TEST_CASE("the daemon runs taps, and takes one that hangs along when it stops") {
    TapSite tap;
    const auto pid = tap.site.folder().file("pid");
    tap.script(schema + company(1, "Acme") + state(1) + "pid " + pid + "\nhang\n");
    auto daemon = tap.site.start_daemon();
    REQUIRE(eventually(
        [&] { return std::filesystem::exists(pid) && tap.accounts() == "1\tAcme\t\n"; }));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
    CHECK(eventually([&] { return ::kill(std::stoi(read_file(pid)), 0) != 0; }));
    CHECK(daemon.output().find("secret-of-the-tap") == std::string::npos);
}
