// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/sql/sql_check.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

checks::SqlCheck& own_check(Office& office, const std::string& query) {
    checks::SqlCheck check;
    check.name = "big";
    check.severity = warehouse::Severity::high;
    check.meaning = "A large deal is open.";
    check.clears = "It closes.";
    check.question = "Who has to want this?";
    check.query = {query, {"checks.d/big.toml", 7, 1}};
    return office.options.sql_checks.emplace_back(std::move(check));
}

const std::string big_deals =
    "SELECT 'opportunity' AS entity, source, id, name, url, person_id AS owner, amount,"
    " created_at AS since, printf('Worth %d.', amount) AS message, stage, currency,"
    " url AS stage_url FROM v_opportunity WHERE NOT is_closed AND amount >= 1000";

std::string reason_of(Office& office, const std::string& query) {
    own_check(office, query);
    const auto evaluation = office.evaluate("sql.big");
    CHECK(evaluation.findings.empty());
    REQUIRE(evaluation.held.size() == 1);
    CHECK(evaluation.held[0].check == "sql.big");
    CHECK(evaluation.held[0].source.empty());
    return evaluation.held[0].reason;
}

}  // namespace

TEST_CASE("each row of an admin's query is a finding") {
    Office office;
    office.stages();
    office.deal("Acme").amount("48000.5").currency("EUR").stage("s1").url("https://crm/acme");
    office.deal("Small").amount("10");
    own_check(office, big_deals);
    const auto evaluation = office.evaluate("");
    CHECK(evaluation.held.empty());
    REQUIRE_FALSE(evaluation.findings.empty());
    const auto& finding = evaluation.findings[0];  // high, and the only one of that severity
    CHECK(finding.check == "sql.big");
    CHECK(finding.severity == warehouse::Severity::high);
    CHECK(finding.subject.type == "opportunity");
    CHECK(finding.subject.source == "crm");
    CHECK(finding.subject.id == "Acme");
    CHECK(finding.subject.url == "https://crm/acme");
    CHECK(finding.owner == office.world.person("ana"));
    CHECK(finding.team == "north");
    CHECK(finding.amount == Decimal::parse("48000.5"));
    CHECK(finding.since == noon(2026y / 9 / 1));
    CHECK(finding.summary == "Worth 48000.");
    CHECK(finding.question == "Who has to want this?");
    REQUIRE(finding.evidence.size() == 2);
    CHECK(finding.evidence[0].label == "stage");
    CHECK(finding.evidence[0].value == "s1");
    CHECK(finding.evidence[0].url == "https://crm/acme");
    CHECK(finding.evidence[1].value == "EUR");
    CHECK(office.find("sql.big").size() == 1);

    office.options.sql_checks[0].enabled = false;
    for (const auto& other : office.find("")) CHECK(other.check != "sql.big");
    CHECK(office.find("sql.big").size() == 1);
    CHECK(checks::check_ids(office.options).back() == "sql.big");
    CHECK(checks::describe_check(office.options, "sql.big")->clears == "It closes.");
    CHECK_FALSE(checks::describe_check(office.options, "sql.other"));
}

TEST_CASE("a query without rows finds nothing and holds nothing") {
    Office office;
    own_check(office, big_deals);
    const auto evaluation = office.evaluate("sql.big");
    CHECK(evaluation.findings.empty());
    CHECK(evaluation.held.empty());
}

TEST_CASE("a row may be about a person, and its owner an address") {
    Office office;
    office.deal("Acme");
    own_check(office, "SELECT 'person' AS entity, NULL AS source, person_id AS id, email AS owner,"
                      " name, '3 things' AS message FROM v_person WHERE email = 'ana@example.com'");
    const auto found = office.find("sql.big");
    REQUIRE(found.size() == 1);
    CHECK(found[0].subject.source.empty());
    CHECK(found[0].owner == office.world.person("ana"));
    CHECK(found[0].evidence.size() == 1);
}

TEST_CASE("a check that does not work is held whole, and says why and where") {
    Office office;
    office.deal("Acme").amount("5000");
    office.deal("Beta").amount("5000");
    struct Case {
        const char* name;
        std::string query;
        const char* says;
    };
    const std::string head = "SELECT 'opportunity' AS entity, source, id, person_id AS owner, ";
    const std::string tail = " FROM v_opportunity ORDER BY id";
    const auto c = GENERATE_COPY(values<Case>({
        {"not SQL", "SELEC 1", "the query does not work: near \"SELEC\""},
        {"a table", "SELECT * FROM outbox", "the query reads outbox"},
        {"columns missing", "SELECT id, source FROM v_task",
         "has no column entity, owner, message"},
        {"a column twice", head + "1 AS message, 2 AS message" + tail, "two columns \"message\""},
        {"no message", head + "NULL AS message" + tail, "gives a row 1 that has no message"},
        {"one subject twice",
         "SELECT 'opportunity' AS entity, source, 'x' AS id, person_id AS owner, 1 AS message"
         " FROM v_opportunity",
         "gives two rows about one subject, the second is row 2"},
        {"a strange entity",
         "SELECT 'deal' AS entity, source, id, person_id AS owner, 1 AS message" + tail,
         "has none of the entities"},
        {"a strange owner",
         "SELECT 'opportunity' AS entity, source, id, 'who@x.org' AS owner, 1 AS message" + tail,
         "nobody's person_id or e-mail address"},
        {"NUL in the id",
         "SELECT 'opportunity' AS entity, source, id || char(0) AS id, person_id AS owner,"
         " 1 AS message" +
             tail,
         "has no proper id"},
        {"a strange day", head + "1 AS message, 'soon' AS since" + tail, "has no proper since"},
        {"a strange amount", head + "1 AS message, 'much' AS amount" + tail, "no number"},
        {"a thousand rows and one",
         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)"
         " SELECT 'opportunity' AS entity, 'crm' AS source, i AS id, NULL AS owner, 1 AS message"
         " FROM n",
         "gives more than 1000 rows"},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto reason = reason_of(office, c.query);
        CHECK_THAT(reason, Catch::StartsWith("checks.d/big.toml:7:1: the query "));
        CHECK_THAT(reason, Catch::Contains(c.says));
    }
}

TEST_CASE("the other checks go on when one does not work") {
    Office office;
    office.deal("Acme").close_date(day(2026y / 11 / 2)).amount("5000");
    own_check(office, "SELECT nonsense");
    auto& second = own_check(office, big_deals);
    second.name = "second";
    const auto evaluation = office.evaluate("");
    const auto has = [&](std::string_view check) {
        return std::any_of(evaluation.findings.begin(), evaluation.findings.end(),
                           [&](const auto& finding) { return finding.check == check; });
    };
    CHECK(has("sql.second"));
    CHECK(has("opp.past_close"));
}

TEST_CASE(
    "what a row says is text: cleaned of what moves a terminal, kept as the CRM has it else") {
    Office office;
    office.deal("<b>*Acme*</b>").amount("5000");
    own_check(office, "SELECT 'opportunity' AS entity, source, id, name, person_id AS owner,"
                      " name || char(0) || ' 1' || char(27) || char(10) || '2' AS message,"
                      " printf('%.900c', 'x') AS long FROM v_opportunity");
    const auto found = office.find("sql.big");
    REQUIRE(found.size() == 1);
    CHECK(found[0].summary == "<b>*Acme*</b> 1 2");
    CHECK(found[0].evidence[0].value.size() < 210);
}

TEST_CASE("a source that is behind holds what a query finds in it") {
    Office office;
    office.deal("Acme").amount("5000");
    office.world.in("other").opportunity("Beta").owner("ana").amount("5000");
    office.world.mark_all_complete(friday);
    own_check(office, big_deals);
    CHECK(office.find("sql.big").size() == 2);
    office.world.mark_complete(model::Entity::opportunity, friday - 7h);
    const auto evaluation = office.evaluate("sql.big");
    REQUIRE(evaluation.findings.size() == 1);
    CHECK(evaluation.findings[0].subject.source == "crm");
    REQUIRE(evaluation.held.size() == 1);
    CHECK(evaluation.held[0].source == "other");
    // Calls are not read by the query, so that it does not matter how old they are.
    CHECK(checks::feed_of({"v_call", "v_task_change"}).fresh ==
          std::vector{model::Entity::call, model::Entity::task});
    // Sums are made of all these.
    CHECK(checks::feed_of({"v_rep_week"}).fresh ==
          std::vector{model::Entity::call, model::Entity::task, model::Entity::meeting,
                      model::Entity::opportunity});
}

TEST_CASE("a query is asked as of a moment") {
    Office office;
    office.deal("Acme").amount("5000");
    own_check(office, "SELECT 'opportunity' AS entity, source, id, person_id AS owner,"
                      " :today || ' ' || date('now') || ' ' || :as_of AS message"
                      " FROM v_opportunity");
    office.world.mark_all_complete(noon(2026y / 11 / 18));
    const auto found = office.find("sql.big", noon(2026y / 11 / 18));
    REQUIRE(found.size() == 1);
    CHECK(found[0].summary == "2026-11-18 2026-11-18 1795003200000");
}
