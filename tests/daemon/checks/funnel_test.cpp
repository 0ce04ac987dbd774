// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/funnel.hpp"

#include "connectors/base/failure.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

TEST_CASE("fourteen deals a month ask for as many calls as the published funnel says") {
    // mysalesprocess.com, "Sales Math: Reverse Engineering Your Funnel".
    const std::vector<double> rates{0.40, 0.50, 0.35, 0.10};
    const auto needed = checks::steps_back(14, rates);
    const std::vector<double> published{14, 35, 70, 200, 2000};
    REQUIRE(needed.size() == published.size());
    for (std::size_t i = 0; i < needed.size(); ++i) CHECK(needed[i] == Approx(published[i]));
}

TEST_CASE("a quota of 260,000 is ninety dials a week") {
    // Sales practice §9: deals of 20,000 in 13 weeks.
    const std::vector<double> rates{1.0 / 3, 0.5, 1.0 / 3, 0.2};
    const auto needed = checks::steps_back(260'000.0 / 20'000, rates);
    const std::vector<double> expected{13, 39, 78, 234, 1170};
    for (std::size_t i = 0; i < needed.size(); ++i) CHECK(needed[i] == Approx(expected[i]));
    CHECK(needed.back() / 13 == Approx(90));
    // At an own win rate of a quarter.
    const auto own = checks::steps_back(13, std::vector<double>{0.25, 0.5, 1.0 / 3, 0.2});
    CHECK(own.back() / 13 == Approx(120));
    // Forty dials a week, forwards.
    const auto reached = checks::steps_forward(520, rates);
    CHECK(reached[3] == Approx(104));
    CHECK(reached[2] == Approx(34.7).margin(0.05));
    CHECK(reached[1] == Approx(17.3).margin(0.05));
    CHECK(reached[0] == Approx(5.8).margin(0.05));
}

TEST_CASE("a step that never became the next one asks for endlessly many") {
    CHECK(std::isinf(checks::steps_back(3, std::vector<double>{0}).back()));
}

TEST_CASE("a rep's own rates are drawn towards the team's, and both ways stand side by side") {
    Office office;
    office.options.funnel = {.quota = 100,
                             .weeks = 10,
                             .deal_size = 10,
                             .steps = {"connects", "dials"},
                             .history_weeks = 8};
    int number = 0;
    const auto calls = [&](std::string_view rep, int dials, int connects) {
        for (int i = 0; i < dials; ++i)
            office.world.call("c" + std::to_string(++number))
                .owner(rep)
                .at(noon(2026y / 11 / 4))
                .direction("outbound")
                .outcome(i < connects ? "connected" : "no_answer");
    };
    calls("ana", 10, 3);
    calls("bob", 30, 7);  // the team: 10 of 40
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    const auto chain = checks::read_funnel(scene, people.reps.at(0));
    CHECK(chain.deals == 10);
    REQUIRE(chain.rates.size() == 1);
    CHECK(chain.rates[0].team == 0.25);
    CHECK(chain.rates[0].own == Approx(0.2667).margin(5e-5));  // 8 of 30
    CHECK(chain.team.back() == 40);
    CHECK(chain.own.back() == Approx(37.5));
    CHECK(chain.weekly(chain.team.back()) == 4);
}

TEST_CASE("without a quota there is no funnel") {
    Office office;
    office.dials(90);
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    CHECK_THROWS_AS(checks::read_funnel(scene, people.reps.at(0)), Failure);
}
