// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/velocity.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

/// Deals created on 1 May 2026 that ended after so many days.
void close_deals(Office& office, const std::string& owner, int won, int lost, const char* amount,
                 int cycle) {
    const auto created = day(2026y / 5 / 1);
    for (int i = 0; i < won + lost; ++i) {
        auto& deal = office.world.opportunity(fmt::format("{}-{}-{}", owner, amount, i))
                         .owner(owner)
                         .created(noon(2026y / 5 / 1))
                         .closed_at(noon(2026y / 5 / 1) + std::chrono::days{cycle})
                         .close_date(created + std::chrono::days{cycle})
                         .amount(amount)
                         .currency("EUR");
        if (i < won)
            deal.won();
        else
            deal.lost();
    }
}

std::vector<checks::TeamVelocity> velocities(Office& office, std::string_view team = {}) {
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    auto all = checks::read_velocity(scene, team);
    for (auto& one : all)
        for (auto& rep : one.reps) rep.rep = nullptr;  // ends with the scene
    return all;
}

}  // namespace

TEST_CASE("sales velocity is deals times win rate times value, by the days of a cycle") {
    CHECK(checks::velocity({40, 0.25, 20'000, 60}) == Approx(3333.33).margin(0.005));
}

TEST_CASE("the lever that helps most is the one that is furthest behind the others'") {
    // From 3,333.33: their open deals 1,666.67, their rate 4,000, their value 4,166.67, their cycle
    // 6,666.67.
    const checks::Levers own{40, 0.25, 20'000, 60};
    const auto gain = checks::largest_gain(own, {20, 0.3, 25'000, 30});
    REQUIRE(gain);
    CHECK(gain->lever == checks::Lever::cycle);
    CHECK(gain->velocity == Approx(6666.67).margin(0.005));
    CHECK_FALSE(checks::largest_gain(own, {20, 0.2, 20'000, 90}));
    CHECK_FALSE(checks::largest_gain(own, own));
}

TEST_CASE("each rep's levers stand beside the team's") {
    Office office;
    close_deals(office, "ana", 6, 6, "1000", 30);
    close_deals(office, "bob", 6, 18, "3000", 60);
    for (const auto* id : {"a1", "a2", "a3", "a4"}) office.deal(id);
    for (const auto* id : {"b1", "b2"}) office.deal(id).owner("bob");
    const auto all = velocities(office);
    REQUIRE(all.size() == 1);
    const auto& team = all[0];
    CHECK(team.currency == "EUR");
    CHECK(team.won == 12);
    CHECK(team.closed == 36);
    REQUIRE(team.levers);
    CHECK(team.levers->open == 6);
    CHECK(team.levers->win_rate == Approx(1.0 / 3));
    CHECK(team.levers->value == Approx(2000));
    CHECK(team.levers->cycle == Approx(45));
    REQUIRE(team.reps.size() == 2);
    const auto& ana = team.reps[0];
    CHECK(ana.levers.win_rate == Approx((6 + 20.0 / 3) / 32));
    CHECK(ana.levers.value == Approx(1000));
    CHECK(ana.levers.cycle == Approx(30));
    REQUIRE(ana.gain);
    CHECK(ana.gain->lever == checks::Lever::value);
    CHECK(ana.gain->velocity == Approx(105.556).margin(0.001));
    const auto& bob = team.reps[1];
    REQUIRE(bob.gain);  // three open deals as the others have: 43.18; their cycle: 38.38
    CHECK(bob.gain->lever == checks::Lever::open);
    CHECK(bob.gain->velocity == Approx(43.1818).margin(0.001));
    CHECK(velocities(office, "south").empty());
}

TEST_CASE("whoever has won too little is measured by the team's deals") {
    Office office;
    close_deals(office, "ana", 6, 0, "1000", 30);
    close_deals(office, "bob", 1, 0, "9000", 90);
    office.deal("b").owner("bob");
    const auto team = velocities(office).at(0);
    REQUIRE(team.levers);
    CHECK(team.reps[0].has_own_value);
    CHECK_FALSE(team.reps[1].has_own_value);
    CHECK(team.reps[1].levers.value == Approx(15'000.0 / 7));
    CHECK(team.reps[1].levers.cycle == Approx(30));
}

TEST_CASE("money of another currency is left out and counted, and deals that are not real are") {
    Office office;
    office.stages();
    close_deals(office, "ana", 6, 0, "1000", 30);
    office.world.opportunity("usd")
        .owner("ana")
        .created(noon(2026y / 5 / 1))
        .amount("7")
        .currency("USD")
        .closed_at(noon(2026y / 6 / 1))
        .close_date(day(2026y / 6 / 1))
        .won();
    office.deal("real").pipeline("p").stage("s1").amount("5");
    office.deal("empty").pipeline("p").stage("s1");
    checks::Criterion worth;
    worth.name = "The amount is known";
    worth.is_mandatory = true;
    worth.evidence = checks::Evidence::field;
    worth.field = "amount";
    office.options.criteria = {worth};
    const auto team = velocities(office).at(0);
    CHECK(team.left_out == 1);
    CHECK(team.won == 7);
    REQUIRE(team.levers);
    CHECK(team.levers->value == Approx(1000));
    CHECK(team.levers->open == 1);
}

TEST_CASE("no speed is told of a team that has closed next to nothing") {
    Office office;
    close_deals(office, "ana", 4, 0, "1000", 30);
    const auto team = velocities(office).at(0);
    CHECK_FALSE(team.levers);
    CHECK(team.reps.empty());
    CHECK(team.won == 4);
}
