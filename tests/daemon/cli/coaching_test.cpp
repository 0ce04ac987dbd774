// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/file_lock.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <csignal>
#include <optional>

using namespace nudged::tests;
using Catch::Contains;

namespace {

constexpr const char* ana = "ana.duarte@kestrel.example";
constexpr const char* mara = "mara.voss@kestrel.example";

/// A site whose roster the daemon has taken in; the daemon goes on when `runs`.
struct Room {
    Site site;
    std::optional<Process> daemon;

    explicit Room(bool runs) {
        site.add_team("http://127.0.0.1:1/services/nobody");
        site.folder().write("kpis.toml", "[[kpi]]\nname = \"dials\"\nmeasure = \"dials\"\n"
                                         "target = 90\nwhy = \"Meetings begin with calls.\"\n");
        daemon.emplace(site.start_daemon());
        if (runs) return;
        daemon->signal(SIGTERM);
        REQUIRE(daemon->wait() == 0);
        daemon.reset();
    }
    Finished operator()(std::vector<std::string> arguments) const {
        return site.nudged(std::move(arguments));
    }
};

}  // namespace

TEST_CASE("notes are kept, read by those they are for, searched and removed, beside the daemon and "
          "without one") {
    const bool runs = GENERATE(true, false);
    CAPTURE(runs);
    const Room nudged{runs};
    const auto added =
        nudged({"note", "add", "--rep", "ana", "--type", "one_on_one", "--text",
                "She would rather negotiate alone", "--agreed", "50 dials in 2026-W48"});
    CAPTURE(added.output);
    REQUIRE(added.status == 0);
    CHECK_THAT(added.output, Contains("note 1"));
    const auto list = [&](const char* who) { return nudged({"note", "list", "--as", who}).output; };
    CHECK_THAT(list(mara), Contains("negotiate alone"));
    CHECK_THAT(list(ana), Contains("negotiate alone"));
    CHECK_THAT(list("ben.okafor@kestrel.example"), Contains("No note that you may see"));
    const auto admin = nudged({"note", "list"}).output;
    CHECK_THAT(admin, Contains("Ana Duarte") && !Contains("negotiate"));
    CHECK_THAT(nudged({"note", "show", "1", "--as", mara}).output,
               Contains("50 dials in 2026-W48"));
    CHECK_THAT(nudged({"note", "search", "negotiate", "--as", mara}).output,
               Contains("Ana Duarte"));
    CHECK_THAT(nudged({"note", "search", "negotiate"}).output, !Contains("Ana Duarte"));
    CHECK(nudged({"note", "list", "--as", "x@example.com"}).status == 1);
    const auto sql = nudged({"warehouse", "sql", "SELECT body FROM note_revision"});
    CHECK(sql.status == 1);
    CHECK_THAT(sql.output, !Contains("negotiate"));

    const auto audit = nudged({"audit"}).output;
    for (const auto* line : {"written", "read", "searched", "listed", "Mara Voss", "Ana Duarte"})
        CHECK_THAT(audit, Contains(line));
    CHECK_THAT(audit, !Contains("negotiate"));
    CHECK_THAT(nudged({"audit", "--rep", "ben", "--json"}).output, Contains("\"audit\": []"));

    CHECK(nudged({"note", "remove", "1"}).status == 1);  // no reason
    CHECK(nudged({"note", "remove", "1", "--reason", "the wrong rep"}).status == 0);
    CHECK_THAT(list(mara), Contains("No note"));
    CHECK_THAT(nudged({"note", "list", "--removed", "--as", mara}).output,
               Contains("removed: the wrong rep"));
}

TEST_CASE("notes are not shown when nobody can write down who saw them") {
    const Room nudged{false};
    REQUIRE(nudged({"note", "add", "--rep", "ana", "--type", "praise", "--text", "A fine opening"})
                .status == 0);
    // Another process that holds the warehouse and answers nobody, as a restore does.
    const int lock = ::nudged::warehouse::lock_file(nudged.site.folder().file("state/nudged.db"));
    const auto shown = nudged({"note", "list", "--as", ana});
    ::nudged::warehouse::unlock_file(lock);
    CHECK(shown.status != 0);
    CHECK_THAT(shown.output, !Contains("A fine opening") && Contains("written down"));
}

TEST_CASE("of a file of notes every line is stored once, or told with what is wrong") {
    const Room nudged{true};
    const auto file = nudged.site.folder().write(
        "notes.csv", "type,rep,held,text,agreed\n"
                     "one_on_one,ana,2026-11-02,\"Two lines,\nand a comma\",50 dials in 2026-W46\n"
                     "praise,ben,2026-11-03,A fine opening,\n"
                     "one_on_one,zoe,2026-11-03,Who is she?,\n"
                     "chat,ana,2026-11-03,Hello,\n"
                     "praise,ana,03.11.2026,Hello,\n"
                     "praise,ana\n");
    const auto imported = nudged({"note", "import", file});
    CAPTURE(imported.output);
    CHECK(imported.status == 1);
    CHECK_THAT(imported.output, Contains("2 stored, 0 known already, 4 not stored"));
    CHECK_THAT(imported.output, Contains("line 5: teams.toml names no rep \"zoe\""));
    CHECK_THAT(imported.output, Contains("line 6: \"chat\" is no type of a note"));
    CHECK_THAT(imported.output, Contains("line 7: held \"03.11.2026\" is no day"));
    CHECK_THAT(imported.output, Contains("line 8: it has 2 cells, the first line 5"));
    CHECK_THAT(nudged({"note", "import", file}).output,
               Contains("0 stored, 2 known already, 4 not stored"));
    CHECK_THAT(
        nudged({"note", "list", "--week", "2026-W45", "--as", mara, "--type", "praise"}).output,
        Contains("A fine opening"));
    const auto bad = nudged.site.folder().write("bad.csv", "kind,held,text\nx,y,z\n");
    CHECK_THAT(nudged({"note", "import", bad}).output, Contains("there is no column \"kind\""));
}

TEST_CASE("a plan of another length than six to eight weeks is refused unless forced") {
    const Room nudged{true};
    const auto add = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"plan", "add", "--rep", "ana", "--start", "2026-10-05"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return nudged(arguments);
    };
    const std::string goal = "dials:40:60";
    CHECK_THAT(add({"--goal", goal, "--days", "41"}).output, Contains("42 to 56 days"));
    CHECK_THAT(add({"--goal", goal, "--days", "57"}).output, Contains("42 to 56 days"));
    CHECK_THAT(add({"--goal", "demos:1:2"}).output, Contains("no KPI \"demos\"; it has dials"));
    CHECK_THAT(add({"--goal", "dials:40"}).output, Contains("KPI:FROM:TO"));
    const auto added = add({"--goal", goal, "--days", "42"});
    CHECK(added.status == 0);
    CHECK_THAT(added.output, Contains("checkpoints on 2026-10-19, 2026-11-02, 2026-11-16"));
    CHECK(add({"--goal", goal, "--days", "28", "--force"}).status == 0);
    CHECK_THAT(nudged({"plan", "list"}).output, Contains("dials 40 → 60"));
    // No source tells calls: the checkpoints are noted as not known, and so is the result.
    const auto checked = nudged({"plan", "check", "1"});
    CAPTURE(checked.output);
    CHECK(checked.status == 0);
    CHECK_THAT(checked.output, Contains("2026-10-19: dials not known"));
    CHECK_THAT(checked.output, Contains("plan 1 has ended; dials: not known"));
    CHECK_THAT(checked.output, Contains("nudged plan add --rep \"Ana Duarte\" --goal dials:40:60"));
    CHECK_THAT(nudged({"plan", "show", "1"}).output, Contains("not known"));
    CHECK_THAT(nudged({"plan", "check", "1"}).output, Contains("No checkpoint is due"));
}

TEST_CASE("an escalation is opened, updated, closed with its outcome, and reviewed") {
    const Room nudged{true};
    const auto opened = nudged({"escalation", "open", "--customer", "Acme", "--rep", "ana",
                                "--text", "The delivery is late", "--next", "Call them"});
    REQUIRE(opened.status == 0);
    CHECK_THAT(nudged({"escalation", "list"}).output, Contains("Acme") && Contains("Mara Voss"));
    CHECK(nudged({"escalation", "close", "1"}).status == 1);
    CHECK(nudged({"escalation", "update", "1", "--text", "They were called"}).status == 0);
    CHECK(nudged({"escalation", "close", "1", "--outcome", "They stay"}).status == 0);
    CHECK(nudged({"escalation", "review", "1", "--text", "Tell dates earlier"}).status == 0);
    CHECK_THAT(nudged({"escalation", "list"}).output, !Contains("Acme"));
    CHECK_THAT(nudged({"escalation", "list", "--all", "--json"}).output,
               Contains("\"outcome\": \"They stay\""));
}

TEST_CASE("days off by command take days from the week, and give them back") {
    const Room nudged{true};
    CHECK(nudged({"away", "add", "--rep", "ana", "--from", "2026-12-05", "--to", "2026-12-01"})
              .status == 1);
    REQUIRE(nudged({"away", "add", "--rep", "ana", "--from", "2026-12-01", "--to", "2026-12-04"})
                .status == 0);
    REQUIRE(nudged({"away", "add", "--rep", "mara", "--from", "2026-12-01", "--half"}).status == 0);
    const auto list = nudged({"away", "list"}).output;
    CHECK_THAT(list, Contains("Ana Duarte") && Contains("Mara Voss") && Contains("half"));
    CHECK(nudged({"away", "remove", "1"}).status == 0);
    CHECK(nudged({"away", "remove", "1"}).status == 1);
    CHECK_THAT(nudged({"away", "list"}).output, !Contains("Ana Duarte"));
}

TEST_CASE("a manager's cadence says what is not recorded") {
    const Room nudged{true};
    REQUIRE(nudged({"note", "add", "--rep", "ana", "--type", "one_on_one", "--text", "a talk"})
                .status == 0);
    const auto cadence = nudged({"cadence", "--manager", "mara", "--json"});
    CAPTURE(cadence.output);
    REQUIRE(cadence.status == 0);
    rapidjson::Document parsed;
    parsed.Parse(cadence.output.c_str());
    REQUIRE(parsed.IsArray());
    const auto& team = parsed[0];
    CHECK(team["one_on_one"]["recorded"].GetBool());
    CHECK_FALSE(team["scrum"]["recorded"].GetBool());
    CHECK(team["scrum"]["share"].IsNull());
    CHECK(team["gaps"].Size() == 2);
    CHECK_THAT(nudged({"cadence", "--manager", "mara"}).output, Contains("not recorded"));
    CHECK(nudged({"cadence", "--manager", "ana"}).status == 1);
}
