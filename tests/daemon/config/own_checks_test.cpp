// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nudged;
using tests::Site;

namespace {

std::string check_file(const std::string& query, const std::string& more = "") {
    return "[sql_check]\nname = \"big\"\nmeaning = \"A large deal.\"\nclears = \"It closes.\"\n"
           "question = \"Who has to want this?\"\n" +
           more + "query = \"\"\"\n" + query + "\"\"\"\n";
}

const std::string good_query = "SELECT 'opportunity' AS entity, source, id, person_id AS owner,\n"
                               "       'Worth 1.' AS message\n  FROM v_opportunity\n";

std::string origin(const config::Config& config, std::string_view check, std::string_view key) {
    for (const auto& setting : config::check_settings(config, check))
        if (setting.key == key) return setting.value + " " + setting.origin;
    return "not there";
}

}  // namespace

TEST_CASE("every file of checks.d is a check of the admin's own") {
    Site site;
    site.write("checks.d/big.toml", check_file(good_query, "severity = \"high\"\n"));
    site.write("checks.d/notes.txt", "not read");
    const auto config = site.good();
    REQUIRE(config.checks.sql_checks.size() == 1);
    const auto& check = config.checks.sql_checks[0];
    CHECK(check.id() == "sql.big");
    CHECK(check.severity == warehouse::Severity::high);
    CHECK(check.query.place.str() == "checks.d/big.toml:7:9");
    const auto shown = config::show(config);
    CHECK(shown.find("# --- checks.d/big.toml ---") != shown.npos);
    CHECK(origin(config, "sql.big", "sql.big.severity") == "\"high\" checks.d/big.toml");
}

TEST_CASE("what SQLite has against a query is said with its place") {
    Site site;
    const auto said = [&](const std::string& query) {
        site.write("checks.d/big.toml", check_file(query));
        return site.problems();
    };
    CHECK(said("SELECT id,\n  nonsense FROM v_task\n") ==
          "checks.d/big.toml:6:9: the query does not work: no such column: nonsense (line 2 of the "
          "query)\n");
    CHECK(said("DELETE FROM call") ==
          "checks.d/big.toml:6:9: the query does something else than to SELECT\n");
    CHECK(said("SELECT message FROM outbox") ==
          "checks.d/big.toml:6:9: the query reads outbox, which is none of the views; "
          "docs/views.md lists them\n");
    CHECK(said("SELECT id, source FROM v_call") ==
          "checks.d/big.toml:6:9: the query has no column entity, owner, message; it needs "
          "entity, source, id, owner and message\n");
}

TEST_CASE("a check of one's own has a name that is its alone, and an open question") {
    Site site;
    site.write("checks.d/a.toml", check_file(good_query));
    site.write("checks.d/b.toml", check_file(good_query));
    CHECK(site.problems().find("there are two SQL checks \"big\"") != std::string::npos);
    site.remove("checks.d/b.toml");
    site.write("checks.d/a.toml", "[sql_check]\nname = \"Big Deal\"\nquestion = \"Do it!\"\n");
    const auto problems = site.problems();
    for (const auto* part : {"\"name\" cannot be \"Big Deal\"", "\"question\" must be a question",
                             "\"meaning\" is missing", "\"query\" is missing"})
        CHECK(problems.find(part) != std::string::npos);
}

TEST_CASE("the example that ships is a good check") {
    Site site;
    site.write("checks.d/example.toml",
               tests::read_file(NUDGED_SOURCE_DIR "/config/checks.d/big_deal_alone.toml.example"));
    CHECK(site.good().checks.sql_checks.size() == 1);
}

TEST_CASE("each threshold says where it was set") {
    Site site;
    site.write("checks.toml", "settle = \"24h\"\n\n[opp.stalled]\nmultiple = 1.5\nfloor = 5\n");
    const auto config = site.good({"opp.stalled.floor=9"});
    CHECK(origin(config, "opp.stalled", "opp.stalled.multiple") == "1.5 checks.toml:4");
    CHECK(origin(config, "opp.stalled", "opp.stalled.floor") == "9 --set");
    CHECK(origin(config, "opp.stalled", "opp.stalled.minimum_deals") == "20 default");
    CHECK(origin(config, "opp.stalled", "settle") == "\"24h\" checks.toml:1");
    CHECK(origin(config, "opp.stalled", "opp.idle.after") == "not there");
    CHECK(origin(config, "opp.next_step_far", "opp.next_step_other.horizon") == "30 default");
}

TEST_CASE("measures of one's own are what KPIs, ratios and funnels may name") {
    Site site;
    site.write("kpis.toml", R"([[kpi]]
name = "talks"
measure = "conversations"
target = 20
why = "It matters."
[[kpi]]
name = "rate"
ratio = { of = "conversations", by = ["dials"] }
target = 0.5
why = "It matters."
[[measure]]
name = "conversations"
entity = "call"
where = { outcome = ["connected", "busy"], duration_s = { at_least = 120, at_most = 7200 }, is_planned = false, extra.kind = { not = "test" } }
)");
    const auto config = site.good();
    const auto* measure = config.checks.measures.find("conversations");
    REQUIRE(measure);
    CHECK(measure->unit == "calls");
    const auto& own = config.checks.measures.own()[0];
    REQUIRE(own.where.size() == 5);
    CHECK(own.where[0].field == "duration_s");
    CHECK(own.where[0].values == std::vector<std::string>{"120"});
    CHECK(own.where[2].field == "extra.kind");
    CHECK(own.where[2].test == warehouse::MeasureTest::is_not);
    // What is shown can be read again, and means the same.
    const auto shown = config::show(config);
    const auto begin = shown.find("# --- kpis.toml ---");
    site.write("kpis.toml", shown.substr(begin, shown.find("# --- ", begin + 1) - begin));
    const auto again = site.good();
    CHECK(revision_of(again.checks.measures.own()[0]) == revision_of(own));
}

TEST_CASE("what will not do in a measure of one's own is said at its place") {
    Site site;
    site.write("kpis.toml", R"([[measure]]
name = "dials"
entity = "call"
[[measure]]
name = "talks"
entity = "calls"
[[measure]]
name = "long"
entity = "call"
where = { durations = 5, outcome = { nott = "busy" } }
sum = "subject"
[[kpi]]
name = "a"
measure = "lnog"
target = 1
why = "It matters."
)");
    CHECK(site.problems() ==
          "kpis.toml:2:8: there is a measure \"dials\" already, choose another name\n"
          "kpis.toml:6:10: \"entity\" cannot be \"calls\", did you mean \"call\"?\n"
          "kpis.toml:10:11: a call has no field \"durations\", did you mean \"duration_s\"?\n"
          "kpis.toml:10:45: \"nott\" is nothing that \"outcome\" can be asked for, did you mean "
          "\"not\"?\n"
          "kpis.toml:11:7: \"subject\" is no number that could be added up, name a field with a "
          "number, or leave \"sum\" out to count records\n"
          "kpis.toml:14:11: \"measure\" cannot be \"lnog\", did you mean \"long\"?\n");
}

TEST_CASE("what has a next step is a KPI by itself, and no part of others") {
    Site site;
    site.write("kpis.toml", R"([[kpi]]
name = "coverage"
measure = "account_coverage"
target = 0.9
why = "It matters."
)");
    CHECK(site.good().checks.kpis[0].measure == "account_coverage");
    CHECK(config::show(site.good()).find("measure = \"account_coverage\"") != std::string::npos);
    site.write("kpis.toml", R"([[measure]]
name = "opportunity_coverage"
entity = "call"
[[kpi]]
name = "a"
ratio = { of = "account_coverage", by = ["dials"] }
target = 1
why = "It matters."
)");
    const auto problems = site.problems();
    CHECK_THAT(problems,
               Catch::Contains("there is a measure \"opportunity_coverage\" already") &&
                   Catch::Contains("kpis.toml:6:16: \"of\" cannot be \"account_coverage\""));
}

TEST_CASE("of the time to a lead's first touch less is better") {
    Site site;
    site.write("kpis.toml", R"([[kpi]]
name = "speed"
measure = "speed_to_lead"
target = 60
why = "It matters."
)");
    CHECK(site.good().checks.kpis[0].lower_is_better);
}

TEST_CASE("the query of a KPI is prepared as it will be run") {
    Site site;
    const auto said = [&](const std::string& query) {
        site.write("kpis.toml",
                   "[[kpi]]\nname = \"a\"\ntarget = 1\nwhy = \"It matters.\"\nsql = \"" + query +
                       "\"\n");
        return site.problems();
    };
    CHECK(said("SELECT person_id, :from AS week, 1 AS value FROM v_call WHERE started_at < :until")
              .empty());
    CHECK(said("SELECT person_id FROM v_call") ==
          "kpis.toml:5:7: the query has no column week, value; it needs person_id, week and "
          "value\n");
    CHECK(said("SELECT name FROM person") ==
          "kpis.toml:5:7: the query reads person, which is none of the views; docs/views.md lists "
          "them\n");
    CHECK(said("SELECT person_id, :since AS week, 1 AS value FROM v_call") ==
          "kpis.toml:5:7: the query has a parameter :since; there are :as_of, :from, :until and "
          ":today\n");
    // What is of a span is no parameter of a check's query.
    site.remove("kpis.toml");
    site.write("checks.d/big.toml", check_file("SELECT :from AS id"));
    CHECK(site.problems().find("has a parameter :from; there are :as_of and :today") !=
          std::string::npos);
}

TEST_CASE("a score is made of KPIs with values of their own, by weights that come to 1") {
    Site site;
    const auto said = [&](const std::string& score) {
        site.write(
            "kpis.toml",
            "[[kpi]]\nname = \"dials\"\nmeasure = \"dials\"\ntarget = 1\nwhy = \"It matters.\"\n"
            "[[kpi]]\nname = \"score\"\ntarget = 1\nwhy = \"It matters.\"\nscore = " +
                score + "\n");
        return site.problems();
    };
    CHECK(said("{ dials = 1 }").empty());
    CHECK(said("{ dials = 0.5 }") ==
          "kpis.toml:10:9: the weights of \"score\" must be above 0 and come to 1, they come to "
          "0.5\n");
    CHECK(said("{ dial = 1 }") ==
          "kpis.toml:6:1: the score of the KPI \"score\" is made of \"dial\", which is no KPI with "
          "a value of its own, did you mean \"dials\"?\n");
    CHECK(said("{ score = 1 }").find("is made of \"score\", which is no KPI") != std::string::npos);
}

TEST_CASE("the KPIs that ship as examples are good") {
    const auto loaded = config::load(NUDGED_SOURCE_DIR "/config/examples/own-kpis/nudged.toml");
    INFO(loaded.problems.str());
    CHECK_FALSE(loaded.problems.has_errors());  // but for a source there is nothing missing
    CHECK(loaded.config);
}
