// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/slack_commitments.hpp"

#include "tests/daemon/runtime/slack_office.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using Catch::Contains;
using tests::person;
using tests::SlackOffice;
using tests::text_at;

TEST_CASE("a commitment is kept once the rep has confirmed it") {
    SlackOffice office;
    const auto said = office.type("U0MARA", "commit <@U0ANA|ana> 50 dials from 40");
    CHECK_THAT(said, Contains("Ana Duarte is asked: 50 dials in 2026-W48, from 40"));
    const auto asked = office.call("chat.postMessage");
    CHECK(text_at(asked, "/channel") == "U0ANA");
    CHECK_THAT(text_at(asked, "/text"), Contains("mara@example.com proposes: 50 dials"));
    CHECK(office.commitments().empty());
    const auto yes = text_at(asked, "/blocks/1/elements/0/value");
    const auto no = text_at(asked, "/blocks/1/elements/1/value");
    SECTION("confirmed") {
        office.send(office.slack.click("c1", "U0ANA", yes));
        const auto shown = office.call("response", 2);
        CHECK_THAT(shown, Contains("\"replace_original\":true") && Contains("Agreed: 50 dials"));
        CHECK(text_at(office.call("chat.postMessage", 2), "/channel") == "U0MARA");
        const auto kept = office.commitments();
        REQUIRE(kept.size() == 1);
        CHECK(kept[0].promised == 50);
        CHECK(kept[0].baseline == 40);
        CHECK(kept[0].week.str() == "2026-W48");
        CHECK(kept[0].acknowledged);
        // Clicked once more, before the buttons are gone.
        office.send(office.slack.click("c2", "U0ANA", yes));
        office.call("response", 3);
        CHECK(office.commitments().size() == 1);
        // What stands is not called nothing.
        office.send(office.slack.click("c3", "U0ANA", no));
        CHECK_THAT(office.call("response", 4),
                   Contains("You declined") && !Contains("Nothing is kept") &&
                       Contains("stands, though: 50 dials in 2026-W48, from 40 (number 1)"));
        CHECK(office.commitments().size() == 1);
    }
    SECTION("when whoever proposed it manages them no more") {
        office.hand_over_team(person("Lee Chan", "lee@example.com"));
        office.send(office.slack.click("c1", "U0ANA", yes));
        CHECK_THAT(office.call("response", 2), Contains("is not in a team of mara@example.com"));
        CHECK(office.commitments().empty());
    }
    SECTION("declined") {
        office.send(office.slack.click("c1", "U0ANA", no));
        CHECK_THAT(office.call("response", 2), Contains("You declined"));
        CHECK_THAT(text_at(office.call("chat.postMessage", 2), "/text"), Contains("declined"));
        CHECK(office.commitments().empty());
    }
    SECTION("by somebody else") {
        office.send(office.slack.click("c1", "U0BEN", yes));
        CHECK_THAT(office.call("response", 2), Contains("for somebody else"));
        CHECK(office.commitments().empty());
    }
    SECTION("on the last evening of the week, where the rep is") {
        office.move_team("America/New_York");
        office.now = *parse_instant("2026-11-30T03:00:00Z");
        office.send(office.slack.click("c1", "U0ANA", yes));
        CHECK_THAT(office.call("response", 2), Contains("Agreed: 50 dials"));
    }
    SECTION("when the week is over") {
        office.now = *parse_instant("2026-11-30T00:00:00Z");
        office.send(office.slack.click("c1", "U0ANA", yes));
        CHECK_THAT(office.call("response", 2), Contains("that week is over"));
        CHECK(office.commitments().empty());
    }
}

TEST_CASE("a commitment that is vague, or not theirs to propose, is refused with what to do") {
    SlackOffice office;
    CHECK_THAT(office.type("U0MARA", "commit @ana more dials"),
               Contains("not specific enough") && Contains("/nudged commit @\u200Bana 50 dials"));
    CHECK_THAT(office.type("U0MARA", "commit @ana 50 emails from 40"), Contains("no KPI"));
    CHECK_THAT(office.type("U0MARA", "commit @zoe 50 dials from 40"), Contains("no rep"));
    CHECK_THAT(office.type("U0MARA", "commit <@U0BEN> 50 dials from 40"),
               Contains("Ben Okafor is not in a team of mara@example.com"));
    CHECK_THAT(office.type("U0ANA", "commit @ana 5 dials from 4"),
               Contains("is not in a team of ana@example.com"));
    CHECK_THAT(office.type("U0MARA", "help"), Contains("/nudged commit @\u200Bana 50 dials"));
    CHECK(office.slack.calls("chat.postMessage").empty());
}

TEST_CASE("who proposes to a rep of another team learns nothing of what they agreed") {
    SlackOffice office;
    const auto lee = office.type("U0LEE", "commit @ben 70 dials from 61 2026-W48");
    REQUIRE_THAT(lee, Contains("Ben Okafor is asked"));
    const auto yes = text_at(office.call("chat.postMessage"), "/blocks/1/elements/0/value");
    office.send(office.slack.click("c1", "U0BEN", yes));
    office.call("response", 2);
    REQUIRE(office.commitments().size() == 1);
    const auto said = office.type("U0MARA", "commit @ben 50 dials 2026-W48");
    CHECK_THAT(said, Contains("is not in a team of") && !Contains("70") && !Contains("61"));
}
