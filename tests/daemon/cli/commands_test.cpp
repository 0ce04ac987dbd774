// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/database.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <csignal>
#include <optional>
#include <set>

using namespace nudged::tests;

namespace {

rapidjson::Document parse(const std::string& text) {
    rapidjson::Document document;
    document.Parse(text.c_str());
    return document;
}

}  // namespace

TEST_CASE("evaluate --json tells for each finding who, what, since when, and on what it rests") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/x");
    REQUIRE(site.nudged({"sync"}).status == 0);
    const auto evaluated = site.nudged({"evaluate", "--json"});
    REQUIRE(evaluated.status == 0);
    // What is held is told beside it, on the standard error.
    const auto begin = evaluated.output.find('[');
    REQUIRE(begin != std::string::npos);
    const auto findings =
        parse(evaluated.output.substr(begin, evaluated.output.rfind(']') + 1 - begin));
    REQUIRE(findings.IsArray());
    REQUIRE(findings.Size() > 5);
    std::set<std::string> ids;
    for (const auto& finding : findings.GetArray()) {
        for (const auto* key : {"id", "check", "severity", "subject", "owner", "manager", "team",
                                "since", "summary", "question", "evidence"}) {
            CAPTURE(key);
            CHECK(finding.HasMember(key));
        }
        ids.insert(finding["id"].GetString());
        CHECK(finding["evidence"].Size() > 0);
        for (const auto* key : {"type", "id", "name", "url"})
            CHECK(finding["subject"].HasMember(key));
        for (const auto* key : {"id", "name", "email"}) CHECK(finding["owner"].HasMember(key));
    }
    CHECK(ids.size() == findings.Size());

    SECTION("and explain shows the rule behind each of them") {
        const auto explained = site.nudged({"explain", *ids.begin()});
        CAPTURE(explained.output);
        CHECK(explained.status == 0);
        CHECK(explained.output.find("Evidence") != std::string::npos);
        CHECK(explained.output.find("Clears when") != std::string::npos);
    }
    SECTION("and the scorecard gives every week a value or a reason") {
        const auto scored = site.nudged({"scorecard", "--format", "json", "--weeks", "4"});
        REQUIRE(scored.status == 0);
        const auto card = parse(scored.output);
        REQUIRE(card.IsObject());
        REQUIRE(card["reps"].Size() == 2);
    }
    SECTION("and the review of a deal has its parts in their order, on a terminal and as JSON") {
        std::string name;
        for (const auto& finding : findings.GetArray()) {
            const auto& subject = finding["subject"];
            if (std::string_view{subject["type"].GetString()} == "opportunity")
                name = std::string{subject["source"].GetString()} + "/" + subject["id"].GetString();
        }
        REQUIRE_FALSE(name.empty());
        const auto sheet = site.nudged({"deal", "review", name});
        CAPTURE(sheet.output);
        REQUIRE(sheet.status == 0);
        std::size_t at = 0;
        for (const auto* part : {"Overview", "To clarify", "Evidence", "Risks",
                                 "If we lost this, what would be the "
                                 "top three reasons?",
                                 "Would I buy from us, as the customer?", "Agreed actions"}) {
            CAPTURE(part);
            at = sheet.output.find(part, at);
            REQUIRE(at != std::string::npos);
        }
        const auto object = parse(site.nudged({"deal", "review", name, "--json"}).output);
        REQUIRE(object.IsObject());
        CHECK(object["risks"].Size() > 0);
        CHECK(site.nudged({"deal", "review", "no such deal"}).status == 1);
    }
    SECTION("and nothing of it has changed the warehouse") {
        const auto rows =
            site.nudged({"warehouse", "sql", "SELECT count(*) AS n FROM finding", "--json"});
        CHECK(parse(rows.output)[0]["n"].GetInt() == 0);
    }
}

TEST_CASE("what is wrong with a command line, a configuration or a state has its own exit status") {
    const Site site("http://127.0.0.1:1");
    CHECK(site.nudged({"evaluat"}).status == 64);
    CHECK(site.nudged({"--help"}).status == 0);
    CHECK(site.nudged({"reload"}).status == 69);    // no daemon
    CHECK(site.nudged({"evaluate"}).status == 69);  // no warehouse
    CHECK(site.nudged({"sync", "--source", "hubspt"}).status == 64);
    CHECK(site.nudged({"evaluate", "--check", "opp.stale"}).status == 64);
    site.folder().write("checks.toml", "[opp.stalled]\nmultipel = 2.0\n");
    const auto checked = site.nudged({"config", "check"});
    CHECK(checked.status == 78);
    CHECK(checked.output.find("checks.toml:2:1") != std::string::npos);
    CHECK(checked.output.find("did you mean \"multiple\"?") != std::string::npos);
}

TEST_CASE("the warehouse cannot be changed through its SQL command") {
    const Crm crm;
    const Site site(crm.url());
    REQUIRE(site.nudged({"sync", "--source", "hubspot"}).status == 0);
    CHECK(site.nudged({"warehouse", "sql", "DELETE FROM call"}).status != 0);
}

TEST_CASE("verify tells which sums are wrong, and rebuild mends them, with a daemon or without") {
    const Crm crm;
    const Site site(crm.url());
    REQUIRE(site.nudged({"sync"}).status == 0);
    const auto before = site.contents();
    const auto verified = site.nudged({"warehouse", "verify"});
    CAPTURE(verified.output);
    CHECK(verified.status == 0);
    {
        nudged::warehouse::Database database{site.warehouse(),
                                             nudged::warehouse::Database::Mode::read_write};
        database.execute("UPDATE rollup SET value = value + 1 WHERE (user_id, measure_id, day) = "
                         "(SELECT user_id, measure_id, day FROM rollup LIMIT 1)");
    }
    const auto wrong = site.nudged({"warehouse", "verify"});
    CAPTURE(wrong.output);
    CHECK(wrong.status == 1);
    CHECK(wrong.output.find("rollup hubspot ") != std::string::npos);
    CHECK(wrong.output.find("1 problems") != std::string::npos);
    std::optional<Process> daemon;
    if (GENERATE(false, true)) daemon.emplace(site.start_daemon());
    const auto rebuilt = site.nudged({"warehouse", "rebuild"});
    CAPTURE(rebuilt.output);
    CHECK(rebuilt.status == 0);
    const auto mended = site.nudged({"warehouse", "verify"});
    CAPTURE(mended.output);
    CHECK(mended.status == 0);
    if (!daemon) {
        CHECK(site.contents() == before);
        return;
    }
    daemon->signal(SIGTERM);
    CHECK(daemon->wait() == 0);
}
