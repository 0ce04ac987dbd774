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
