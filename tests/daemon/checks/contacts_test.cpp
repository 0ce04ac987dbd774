// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;
using model::Entity;

namespace {

/// A deal in a stage, with one contact who was called on Wednesday.
struct Deal : Office {
    explicit Deal(std::string_view stage) {
        stages();
        deal("Acme").account("acme").pipeline("p").stage(stage);
        world.contact("k1").name("Kim");
        world.contact("k2").name("Lou");
        call("c1", "k1", noon(2026y / 11 / 18));
    }
    void call(std::string_view id, std::string_view contact, Instant when) {
        world.call(id)
            .owner("ana")
            .opportunity("Acme")
            .contact(contact)
            .outcome("connected")
            .at(when);
    }
    void give_part(std::string_view contact, std::string_view role) {
        world.role(contact).opportunity("Acme").contact(contact).set("role", role);
    }
};

}  // namespace

TEST_CASE("one contact is too few from the second stage on, and worth attention in a late one") {
    CHECK(Deal{"s1"}.find("opp.single_thread").empty());
    Deal second{"s2"};
    const auto found = second.find("opp.single_thread");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::info);
    CHECK(found[0].summary == "Known at the customer: 1 contact with a part in this deal or in "
                              "touch within 60 days; the least is 2.");
    CHECK(found[0].evidence[0].value == "Kim");
    CHECK(Deal{"s3"}.find("opp.single_thread").at(0).severity == Severity::attention);
}

TEST_CASE("a second contact is one who was in touch within sixty days, or has a part") {
    Deal office{"s3"};
    // 20 November less 60 days is 21 September.
    SECTION("in touch sixty days ago") {
        office.call("c2", "k2", noon(2026y / 9 / 21));
        CHECK(office.find("opp.single_thread").empty());
    }
    SECTION("in touch a day earlier") {
        office.call("c2", "k2", noon(2026y / 9 / 20));
        CHECK(office.find("opp.single_thread").size() == 1);
    }
    SECTION("with a part") {
        office.give_part("k2", "Evaluator");
        CHECK(office.find("opp.single_thread").empty());
    }
    SECTION("the same person, before two contacts were merged") {
        office.call("c2", "k2", noon(2026y / 11 / 18));
        CHECK(office.find("opp.single_thread").empty());
        office.world.merge(Entity::contact, "k2", "k1", noon(2026y / 11 / 19));
        CHECK(office.find("opp.single_thread").size() == 1);
    }
}

TEST_CASE("a small deal may have one contact where the options say so") {
    Deal office{"s3"};
    office.options.opp_single_thread.minimum_amount = 50'000;
    CHECK(office.find("opp.single_thread").empty());  // no amount is known
    office.world.opportunity("Acme").amount("49999.99");
    CHECK(office.find("opp.single_thread").empty());
    office.world.opportunity("Acme").amount("50000");
    CHECK(office.find("opp.single_thread").size() == 1);
}

TEST_CASE("a new owner is not asked who else is known") {
    Deal office{"s3"};
    CHECK(office.find("opp.single_thread").size() == 1);
    CHECK(office.find("opp.no_power").size() == 1);
    office.world.user("bob").email("bob@example.com");
    office.world.change("x").opportunity("Acme").field("owner").from("bob").to("ana").changed_at(
        noon(2026y / 11 / 16));
    CHECK(office.find("opp.single_thread").empty());
    CHECK(office.find("opp.no_power").empty());
}

TEST_CASE("a source that names no contact is held once, whatever the number of deals") {
    Office office;
    office.stages();
    for (const auto* id : {"a", "b"}) {
        office.deal(id).pipeline("p").stage("s3");
        office.world.call(id).owner("ana").opportunity(id).at(noon(2026y / 11 / 18));
    }
    const auto evaluation = office.evaluate("opp.single_thread");
    CHECK(evaluation.findings.empty());
    REQUIRE(evaluation.held.size() == 1);
    CHECK(evaluation.held[0].reason == "crm names no contact in any call, meeting or e-mail of "
                                       "the open deals, and gives none a part");
}

TEST_CASE("in a late stage somebody who decides was in touch within thirty days") {
    Deal office{"s3"};
    CHECK(Deal{"s2"}.find("opp.no_power").empty());
    const auto none = office.find("opp.no_power");
    REQUIRE(none.size() == 1);
    CHECK(none[0].severity == Severity::info);
    CHECK(none[0].summary ==
          "0 contacts of this deal have a part in the decision; it is in stage 3 of 4.");
    office.give_part("k2", "ECONOMIC_BUYER");
    CHECK(office.find("opp.no_power").at(0).summary ==
          "0 touches within 30 days with whoever decides; the deal is in stage 3 of 4.");
    // 20 November less 30 days is 21 October.
    office.call("c2", "k2", noon(2026y / 10 / 20));
    CHECK(office.find("opp.no_power").size() == 1);
    office.call("c3", "k2", noon(2026y / 10 / 21));
    CHECK(office.find("opp.no_power").empty());
}

TEST_CASE("a touch that names nobody may be that of whoever decides") {
    Deal office{"s4"};
    office.give_part("k2", "Decision Maker");
    CHECK(office.find("opp.no_power").size() == 1);
    office.world.email("e").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 18));
    CHECK(office.find("opp.no_power").empty());
}

TEST_CASE("a source that tells no roles of contacts is held by the rule that needs them") {
    World world{friday};
    world.team("north").manager("max").rep("ana");
    for (const auto entity : {Entity::opportunity, Entity::call, Entity::stage})
        world.mark_complete(entity, friday);
    world.stage("s").pipeline("p").position(1).closed(false);
    world.stage("t").pipeline("p").position(2).closed(false);
    for (const auto* id : {"a", "b"})
        world.opportunity(id).owner("ana").pipeline("p").stage("t").created(noon(2026y / 9 / 1));
    const auto people = world.people();
    const auto reader = world.reader();
    const checks::CheckOptions options;
    const auto held = checks::evaluate({reader, people, options, friday}, "opp.no_power").held;
    REQUIRE(held.size() == 1);
    CHECK(held[0].reason == "crm tells no roles of contacts");
}
