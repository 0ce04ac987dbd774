// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/hygiene/next_step_state.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace nudged::checks;
using namespace std::chrono_literals;
using std::chrono::days;

TEST_CASE("the state of a next step follows from what is planned and what is written") {
    const std::chrono::local_days today{2026y / 11 / 20};
    const StepCandidate yesterday{today - days{1}};
    const StepCandidate last_week{today - days{7}};
    const StepCandidate now{today};
    const StepCandidate tomorrow{today + days{1}};
    const StepCandidate at_the_horizon{today + days{30}};
    const StepCandidate beyond{today + days{31}};
    const StepCandidate undated{std::nullopt};
    const StepCandidate of_a_leaver{today + days{1}, false};
    struct Case {
        const char* name;
        std::vector<StepCandidate> candidates;
        const char* text;
        NextStep state;
        std::optional<std::size_t> decided_by;
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"nothing", {}, "", NextStep::none, {}},
        {"a placeholder is nothing", {}, " TBD ", NextStep::none, {}},
        {"only words", {}, "call the buyer", NextStep::text_only, {}},
        {"an activity counts before words", {yesterday}, "call the buyer", NextStep::overdue, 0},
        {"tomorrow", {tomorrow}, "", NextStep::ok, 0},
        {"the last day of the horizon", {at_the_horizon}, "", NextStep::ok, 0},
        {"a day beyond the horizon", {beyond}, "", NextStep::far, 0},
        {"today", {now}, "", NextStep::due, 0},
        {"today and tomorrow", {now, tomorrow}, "", NextStep::ok, 1},
        {"past ones only: the latest tells", {last_week, yesterday}, "", NextStep::overdue, 1},
        {"past and undated", {undated, yesterday}, "", NextStep::overdue, 1},
        {"past and today", {yesterday, now}, "", NextStep::due, 1},
        {"past and tomorrow", {yesterday, tomorrow}, "", NextStep::ok, 1},
        {"past and far", {yesterday, beyond}, "", NextStep::far, 1},
        {"undated only", {undated}, "", NextStep::undated, 0},
        {"tomorrow, by somebody who left", {of_a_leaver}, "", NextStep::orphan, 0},
        {"a leaver's beside one's own", {of_a_leaver, tomorrow}, "", NextStep::ok, 1},
        {"the next of several", {at_the_horizon, tomorrow}, "", NextStep::ok, 1},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto decided = decide_next_step(c.candidates, c.text, today, 30);
        CHECK(to_string(decided.state) == to_string(c.state));
        CHECK(decided.decided_by == c.decided_by);
    }
}

TEST_CASE("a check-in in six months is a next step of an account") {
    const std::chrono::local_days today{2026y / 11 / 20};
    const std::vector<StepCandidate> six_months{{today + days{183}}};
    CHECK(is_covered(decide_next_step(six_months, "", today, 200).state));
    CHECK_FALSE(is_covered(decide_next_step(six_months, "", today, 30).state));
}
