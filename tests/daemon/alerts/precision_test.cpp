// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/precision.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using std::chrono::days;
using warehouse::ToldEpisode;

namespace {

/// Told on Monday the 23rd of November; as of 40 days later, when all can be judged.
ToldEpisode told(const std::string& answer = "", const std::string& reason = "",
                 std::optional<Instant> resolved_at = std::nullopt) {
    ToldEpisode episode;
    episode.check = "opp.idle";
    episode.team = "North";
    episode.told_at = monday;
    episode.answer = answer;
    episode.reason = reason;
    if (!answer.empty()) episode.answered_at = monday + days{1};
    episode.resolved_at = resolved_at;
    return episode;
}

alerts::Precision measured(const std::vector<ToldEpisode>& episodes,
                           Instant as_of = monday + days{40}) {
    Desk desk;
    const auto all = alerts::measure_precision(episodes, desk.world.people(), as_of);
    REQUIRE(all.size() == 1);
    return all[0];
}

std::vector<ToldEpisode> times(int count, const ToldEpisode& one) {
    return std::vector<ToldEpisode>(static_cast<std::size_t>(count), one);
}

std::vector<ToldEpisode> with(std::vector<ToldEpisode> all, const std::vector<ToldEpisode>& more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace

TEST_CASE("what was settled or acknowledged within ten working days was acted on") {
    // Ten working days after Monday the 23rd end with Monday the 7th of December.
    const auto monday_after = monday + days{14};
    const auto precision = measured({
        told("", "", monday + days{2}),
        told("", "", monday_after),
        told("", "", monday_after + days{1}),  // too late: ignored
        told("acknowledged"),
        told("dismissed", "known"),
        told("dismissed", "wrong_data"),
        told("disputed"),
        told(),
    });
    CHECK(precision.manager == "max");
    CHECK(precision.told == 8);
    CHECK(precision.acted_on == 3);
    CHECK(precision.dismissed == 1);
    CHECK(precision.wrong_data == 2);
    CHECK(precision.ignored == 2);
    CHECK(precision.open == 0);
    CHECK(precision.share() == 3.0 / 8);
}

TEST_CASE("what was told lately is neither useful nor ignored yet") {
    const auto precision = measured({told()}, monday + days{14});
    CHECK(precision.open == 1);
    CHECK_FALSE(precision.share());
    CHECK(measured({told()}, monday + days{15}).ignored == 1);
}

TEST_CASE(
    "a change is proposed below half of at least twenty, and for wrong data from a fifth on") {
    const auto useful = told("acknowledged");
    const auto noise = told("dismissed", "not_relevant");
    CHECK(alerts::propose_change(measured(with(times(9, useful), times(10, noise)))).empty());
    CHECK(alerts::propose_change(measured(with(times(10, useful), times(10, noise)))).empty());
    const auto proposal =
        alerts::propose_change(measured(with(times(9, useful), times(11, noise))));
    CHECK(proposal.starts_with("opp.idle for North: 9 of 20 were acted on, 11 were dismissed and 0 "
                               "ignored."));
    const auto wrong = told("dismissed", "wrong_data");
    CHECK(alerts::propose_change(measured(with(times(17, useful), times(3, wrong)))).empty());
    CHECK(alerts::propose_change(measured(with(times(16, useful), times(4, wrong))))
              .starts_with("opp.idle for North: 4 of 20 rested on wrong data."));
}

TEST_CASE("what happened to findings is read from their history") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    desk.found("opp.idle", "globex", "ben");
    desk.praise("cleo", "On target for four weeks.");
    desk.apply();
    desk.enqueue(desk.compose());
    // Somebody is at acme, and it is settled: the answer goes with the episode, what happened
    // stays.
    auto& database = desk.world.database();
    const auto acme = warehouse::read_live_findings(database).at(0);
    warehouse::save_answer(database, acme.episode.id,
                           {.kind = warehouse::AnswerKind::acknowledged, .at = monday + days{1}});
    warehouse::note_finding(database, acme.episode.id, warehouse::FindingChange::acknowledged,
                            monday + days{1});
    desk.evaluation.findings.erase(desk.evaluation.findings.begin());
    desk.apply(monday + days{30});
    const auto read = warehouse::read_told_episodes(database, monday - days{1}, monday + days{60});
    REQUIRE(read.size() == 2);
    CHECK(read[0].answer == "acknowledged");
    CHECK(read[0].answered_at == monday + days{1});
    CHECK(read[0].resolved_at == monday + days{30});
    CHECK(read[1].answer.empty());
    CHECK(warehouse::read_told_episodes(database, monday + days{1}, monday + days{60}).empty());
}
