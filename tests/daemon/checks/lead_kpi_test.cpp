// SPDX-License-Identifier: Apache-2.0
// Speed to lead: the median working minutes from a lead's coming in to the first touch.
#include "daemon/checks/kpi/lead_weeks.hpp"

#include "daemon/checks/kpi/weeks.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

// Monday 16 November 2026 begins week 47, which has settled on Tuesday 24th at 12:00. Hours are
// 09:00 to 18:00, Monday to Friday; there is no lunch in them.

namespace {

const Instant tuesday = at(2026y / 11 / 24, 12, 1);

/// Leads come in the pipeline "in"; the aim is an hour.
struct Inbox : Office {
    Inbox() {
        options.leads.pipelines = {"Inbound"};
        checks::Kpi kpi;
        kpi.name = "speed";
        kpi.label = "Minutes to the first touch";
        kpi.measure = "speed_to_lead";
        kpi.targets[""] = 60;
        kpi.lower_is_better = true;
        kpi.why = "A lead that is called within the hour is seven times as likely to be real.";
        options.kpis.push_back(kpi);
        world.pipeline("in").name("Inbound");
        world.stage("new").pipeline("in").position(1).closed(false);
        world.stage("real").pipeline("in").position(2).closed(false);
    }
    Draft& lead(std::string_view id, Instant came) {
        return world.opportunity(id).owner("ana").pipeline("in").stage("new").created(came);
    }
    void call(std::string_view lead, Instant when) {
        world.call(fmt::format("call-{}", ++touches_))
            .owner("ana")
            .opportunity(lead)
            .direction("outbound")
            .at(when);
    }
    void mail(std::string_view lead, Instant when, std::string_view direction) {
        world.email(fmt::format("mail-{}", ++touches_))
            .owner("ana")
            .opportunity(lead)
            .direction(direction)
            .at(when);
    }
    void given(std::string_view lead, std::string_view from, std::string_view to, Instant when) {
        world.user(from).email(fmt::format("{}@example.com", from));
        world.user(to).email(fmt::format("{}@example.com", to));
        world.change(fmt::format("given-{}", lead))
            .opportunity(lead)
            .field("owner")
            .from(from)
            .to(to)
            .changed_at(when);
    }
    /// Four leads of week 47 that took 5, 12, 45 and 90 minutes.
    void four_leads() {
        lead("a", at(2026y / 11 / 16, 10));
        call("a", at(2026y / 11 / 16, 10, 12));
        lead("b", at(2026y / 11 / 17, 17, 30));  // 30 minutes of Tuesday, 15 of Wednesday
        mail("b", at(2026y / 11 / 18, 9, 15), "outbound");
        lead("c", at(2026y / 11 / 18, 12));
        call("c", at(2026y / 11 / 18, 13, 30));
        lead("d", at(2026y / 11 / 21, 11));  // on a Saturday
        call("d", at(2026y / 11 / 23, 9, 5));
    }
    checks::ScorecardKpi card(int weeks, Instant as_of = tuesday, std::string_view rep = "ana") {
        world.mark_all_complete(as_of);
        return scorecard(weeks, "north", rep, as_of).reps.at(0).kpis.at(0);
    }
    std::optional<double> value(Instant as_of = tuesday, std::string_view rep = "ana") {
        return card(2, as_of, rep).weeks.at(0).value;
    }

private:
    int touches_ = 0;
};

}  // namespace

TEST_CASE("speed to lead is the median of the week's leads, and lower is better") {
    Inbox office;
    office.four_leads();
    office.lead("e", at(2026y / 11 / 22, 20));  // on a Sunday: all of Monday, and 30 minutes
    office.call("e", at(2026y / 11 / 24, 9, 30));
    // 5, 12, 45, 90, 570
    const auto week = office.card(2).weeks[0];
    CHECK(week.week.str() == "2026-W47");
    CHECK(week.is_usable());
    CHECK(week.value == 45);
    CHECK(week.target == 60);
    CHECK(week.attainment.value() == Approx(60.0 / 45));
}

TEST_CASE("a median of fewer than five leads is shown with the reason why it does not count") {
    Inbox office;
    office.four_leads();
    const auto week = office.card(2).weeks[0];
    CHECK(week.value == 28.5);  // between 12 and 45
    CHECK(week.excluded == "the median of 4 leads; 5 make one");
    CHECK_FALSE(week.is_usable());
}

TEST_CASE("a lead counts in the week in which it came, and a week without one has no value") {
    Inbox office;
    office.lead("old", at(2026y / 10 / 28, 9));
    office.call("old", at(2026y / 10 / 28, 10));
    office.lead("late", at(2026y / 11 / 13, 17, 50));  // on a Friday
    office.call("late", at(2026y / 11 / 16, 9, 20));
    const auto weeks = office.card(5).weeks;  // 44 … 48
    CHECK(weeks[0].value == 60);
    CHECK_FALSE(weeks[1].value);
    CHECK(weeks[1].excluded == "no lead came in");
    CHECK(weeks[2].value == 30);  // 10 of Friday, 20 of Monday
    CHECK(weeks[3].excluded == "no lead came in");
    CHECK_FALSE(weeks[4].value);
    CHECK(weeks[4].provisional);
}

TEST_CASE("working hours and weeks are those of the rep's clock, also where it is set back") {
    Inbox office;
    auto roster = office.world.roster();
    roster.teams[0].zone = *Zone::find("Europe/Berlin");
    office.world.set_roster(roster);
    // On Sunday 25 October 2026 Berlin goes from UTC+2 to UTC+1. Friday 17:50, Monday 09:20.
    office.lead("a", at(2026y / 10 / 23, 15, 50));
    office.call("a", at(2026y / 10 / 26, 8, 20));
    CHECK(office.card(2, noon(2026y / 10 / 28)).weeks[0].value == 30);
    // Sunday 23:30 is still week 43, Monday 00:30 is not.
    office.lead("b", at(2026y / 10 / 25, 22, 30));
    office.call("b", at(2026y / 10 / 26, 9));  // 10:00
    office.lead("c", at(2026y / 10 / 25, 23, 30));
    office.call("c", at(2026y / 10 / 26, 8, 7));
    const auto weeks = office.card(2, noon(2026y / 10 / 28)).weeks;
    CHECK(weeks[0].value == 45);  // between 30 and 60
    CHECK(weeks[1].value == 7);
}

TEST_CASE("holidays and time off are no working minutes") {
    Inbox office;
    office.lead("a", at(2026y / 11 / 17, 17));
    office.call("a", at(2026y / 11 / 19, 10));
    CHECK(office.value() == 660);
    auto roster = office.world.roster();
    roster.teams[0].members[0].away[day(2026y / 11 / 18)] = 1;
    office.world.set_roster(roster);
    CHECK(office.value() == 120);
}

TEST_CASE("the first touch of ours ends the wait") {
    Inbox office;
    office.lead("a", at(2026y / 11 / 17, 10)).account("acme");
    office.mail("a", at(2026y / 11 / 17, 10, 5), "inbound");
    office.call("a", at(2026y / 11 / 17, 11));
    SECTION("mail of theirs is none") {
        CHECK(office.value() == 60);
    }
    SECTION("nor is what was before the lead") {
        office.call("a", at(2026y / 11 / 17, 9, 30));
        CHECK(office.value() == 60);
    }
    SECTION("a call of its account that names no deal is one") {
        office.world.call("x").owner("ana").account("acme").at(at(2026y / 11 / 17, 10, 20));
        CHECK(office.value() == 20);
    }
}

TEST_CASE("a lead counts for whoever had it at the first touch, from when they got it") {
    Inbox office;
    office.lead("a", at(2026y / 11 / 16, 9));
    office.given("a", "bob", "ana", at(2026y / 11 / 17, 10));
    SECTION("who got it before anybody called") {
        office.call("a", at(2026y / 11 / 17, 10, 20));
        CHECK(office.value(tuesday, "ana") == 20);
        CHECK_FALSE(office.value(tuesday, "bob"));
    }
    SECTION("and not for whoever got it afterwards") {
        office.call("a", at(2026y / 11 / 16, 9, 40));
        CHECK(office.value(tuesday, "bob") == 40);
        CHECK_FALSE(office.value(tuesday, "ana"));
    }
    SECTION("who has it when nobody called") {
        CHECK(office.value(at(2026y / 11 / 24, 12), "ana") ==
              480 + 4 * 540 + 3 * 60);  // Tuesday from 10:00, Wednesday to Monday, Tuesday to 12:00
        CHECK_FALSE(office.value(tuesday, "bob"));
    }
}

TEST_CASE("a lead that nobody has touched counts with its wait") {
    Inbox office;
    auto& lead = office.lead("a", at(2026y / 11 / 20, 17));
    SECTION("so far") {
        CHECK(office.value(at(2026y / 11 / 24, 13)) == 60 + 540 + 240);
        office.call("a", at(2026y / 11 / 24, 14));
        CHECK(office.value(at(2026y / 11 / 24, 13)) == 60 + 540 + 240);
        CHECK(office.value(at(2026y / 11 / 24, 15)) == 60 + 540 + 300);
    }
    SECTION("until it was closed") {
        lead.lost().closed_at(at(2026y / 11 / 24, 10));
        CHECK(office.value() == 60 + 540 + 60);
    }
    SECTION("and not at all when it was closed within a working day: it was sorted out") {
        lead.lost().closed_at(at(2026y / 11 / 23, 17, 59));
        CHECK_FALSE(office.value());
    }
}

TEST_CASE("a lead stays one when it moves on or closes") {
    Inbox office;
    office.options.leads = {};
    office.options.leads.stages = {"new"};
    office.lead("a", at(2026y / 11 / 17, 9)).stage("real").won().closed_at(noon(2026y / 11 / 19));
    office.world.change("x").opportunity("a").field("stage").from("new").to("real").changed_at(
        noon(2026y / 11 / 18));
    office.call("a", at(2026y / 11 / 17, 9, 25));
    CHECK(office.value() == 25);
    office.options.leads.stages = {"real"};
    CHECK_FALSE(office.value());
}

TEST_CASE("leads by stage count from when somebody watched, unless the CRM tells its history") {
    Inbox office;
    office.options.leads = {};
    office.options.leads.stages = {"new"};
    office.world.in("plain");
    for (const auto entity : {model::Entity::opportunity, model::Entity::call, model::Entity::email,
                              model::Entity::meeting})
        office.world.mark_complete(entity, tuesday);
    office.lead("a", at(2026y / 11 / 17, 9));
    office.call("a", at(2026y / 11 / 17, 9, 25));
    const auto read = [&] {
        return office.scorecard(2, "north", "ana", tuesday).reps.at(0).kpis.at(0).weeks.at(0).value;
    };
    CHECK_FALSE(read());
    const auto watched = [&](Instant from) {
        office.world.database().execute("DELETE FROM run");
        office.world.database()
            .prepare(
                "INSERT INTO run (kind, source_id, stream, started_at, ended_at) VALUES "
                "('sync', (SELECT id FROM source WHERE name = 'plain'), 'opportunity', ?1, ?1)")
            .bind(1, from)
            .run();
    };
    watched(at(2026y / 11 / 17, 9, 1));
    CHECK_FALSE(read());
    watched(at(2026y / 11 / 17, 8, 59));
    CHECK(read() == 25);
}

TEST_CASE("where a source tells no e-mails, its leads prove nothing") {
    Inbox office;
    office.world.in("plain");
    for (const auto entity : {model::Entity::opportunity, model::Entity::call})
        office.world.mark_complete(entity, tuesday);
    office.world.pipeline("in").name("Inbound");
    office.lead("a", at(2026y / 11 / 17, 9));
    const auto card = office.scorecard(2, "north", "ana", tuesday).reps.at(0).kpis.at(0);
    CHECK_FALSE(card.weeks[0].value);
    CHECK(card.weeks[0].excluded == "not proven: plain tells no e-mails");
}

TEST_CASE("nothing is proven while nothing says what a lead is") {
    Inbox office;
    office.four_leads();
    office.options.leads = {};
    const auto week = office.card(2).weeks[0];
    CHECK_FALSE(week.value);
    CHECK(week.excluded == "not proven: nothing says what a lead is: [leads] in checks.toml names "
                           "no pipeline and no stage");
}

TEST_CASE("a source that is behind leaves the week unproven") {
    Inbox office;
    office.four_leads();
    office.world.mark_all_complete(at(2026y / 11 / 23, 23));
    const auto week = office.scorecard(2, "north", "ana", tuesday).reps.at(0).kpis.at(0).weeks[0];
    CHECK(week.excluded.starts_with("not proven: crm's "));
}
