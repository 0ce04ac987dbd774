// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <csignal>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;

namespace {

constexpr const char* sheet = R"(
[source]
name = "sheet"
connector = "csv"
poll = "1h"
[[source.table]]
file = "reps.csv"
entity = "user"
id = "id"
map = { name = "name", email = "email" }
[[source.table]]
file = "dials.csv"
entity = "call"
complete = true
id = "id"
map = { owner = "rep", started_at = "at", direction = { constant = "outbound" } }
)";

constexpr const char* kpis = R"(
[[kpi]]
name = "dials"
label = "Dials"
measure = "dials"
target = 20
why = "Ninety dials a week become one deal."
)";

/// Ana has dialled ten times in each of the seven weeks before this one. Two weeks ago everything
/// has settled, whatever day it is.
struct CoachedSite {
    Site site;
    IsoWeek now = IsoWeek::of(Zone::utc().local_day(system_now()));
    std::string past = now.plus(-2).str();
    std::string next = now.plus(1).str();

    CoachedSite() {
        site.add_team("http://127.0.0.1:1/services/nobody");
        site.folder().write("kpis.toml", kpis);
        site.folder().write("sources.d/sheet.toml", sheet);
        site.folder().write("sources.d/reps.csv",
                            "id,name,email\nu1,Ana,ana.duarte@kestrel.example\n");
        std::string rows = "id,rep,at\n";
        for (int back = 7; back > 0; --back)
            for (int i = 0; i < 10; ++i)
                rows += fmt::format(
                    "{}-{},u1,{}T12:{:02}:00Z\n", back, i,
                    format_date(now.plus(-back).monday() + std::chrono::days{i / 2}), i);
        site.folder().write("sources.d/dials.csv", rows);
        REQUIRE(site.nudged({"sync"}).status == 0);
    }

    Finished commit(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "commit");
        return site.nudged(std::move(arguments));
    }
    Finished add(std::vector<std::string> more) const {
        more.insert(more.begin(), {"add", "--rep", "ana", "--kpi", "dials"});
        return commit(std::move(more));
    }
};

}  // namespace

TEST_CASE("words without a number and a week are no commitment, and a slip of the pen is caught") {
    const CoachedSite office;
    struct Case {
        std::vector<std::string> typed;
        const char* answer;
    };
    const Case cases[] = {
        {{"add", "Make more calls"},
         "needs a KPI, a number and a week, such as: nudged commit add"},
        {{"add", "--rep", "ana", "--kpi", "dials", "--to", "12"}, "\"week\" is missing"},
        {{"add", "--rep", "ana", "--kpi", "dials", "--to", "more", "--week", office.next},
         "\"more\" is no number"},
        {{"add", "--rep", "ana", "--kpi", "dials", "--to", "12", "--week", "next"},
         "written like 2026-W48"},
        {{"add", "--rep", "anna", "--kpi", "dials", "--to", "12", "--week", office.next},
         "did you mean \"ana\""},
        {{"add", "--rep", "ana", "--kpi", "dails", "--to", "12", "--week", office.next},
         "did you mean \"dials\""},
        {{"add", "--rep", "ben", "--kpi", "dials", "--to", "12", "--week", office.next},
         "where they start with --from"},
        {{"correct", "7", "--to", "12"}, "there is no commitment 7"},
        {{"void", "7"}, "say it with --reason"},
    };
    for (const auto& c : cases) {
        const auto answer = office.commit(c.typed);
        CAPTURE(c.answer, answer.output);
        CHECK(answer.status == 1);
        CHECK_THAT(answer.output, Contains(c.answer));
    }
    CHECK(office.site.rows("SELECT * FROM commitment").empty());
}

TEST_CASE("what was agreed is stored once, corrected, made void, and never lost") {
    const CoachedSite office;
    const auto added = office.add({"--to", "12", "--week", office.next});
    CAPTURE(added.output);
    CHECK(added.status == 0);
    CHECK_THAT(added.output,
               Contains(fmt::format("1: 12 dials in {}, from 10 for Ana Duarte.", office.next)) &&
                   Contains("10 is the median of the last usable weeks"));
    CHECK_THAT(office.add({"--to", "12", "--week", office.next}).output,
               Contains("was there already"));
    const auto other = office.add({"--to", "14", "--week", office.next});
    CHECK(other.status == 1);
    CHECK_THAT(other.output, Contains("nudged commit correct 1 --to"));

    CHECK_THAT(office.commit({"correct", "1", "--to", "13", "--reason", "two days of fair"}).output,
               Contains("It was: 12 dials"));
    CHECK(office.commit({"void", "1", "--reason", "another role"}).status == 0);
    CHECK_THAT(office.commit({"correct", "1", "--to", "15"}).output, Contains("another role"));
    CHECK(office.site.rows("SELECT revision, promised, state, reason FROM commitment") ==
          "1\t12.0\tagreed\t\t\n2\t13.0\tagreed\ttwo days of fair\t\n3\t13.0\tvoid\tanother "
          "role\t\n");
    CHECK(office.site.rows("SELECT agreed_by FROM v_commitment") == "Mara Voss\t\n");
    CHECK_THAT(office.commit({"propose", "--rep", "ana", "--kpi", "dials"}).output,
               Contains("Dials: 12 next, from 10. Then 14, 16, 18, 20."));
}

TEST_CASE("every line of a file is stored or reported, and a second time changes nothing") {
    const CoachedSite office;
    const auto file = office.site.folder().write(
        "agreed.csv", fmt::format("Rep;KPI;From;To;Week;Note\n"
                                  "ana;dials;10;12;{0};\"two\nlines\"\n"
                                  "nobody;dials;10;12;{0};\n"
                                  "ana;dials;10;;{0};\n"
                                  "ana;dials;;14;{1};\n"
                                  "ana;dials;10;13;{0};\n",
                                  office.next, office.now.plus(2).str()));
    const auto first = office.commit({"import", file});
    CAPTURE(first.output);
    CHECK(first.status == 1);
    CHECK_THAT(first.output, Contains("line 4: no rep of teams.toml is called \"nobody\"") &&
                                 Contains("line 5: ") && Contains("\"to\" is missing") &&
                                 Contains("line 7: number 1 is agreed for that week already") &&
                                 Contains("2 stored, 0 there already, 3 refused"));
    const auto before = office.site.rows("SELECT * FROM commitment");
    const auto second = office.commit({"import", file});
    CAPTURE(second.output);
    CHECK_THAT(second.output, Contains("0 stored, 2 there already"));
    CHECK(office.site.rows("SELECT * FROM commitment") == before);

    // A line whose agreement has become void since is not agreed to anew.
    CHECK(office.commit({"void", "1", "--reason", "x"}).status == 0);
    const auto line = office.site.folder().write(
        "line.csv", fmt::format("rep,kpi,from,to,week\nana,dials,10,12,{}\n", office.next));
    CHECK_THAT(office.commit({"import", line}).output, Contains("0 stored, 1 there already"));

    const auto wrong = office.site.folder().write("wrong.csv", "rep,kpi,too,week\n");
    CHECK_THAT(office.commit({"import", wrong}).output,
               Contains("no column \"too\"; did you mean \"to\""));
}

TEST_CASE("the daemon stores what it is told and decides what has come of it") {
    const CoachedSite office;
    REQUIRE(office.add({"--from", "8", "--to", "10", "--week", office.past}).status == 0);
    auto daemon = office.site.start_daemon();
    REQUIRE(eventually([&] {
        return office.site.rows("SELECT status, value, progress FROM v_commitment") ==
               "met\t10.0\t1.0\t\n";
    }));
    CHECK(office.site.rows("SELECT summary FROM v_finding WHERE \"check\" = 'commit.kept'") ==
          fmt::format("Kept. Dials: 10 in {} (agreed 10, from 8).\t\n", office.past));
    CHECK(office.add({"--to", "12", "--week", office.next}).status == 0);

    const auto listed = office.commit({"list", "--week", office.past, "--json"});
    rapidjson::Document document;
    document.Parse(listed.output.c_str());
    REQUIRE(document.IsArray());
    REQUIRE(document.Size() == 1);
    CHECK(document[0]["verdict"].GetString() == std::string{"met"});
    CHECK(document[0]["to"].GetDouble() == 10);
    CHECK(document[0]["rep"].GetString() == std::string{"Ana Duarte"});
    CHECK_THAT(office.commit({"list", "--rep", "ana"}).output,
               Contains("pending") && Contains("met"));
    CHECK_THAT(office.commit({"list", "--rep", "ben"}).output, Contains("Nothing is agreed"));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
}
