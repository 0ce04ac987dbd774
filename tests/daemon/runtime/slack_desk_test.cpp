// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/slack_desk.hpp"

#include "tests/daemon/runtime/slack_office.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using Catch::Contains;
using tests::SlackOffice;
using tests::text_at;

TEST_CASE("a manager's buttons answer the finding that they are below") {
    SlackOffice office;
    SECTION("I am at it") {
        CHECK_THAT(office.click("U0MARA", "ack"), Contains("is acknowledged"));
        CHECK(office.answer_kind() == "acknowledged by mara@example.com");
    }
    SECTION("quiet for a week") {
        CHECK_THAT(office.click("U0MARA", "week"), Contains("is silent until 2026-11-27"));
        CHECK(office.answer_kind() == "snoozed by mara@example.com until " +
                                          format_instant(*parse_instant("2026-11-27T00:00:00Z")));
    }
    SECTION("quiet until it changes") {
        CHECK_THAT(office.click("U0MARA", "facts"), Contains("until its facts change"));
        CHECK(office.answer_kind() == "snoozed by mara@example.com");
    }
    SECTION("check again") {
        CHECK_THAT(office.click("U0MARA", "recheck"), Contains("being checked again"));
        CHECK(office.checked_again == std::vector<std::string>{"crm"});
        CHECK_THAT(office.click("U0MARA", "recheck"), Contains("less than a minute ago"));
    }
    SECTION("why this") {
        const auto said = office.click("U0MARA", "why");
        CHECK_THAT(said, Contains("opp.idle (high)") && Contains("&lt;b&gt;renewal"));
        CHECK_THAT(said, Contains("told"));
        CHECK_THAT(office.click("U0ANA", "why"), Contains("opp.idle (high)") && !Contains("told"));
        CHECK(office.answer_kind() == "none");
    }
}

TEST_CASE("somebody of another workspace of the same organisation may answer") {
    SlackOffice office;
    office.slack.add_member("U0MARA", "mara@example.com",
                            R"("team_id":"T0TWO","enterprise_user":{"enterprise_id":"E0OWN"})");
    CHECK_THAT(office.click("U0MARA", "ack"), Contains("is acknowledged"));
}

TEST_CASE("what is wrong is asked in a form, and told to those who judge") {
    SlackOffice office;
    office.send(office.slack.click("w1", "U0ANA", "finding wrong " + office.short_id() + " 1"));
    const auto view = office.call("views.open");
    CHECK(text_at(view, "/trigger_id") == "trigger.w1");
    CHECK(text_at(view, "/view/title/text") == "Is this wrong?");
    const auto value = text_at(view, "/view/private_metadata");
    CHECK(office.answer_kind() == "none");
    office.send(office.slack.form("w2", "U0ANA", value, "It was won\non Monday."));
    CHECK_THAT(text_at(office.call("response"), "/text"), Contains("is disputed"));
    CHECK(office.answer_kind() == "disputed by ana@example.com");
    CHECK_FALSE(office.titles().empty());
}

TEST_CASE("who may not answer is told why, and nothing is answered") {
    SlackOffice office;
    SECTION("the rep silences nothing") {
        CHECK_THAT(office.click("U0ANA", "ack"), Contains("you can say that it is wrong"));
    }
    SECTION("somebody of another team") {
        CHECK_THAT(office.click("U0BEN", "ack"), Contains("You cannot answer this one"));
        CHECK_THAT(office.click("U0BEN", "why"), Contains("You cannot answer this one"));
    }
    SECTION("somebody who is not on the roster") {
        CHECK_THAT(office.click("U0GUEST", "ack"), Contains("not on nudged's roster"));
    }
    SECTION("a manager who has left") {
        office.let_mara_go(*parse_date("2026-11-20"));
        CHECK_THAT(office.click("U0MARA", "ack"), Contains("not on nudged's roster"));
        CHECK_THAT(office.type("U0MARA", "commit <@U0ANA|ana> 50 dials from 40"),
                   Contains("not on nudged's roster"));
    }
    SECTION("somebody of another organisation, whose admins gave them the manager's address") {
        office.slack.add_member("U0SPY", "mara@example.com",
                                R"("team_id":"T0OTHER","is_stranger":false)");
        CHECK_THAT(office.click("U0SPY", "ack"), Contains("not on nudged's roster"));
    }
    SECTION("somebody who has not confirmed the manager's address") {
        office.slack.add_member("U0SPY", "mara@example.com",
                                R"("team_id":"T0OWN","is_email_confirmed":false)");
        CHECK_THAT(office.click("U0SPY", "ack"), Contains("not on nudged's roster"));
    }
    SECTION("a finding that is over") {
        office.resolve();
        CHECK_THAT(office.click("U0MARA", "ack"), Contains("settled already"));
    }
    CHECK(office.answer_kind() == "none");
}

TEST_CASE("a scope that the app lacks is told to the admin once, and when it has it") {
    SlackOffice office;
    office.slack.refuse("users.info", "missing_scope");
    CHECK_THAT(office.click("U0MARA", "ack"), Contains("try again"));
    CHECK_THAT(office.desk->needs_person(), Contains("users.info") && Contains("missing_scope"));
    CHECK_THAT(office.click("U0BEN", "ack"), Contains("try again"));
    REQUIRE(office.run_until([&] { return office.titles().size() == 1; }));
    office.slack.refuse("users.info", "");
    CHECK_THAT(office.click("U0MARA", "ack"), Contains("is acknowledged"));
    CHECK(office.run_until([&] { return office.titles().size() == 2; }));
    CHECK(office.titles() == std::vector<std::string>{"nudged: the channel managers cannot answer",
                                                      "nudged: the channel managers can answer "
                                                      "again"});
    CHECK(office.desk->needs_person().empty());
}

TEST_CASE("when too many answer at once, whoever comes next is told to try again") {
    SlackOffice office;
    office.is_stuck = true;
    const auto value = "finding ack " + office.short_id() + " 1";
    for (int i = 1; i <= 33; ++i)
        office.send(office.slack.click(fmt::format("m{}", i), "U0MARA", value));
    CHECK_THAT(text_at(office.call("response"), "/text"), Contains("try again in a minute"));
    CHECK(office.slack.calls("response").size() == 1);
}

TEST_CASE("what people asked for is answered before the desk is closed") {
    SlackOffice office;
    bool is_finished = false;
    office.send(office.slack.click("f1", "U0MARA", "finding ack " + office.short_id() + " 1"));
    REQUIRE(office.call("users.info") != "(none)");
    office.finish([&] { is_finished = true; });
    REQUIRE(office.run_until([&] { return is_finished; }));
    CHECK(office.slack.calls("response").size() == 1);
    CHECK(office.answer_kind() == "acknowledged by mara@example.com");
}

TEST_CASE("a token that is refused is told to the admin once, and is no secret of the text") {
    SlackOffice office;
    REQUIRE(office.run_until([&] { return office.slack.sockets.open_connections() == 1; }));
    office.slack.refuse_connections("token_revoked");
    office.slack.sockets.drop(1);
    REQUIRE(office.run_until([&] { return !office.desk->needs_person().empty(); }));
    CHECK_THAT(office.desk->needs_person(), Contains("channel managers takes no answers") &&
                                                Contains("token_revoked") && !Contains("s3cr3t"));
    const auto tries = office.slack.calls("apps.connections.open").size();
    REQUIRE(office.run_until(
        [&] { return office.slack.calls("apps.connections.open").size() >= tries + 3; }));
    CHECK(office.titles() ==
          std::vector<std::string>{"nudged: the channel managers takes no answers"});
    office.slack.refuse_connections("");
    CHECK(office.run_until([&] { return office.titles().size() == 2; }));
    CHECK(office.desk->needs_person().empty());
}
