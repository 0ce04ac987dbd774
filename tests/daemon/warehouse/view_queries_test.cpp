// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/view_queries.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using warehouse::ViewQueries;

namespace {

const Instant friday = noon(std::chrono::year{2026} / 11 / 20);
const ViewQueries::Parameters now{friday, day(std::chrono::year{2026} / 11 / 20)};

/// What is said against a query; "" when it runs.
std::string refusal(const ViewQueries& queries, const std::string& sql) {
    try {
        queries.run(sql, now);
    } catch (const Failure& failure) {
        CHECK(failure.kind() == FailureKind::refused);
        return failure.what();
    }
    return {};
}

std::string text(const warehouse::QueryValue& value) {
    const auto* found = std::get_if<std::string>(&value);
    return found ? *found : "no text";
}

}  // namespace

TEST_CASE("a query reads every documented view, and what views read only through them") {
    World world{friday};
    world.opportunity("Acme").owner("ana").amount("50000");
    world.call("1").owner("ana").opportunity("Acme").at(friday - 1h);
    world.reader();
    const ViewQueries queries{world.path()};
    const auto result = queries.run("SELECT o.id, count(c.id) AS calls FROM v_opportunity o"
                                    " JOIN v_call c ON c.opportunity_id = o.id GROUP BY o.id",
                                    now);
    CHECK(result.columns == std::vector<std::string>{"id", "calls"});
    CHECK(result.views == std::set<std::string>{"v_call", "v_opportunity"});
    REQUIRE(result.rows.size() == 1);
    CHECK(text(result.rows[0][0]) == "Acme");
    CHECK(std::get<std::int64_t>(result.rows[0][1]) == 1);

    for (const auto* sql :
         {"SELECT count(*) FROM V_OPPORTUNITY", "SELECT * FROM v_opportunity_period",
          "SELECT * FROM v_unknown_owner", "SELECT * FROM v_rep_week",
          "WITH mine AS (SELECT id FROM v_call) SELECT count(*) FROM mine, v_call",
          "SELECT (SELECT count(*) FROM v_task t WHERE t.owner = o.owner) FROM v_opportunity o",
          "SELECT key FROM v_opportunity, json_each('{\"a\":1}')",
          "SELECT rank() OVER (ORDER BY id), group_concat(name) FROM v_opportunity",
          "SELECT 1 -- and a comment\n ; /* at the end */ "}) {
        CAPTURE(sql);
        CHECK(refusal(queries, sql).empty());
    }
}

TEST_CASE("a query does nothing but read the views") {
    World world{friday};
    world.opportunity("Acme").owner("ana");
    world.reader();
    const ViewQueries queries{world.path()};
    struct Case {
        const char* name;
        const char* sql;
        const char* says;
    };
    const auto c = GENERATE(values<Case>({
        {"insert", "INSERT INTO source (name) VALUES ('x')", "something else than to SELECT"},
        {"delete", "DELETE FROM opportunity", "something else than to SELECT"},
        {"create", "CREATE TEMP TABLE t AS SELECT 1", "something else than to SELECT"},
        {"pragma", "PRAGMA query_only = OFF", "uses a PRAGMA"},
        {"pragma as a table", "SELECT * FROM pragma_table_info('person')", "than to SELECT"},
        {"rows of a pragma", "SELECT count(*) FROM pragma_table_list", "than to SELECT"},
        {"attach", "ATTACH '/tmp/other.db' AS other", "attaches another file"},
        {"explain", "EXPLAIN SELECT * FROM v_call", "something else than to SELECT"},
        {"transaction", "COMMIT", "something else than to SELECT"},
        {"two statements", "SELECT 1; SELECT 2", "after its first statement"},
        {"nothing", " -- only words", "is empty"},
        {"a table", "SELECT name FROM opportunity", "reads opportunity, which is none"},
        {"rows of a table", "SELECT count(*) FROM outbox", "reads outbox, which is none"},
        {"rows of a view's table", "SELECT count(*) FROM opportunity", "reads opportunity"},
        {"a private table", "SELECT email FROM person_alias", "reads person_alias"},
        {"the schema", "SELECT sql FROM sqlite_schema", "none of the views"},
        {"rows of the schema", "SELECT count(*) FROM sqlite_master", "none of the views"},
        {"a subquery", "SELECT (SELECT message FROM outbox) FROM v_call", "reads outbox"},
        {"a file", "SELECT load_extension('x')", "load_extension"},
        {"chance", "SELECT random()", "calls random()"},
        {"an unknown column", "SELECT 1\n  FROM v_call\n WHERE nonsense",
         "no such column: nonsense (line 3 of the query)"},
        {"a parameter", "SELECT :tomorrow", "has a parameter :tomorrow"},
        {"a number as parameter", "SELECT ?", "has a parameter ?"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK_THAT(refusal(queries, c.sql), Catch::Contains(c.says));
        CHECK(world.database().integer("SELECT count(*) FROM opportunity") == 1);
    }
}

TEST_CASE("a WITH clause cannot pass for a view to reach what the view reads") {
    World world{friday};
    world.opportunity("Acme").owner("ana");
    world.reader();
    const ViewQueries queries{world.path()};
    for (const auto* sql : {
             "WITH v_call AS (SELECT external_id FROM call) SELECT * FROM v_call",
             "WITH V_Call(x) AS NOT MATERIALIZED (SELECT external_id FROM call) SELECT x FROM "
             "V_Call",
             "WITH a AS (SELECT 1 AS \"\"), [v_call] AS (SELECT owner FROM call) SELECT * FROM "
             "v_call",
             "WITH 'v_call' /* ) */ AS /* x */ MATERIALIZED (SELECT owner FROM call) SELECT 1 FROM "
             "v_call",
             "WITH \xEF\xBB\xBFv_call AS (SELECT owner FROM call) SELECT * FROM v_call",
             "SELECT * FROM (WITH period AS (SELECT name FROM opportunity) SELECT * FROM period)",
         }) {
        CAPTURE(sql);
        CHECK_FALSE(refusal(queries, sql).empty());
    }
    CHECK(warehouse::find_taken_name("SELECT v_call FROM x AS (", {"v_call"}).empty());
}

TEST_CASE("a query that takes too much is stopped, and the next one runs") {
    World world{friday};
    world.reader();
    warehouse::QueryLimits limits;
    limits.time = 100ms;
    const ViewQueries queries{world.path(), limits};
    const std::string endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    CHECK_THAT(refusal(queries, endless + " SELECT max(i) FROM n"),
               Catch::Contains("stopped after 0.1 s"));
    CHECK_THAT(refusal(queries, "WITH d(i) AS (VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10))"
                                " SELECT count(*) FROM d a, d b, d c, d e, d f, d g, d h, d i"),
               Catch::Contains("stopped after"));
    CHECK(refusal(queries, endless + " SELECT i FROM n LIMIT 1000").empty());
    CHECK_THAT(refusal(queries, endless + " SELECT i FROM n LIMIT 1001"),
               Catch::Contains("more than 1000 rows"));
    warehouse::QueryLimits long_limits;
    long_limits.time = 60s;
    const ViewQueries patient{world.path(), long_limits};
    CHECK_THAT(refusal(patient, endless + " SELECT printf('%.90000c', 'x') FROM n LIMIT 90"),
               Catch::Contains("bytes; narrow it"));
    CHECK_THAT(refusal(queries, "SELECT length(zeroblob(2000000) || 'x')"),
               Catch::Contains("does not work"));
    CHECK_THAT(refusal(queries, std::string{"SELECT 1 \0 FROM v_call", 22}),
               Catch::Contains("NUL"));
    CHECK(refusal(queries, "SELECT 1").empty());
}

TEST_CASE("now is the moment that is asked about") {
    World world{friday};
    world.reader();
    const ViewQueries queries{world.path()};
    // 2026-11-20T12:00:00Z is 1,795,176,000 s after the epoch.
    const auto result =
        queries.run("SELECT datetime('now'), CURRENT_DATE, :today, :as_of, date()", now);
    REQUIRE(result.rows.size() == 1);
    const auto& row = result.rows[0];
    CHECK(text(row[0]) == "2026-11-20 12:00:00");
    CHECK(text(row[1]) == "2026-11-20");
    CHECK(text(row[2]) == "2026-11-20");
    CHECK(std::get<std::int64_t>(row[3]) == 1'795'176'000'000);
    CHECK(text(row[4]) == "2026-11-20");
}

TEST_CASE("a query is looked at without a warehouse") {
    const auto queries = ViewQueries::of_schema();
    CHECK(queries.prepare("SELECT id FROM v_task").views == std::set<std::string>{"v_task"});
    CHECK_THROWS_WITH(queries.prepare("SELECT id FROM v_tasks"),
                      Catch::Contains("no such table: v_tasks"));
}
