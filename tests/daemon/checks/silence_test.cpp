// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/runs.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;
using model::Entity;

namespace {

/// A deal in a stage, and mail about it.
struct Mailbox : Office {
    explicit Mailbox(std::string_view stage = "s1") {
        stages();
        deal("Acme").account("acme").pipeline("p").stage(stage);
    }
    Draft& mail(std::string_view id, Instant when, std::string_view direction = "outbound") {
        return world.email(id)
            .owner("ana")
            .opportunity("Acme")
            .contact("kim")
            .subject(id)
            .direction(direction)
            .at(when);
    }
};

}  // namespace

TEST_CASE("two e-mails without an answer are told seven working days after the first") {
    // 11 November to 20 November: 12, 13, 16, 17, 18, 19, 20.
    Mailbox office;
    office.mail("a", noon(2026y / 11 / 11));
    CHECK(office.find("opp.ghosted").empty());  // one
    office.mail("b", noon(2026y / 11 / 17));
    const auto found = office.find("opp.ghosted");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::attention);
    CHECK(found[0].since == noon(2026y / 11 / 11));
    CHECK(found[0].summary == "Calls and e-mails from us since 2026-11-11, 7 working days ago: 2; "
                              "from the customer: 0.");
    CHECK(found[0].evidence[0].value == "2026-11-11: a");
    CHECK(office.find("opp.ghosted", noon(2026y / 11 / 19)).empty());
    // Of these one was a holiday of hers.
    office.world.team("south").manager("max").member("cy", std::nullopt);
    auto roster = office.world.roster();
    roster.teams[0].holidays = {day(2026y / 11 / 16)};
    office.world.set_roster(roster);
    CHECK(office.find("opp.ghosted").empty());
}

TEST_CASE("in a late stage five working days without an answer are enough") {
    Mailbox office{"s3"};
    office.mail("a", noon(2026y / 11 / 13));
    office.mail("b", noon(2026y / 11 / 16));
    CHECK(office.find("opp.ghosted").size() == 1);
    CHECK(office.find("opp.ghosted", noon(2026y / 11 / 19)).empty());
}

TEST_CASE("whatever may be an answer is taken for one") {
    struct Case {
        const char* name;
        void (*happen)(Mailbox& office);
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"nothing", [](Mailbox&) {}, 1},
        {"an e-mail of the customer",
         [](Mailbox& o) { o.mail("x", noon(2026y / 11 / 18), "inbound"); }, 0},
        {"their automatic answer",
         [](Mailbox& o) {
             o.mail("x", noon(2026y / 11 / 18), "inbound").subject("Automatic reply: away");
         },
         1},
        {"an e-mail of nobody knows whom",
         [](Mailbox& o) { o.mail("x", noon(2026y / 11 / 18)).clear("direction"); }, 0},
        {"a call that was taken",
         [](Mailbox& o) {
             o.world.call("x")
                 .owner("ana")
                 .opportunity("Acme")
                 .outcome("connected")
                 .at(noon(2026y / 11 / 18));
         },
         0},
        {"a call that nobody took",
         [](Mailbox& o) {
             o.world.call("x")
                 .owner("ana")
                 .opportunity("Acme")
                 .outcome("no_answer")
                 .at(noon(2026y / 11 / 18));
         },
         1},
        {"a call of a minute without an outcome",
         [](Mailbox& o) {
             o.world.call("x").owner("ana").opportunity("Acme").lasting(60s).at(
                 noon(2026y / 11 / 18));
         },
         0},
        {"a meeting with the account",
         [](Mailbox& o) {
             o.world.meeting("x").owner("ana").account("acme").at(noon(2026y / 11 / 18));
         },
         0},
        {"a meeting to come",
         [](Mailbox& o) {
             o.world.meeting("x").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 24));
         },
         0},
        {"a meeting to which nobody came",
         [](Mailbox& o) {
             o.world.meeting("x").owner("ana").opportunity("Acme").outcome("no_show").at(
                 noon(2026y / 11 / 18));
         },
         1},
        {"a change of owner",
         [](Mailbox& o) {
             o.world.change("x")
                 .opportunity("Acme")
                 .field("owner")
                 .from("bob")
                 .to("ana")
                 .changed_at(noon(2026y / 11 / 17));
         },
         0},
    }));
    DYNAMIC_SECTION(c.name) {
        Mailbox office;
        office.mail("a", noon(2026y / 11 / 10));
        office.mail("b", noon(2026y / 11 / 16));
        c.happen(office);
        CHECK(office.find("opp.ghosted").size() == c.raised);
    }
}

TEST_CASE("a thread counts once a day, and mail to an account is an attempt at its only deal") {
    Mailbox office;
    const auto first = noon(2026y / 11 / 10);
    office.mail("a", first).subject("Offer");
    office.mail("b", first + 1h).subject("Re: Offer");
    CHECK(office.find("opp.ghosted").empty());
    office.world.email("c")
        .owner("ana")
        .account("acme")
        .direction("outbound")
        .at(noon(2026y / 11 / 12));
    CHECK(office.find("opp.ghosted").size() == 1);
    office.deal("Other").account("acme").pipeline("p").stage("s1");
    CHECK(office.find("opp.ghosted").empty());
}

TEST_CASE("a source that does not say who wrote its e-mails is held, and so is one without any") {
    Mailbox office;
    office.mail("a", noon(2026y / 11 / 10)).clear("direction");
    office.mail("b", noon(2026y / 11 / 12)).clear("direction");
    const auto held = office.evaluate("opp.ghosted").held;
    REQUIRE(held.size() == 1);
    CHECK(held[0].reason == "crm does not say who wrote its e-mails");

    World world{friday};
    world.team("north").manager("max").rep("ana");
    for (const auto entity : {Entity::opportunity, Entity::call, Entity::meeting})
        world.mark_complete(entity, friday);
    for (const auto* id : {"a", "b"})
        world.opportunity(id).owner("ana").forecast_category("commit").created(noon(2026y / 9 / 1));
    const auto people = world.people();
    const auto reader = world.reader();
    const checks::CheckOptions options;
    for (const auto* check : {"opp.ghosted", "mtg.no_follow_up", "opp.commit_cold"}) {
        CAPTURE(check);
        const auto evaluation = checks::evaluate({reader, people, options, friday}, check);
        CHECK(evaluation.findings.empty());
        REQUIRE(evaluation.held.size() == 1);
        CHECK(evaluation.held[0].reason == "crm tells no e-mails");
    }
}

TEST_CASE("a meeting is followed up within two working days") {
    struct Case {
        const char* name;
        void (*happen)(Office& office);
        std::size_t raised;
    };
    // Tuesday 17 November is three working days before Friday.
    const auto c = GENERATE(values<Case>({
        {"nothing", [](Office&) {}, 1},
        {"the meeting was on Wednesday",
         [](Office& o) { o.world.meeting("m").at(noon(2026y / 11 / 18)); }, 0},
        {"the meeting was 31 days ago",
         [](Office& o) { o.world.meeting("m").at(noon(2026y / 10 / 20)); }, 0},
        {"nobody came", [](Office& o) { o.world.meeting("m").outcome("no_show"); }, 0},
        {"an e-mail to the account",
         [](Office& o) {
             o.world.email("e").owner("ana").account("acme").at(noon(2026y / 11 / 18));
         },
         0},
        {"an e-mail before it",
         [](Office& o) {
             o.world.email("e").owner("ana").account("acme").at(noon(2026y / 11 / 16));
         },
         1},
        {"a call",
         [](Office& o) {
             o.world.call("c").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 18));
         },
         0},
        {"a task to come",
         [](Office& o) {
             o.world.task("t").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 30));
         },
         0},
        {"a task that was finished since",
         [](Office& o) {
             o.world.task("t").owner("ana").opportunity("Acme").done_at(noon(2026y / 11 / 18));
         },
         0},
        {"a new owner",
         [](Office& o) {
             o.world.change("x")
                 .opportunity("Acme")
                 .field("owner")
                 .from("bob")
                 .to("ana")
                 .changed_at(noon(2026y / 11 / 18));
         },
         0},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.deal("Acme").account("acme");
        office.world.meeting("m").owner("ana").opportunity("Acme").subject("Demo").at(
            noon(2026y / 11 / 17));
        c.happen(office);
        const auto found = office.find("mtg.no_follow_up");
        REQUIRE(found.size() == c.raised);
        if (found.empty()) return;
        CHECK(found[0].subject.id == "Acme");
        CHECK(found[0].evidence[0].value == "2026-11-17: Demo");
    }
}

TEST_CASE("a meeting with a customer without open deals is the account's") {
    Office office;
    office.world.account("acme").owner("ana").created(noon(2026y / 1 / 1));
    office.world.meeting("m").owner("ana").account("acme").at(noon(2026y / 11 / 17));
    const auto found = office.find("mtg.no_follow_up");
    REQUIRE(found.size() == 1);
    CHECK(found[0].subject.type == "account");
    // With two deals nobody knows which of them it was about.
    office.deal("one").account("acme");
    CHECK(office.find("mtg.no_follow_up").at(0).subject.id == "one");
    office.deal("two").account("acme");
    CHECK(office.find("mtg.no_follow_up").empty());
}

TEST_CASE("a committed deal is cold after fourteen days without a change or a word") {
    // 20 November less 14 days is 6 November.
    struct Case {
        const char* name;
        void (*happen)(Mailbox& office);
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"nothing since its creation", [](Mailbox&) {}, 1},
        {"best case",
         [](Mailbox& o) { o.world.opportunity("Acme").forecast_category("best_case"); }, 0},
        {"mail of the customer a fortnight ago",
         [](Mailbox& o) { o.mail("x", noon(2026y / 11 / 6), "inbound"); }, 0},
        {"mail of the customer a day earlier",
         [](Mailbox& o) { o.mail("x", noon(2026y / 11 / 5), "inbound"); }, 1},
        {"mail of ours", [](Mailbox& o) { o.mail("x", noon(2026y / 11 / 18)); }, 1},
        {"a change of its date",
         [](Mailbox& o) {
             o.world.change("x")
                 .opportunity("Acme")
                 .field("close_date")
                 .from("2026-11-30")
                 .to("2026-12-15")
                 .changed_at(noon(2026y / 11 / 12));
         },
         0},
        {"a change of its owner alone",
         [](Mailbox& o) {
             o.world.change("x")
                 .opportunity("Acme")
                 .field("owner")
                 .from("bob")
                 .to("ana")
                 .changed_at(noon(2026y / 11 / 10));
         },
         1},
    }));
    DYNAMIC_SECTION(c.name) {
        Mailbox office;
        office.world.opportunity("Acme").forecast_category("Commit");
        c.happen(office);
        const auto found = office.find("opp.commit_cold");
        REQUIRE(found.size() == c.raised);
        if (!found.empty()) CHECK(found[0].severity == Severity::high);
    }
}

TEST_CASE("a deal whose changes nobody could see is not called cold") {
    World world{friday};
    world.team("north").manager("max").rep("ana");
    for (const auto entity : {Entity::opportunity, Entity::call, Entity::meeting, Entity::email})
        world.mark_complete(entity, friday);
    world.opportunity("a").owner("ana").forecast_category("commit").created(noon(2026y / 9 / 1));
    const auto people = world.people();
    const checks::CheckOptions options;
    const auto evaluate = [&] {
        const auto reader = world.reader();
        return checks::evaluate({reader, people, options, friday}, "opp.commit_cold");
    };
    CHECK(evaluate().held.at(0).reason == "crm tells no history of opportunities");
    const auto watch = [&](Instant since) {
        warehouse::Transaction transaction{world.database()};
        warehouse::insert_run(world.database(),
                              {"sync", "crm", "opportunity", since, since + 1min, {}, {}, {}});
        transaction.commit();
    };
    watch(noon(2026y / 11 / 7));
    CHECK(evaluate().held.at(0).reason == "crm tells no history of opportunities, and has been "
                                          "watched since 2026-11-07");
    watch(noon(2026y / 11 / 6));
    CHECK(evaluate().held.empty());
    CHECK(evaluate().findings.size() == 1);
}
