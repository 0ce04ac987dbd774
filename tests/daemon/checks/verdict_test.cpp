// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/verdict.hpp"

#include "daemon/checks/coaching/ladder.hpp"
#include "daemon/checks/kpi/trend.hpp"

#include <catch2/catch.hpp>

using namespace nudged::checks;
using Status = VerdictStatus;
using Numbers = std::vector<double>;

TEST_CASE("a commitment of 40 to 50 comes to what the worked table of §7 says") {
    struct Case {
        const char* name;
        double value;
        double days;
        Status status;
        std::optional<double> progress;
    };
    // Sales practice §7: g = (x - b')/(t' - b'), b' and t' by the days worked.
    const auto c = GENERATE(values<Case>({
        {"55 in 5 days", 55, 5, Status::exceeded, 1.5},
        {"52 in 5 days", 52, 5, Status::met, 1.2},
        {"50 in 5 days", 50, 5, Status::met, 1.0},
        {"46 in 5 days", 46, 5, Status::partly, 0.6},
        {"43 in 5 days", 43, 5, Status::some, 0.3},
        {"38 in 5 days", 38, 5, Status::missed, -0.2},
        {"41 in 4 days, of 40 from 32", 41, 4, Status::met, 1.125},
        {"12 in 1 day", 12, 1, Status::excused, std::nullopt},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto verdict = decide_verdict({40, 50}, {.value = c.value, .working_days = c.days});
        CHECK(verdict.status == c.status);
        REQUIRE(verdict.progress.has_value() == c.progress.has_value());
        if (c.progress) CHECK(*verdict.progress == Approx(*c.progress));
    }
}

TEST_CASE("the borders of a verdict are on the rep's side, binary fractions or not") {
    const auto status = [](Promise promise, double value) {
        return decide_verdict(promise, {.value = value, .working_days = 5}).status;
    };
    CHECK(1.1 * 50 > 55);  // in binary
    CHECK(status({40, 50}, 55) == Status::exceeded);
    CHECK(status({40, 50}, 54) == Status::met);
    CHECK(status({40, 50}, 45) == Status::partly);  // half of the way
    CHECK(status({40, 50}, 44) == Status::some);
    CHECK(status({40, 50}, 40) == Status::missed);  // where it began
    // In 3 days 50 are 30 and 40 are 24.
    CHECK(decide_verdict({40, 50}, {.value = 30, .working_days = 3}).status == Status::met);
    CHECK(decide_verdict({40, 50}, {.value = 29, .working_days = 3}).status == Status::partly);
}

TEST_CASE("a hold is met or missed, without progress") {
    for (const double from : {50.0, 60.0}) {
        CHECK(Promise{from, 50}.is_hold());
        const auto met = decide_verdict({from, 50}, {.value = 70, .working_days = 5});
        CHECK(met.status == Status::met);
        CHECK_FALSE(met.progress);
        CHECK(decide_verdict({from, 50}, {.value = 49, .working_days = 5}).status ==
              Status::missed);
    }
}

TEST_CASE("what is not proven is not judged, and what is not complete is pending") {
    CHECK(decide_verdict({40, 50}, {.value = 52, .working_days = 5, .is_proven = false}).status ==
          Status::unverifiable);
    CHECK(decide_verdict({40, 50}, {.value = std::nullopt, .working_days = 5}).status ==
          Status::unverifiable);
    const auto open =
        decide_verdict({40, 50}, {.value = 52, .working_days = 5, .is_complete = false});
    CHECK(open.status == Status::pending);
    CHECK(is_reached(open));
    // Days off are known without any source.
    CHECK(decide_verdict({40, 50}, {.value = std::nullopt, .working_days = 1.5, .is_proven = false})
              .status == Status::excused);
}

TEST_CASE("the better of two verdicts is the one nearer to what was agreed") {
    CHECK(is_better(Status::exceeded, Status::met));
    CHECK(is_better(Status::met, Status::partly));
    CHECK(is_better(Status::some, Status::missed));
    CHECK_FALSE(is_better(Status::met, Status::exceeded));
    CHECK_FALSE(is_better(Status::met, Status::met));
}

TEST_CASE("streaks count what was kept and what was missed, past weeks that say nothing") {
    const auto streak = [](std::vector<Status> verdicts) { return count_streak(verdicts); };
    CHECK(streak({}).kept == 0);
    CHECK(streak({Status::met, Status::excused, Status::exceeded, Status::unverifiable}).kept == 2);
    CHECK(streak({Status::met, Status::met, Status::partly}).kept == 0);
    CHECK(streak({Status::missed, Status::excused, Status::missed}).missed == 2);
    CHECK(streak({Status::missed, Status::some, Status::missed}).missed == 1);
    for (const int kept : {1, 2, 3, 4, 5, 7, 8, 9, 16})
        CHECK(Streak{.kept = kept}.is_milestone() == (kept == 2 || kept == 4 || kept == 8));
}

TEST_CASE("the ladder from 40 towards 90 has the rungs 50, 60, 70, 80, 90") {
    // Step = max(1, round(0.2 * (90 - 40))) = 10.
    CHECK(ladder_step(40, 90, LadderMode::steps) == 10);
    const auto first = propose_rung({}, 40, 90, LadderMode::steps);
    CHECK(first.kind == Proposal::Kind::first);
    CHECK(first.from == 40);
    CHECK(first.rungs == Numbers{50, 60, 70, 80, 90});
}

TEST_CASE("in percent of a target of 90 the ladder from 36 goes on to 45 and 54") {
    const auto first = propose_rung({}, 36, 90, LadderMode::percent);
    CHECK(first.rungs == Numbers{45, 54, 63, 72, 81, 90});
}

TEST_CASE("the whole way in one week is never proposed") {
    // From 85 ten percent of 90 would be beyond the target: half of the way, 2.5, is 88.
    CHECK(propose_rung({}, 85, 90, LadderMode::percent).to == 88);
    for (const auto mode : {LadderMode::steps, LadderMode::percent})
        for (int usual = 0; usual <= 88; ++usual) {
            const auto proposal = propose_rung({}, usual, 90, mode);
            CAPTURE(usual);
            CHECK(proposal.to > usual);
            CHECK(proposal.to < 90);
        }
    CHECK(propose_rung({}, 95, 90, LadderMode::steps).kind == Proposal::Kind::reached);
}

TEST_CASE("the next rung follows from what came of the last ones") {
    using Kind = Proposal::Kind;
    struct Case {
        const char* name;
        std::vector<Rung> past;
        Kind kind;
        double to;
    };
    const auto c = GENERATE(values<Case>({
        {"kept", {{{40, 50}, Status::met}}, Kind::next, 60},
        {"the step stays that of the beginning",
         {{{40, 50}, Status::met}, {{50, 60}, Status::exceeded}},
         Kind::next,
         70},
        {"partly: the same again", {{{40, 50}, Status::partly}}, Kind::again, 50},
        {"some: the same again", {{{40, 50}, Status::some}}, Kind::again, 50},
        {"missed once: the same again", {{{40, 50}, Status::missed}}, Kind::again, 50},
        {"missed twice: half a step",
         {{{40, 50}, Status::missed}, {{40, 50}, Status::missed}},
         Kind::half,
         45},
        {"half a step kept: back on the ladder",
         {{{40, 50}, Status::missed}, {{40, 50}, Status::missed}, {{40, 45}, Status::met}},
         Kind::next,
         50},
        {"the last step is cut at the target", {{{40, 85}, Status::met}}, Kind::next, 90},
        {"the target itself was kept", {{{40, 90}, Status::met}}, Kind::reached, 90},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto proposal = propose_rung(c.past, 40, 90, LadderMode::steps);
        CHECK(proposal.kind == c.kind);
        CHECK(proposal.to == c.to);
    }
}

TEST_CASE("three commitments kept running make a trend improving") {
    Trend trend;
    trend.kind = TrendClass::low_flat;
    CHECK(with_kept_commitments(trend, 2).kind == TrendClass::low_flat);
    CHECK(with_kept_commitments(trend, 3).kind == TrendClass::improving);
    CHECK(with_kept_commitments(trend, 3).by_commitments);
    for (const auto kind : {TrendClass::learning, TrendClass::on_target}) {
        trend.kind = kind;
        CHECK(with_kept_commitments(trend, 8).kind == kind);
    }
}
