// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/news.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using alerts::News;
using std::chrono::days;
using warehouse::Answer;
using warehouse::AnswerKind;
using warehouse::Severity;

namespace {

/// A finding that has held for a week and was told on Monday the 23rd at 08:00.
warehouse::StoredFinding told() {
    warehouse::StoredFinding stored;
    stored.finding.check = "opp.idle";
    stored.finding.subject = {"opportunity", "crm", "acme", "acme", ""};
    stored.finding.severity = Severity::attention;
    stored.finding.since = monday - days{7};
    stored.finding.amount = Decimal{48'000};
    stored.episode.seen_at = monday;
    stored.episode.notified_at = monday;
    stored.episode.notified_severity = Severity::attention;
    return stored;
}

News decide(const warehouse::StoredFinding& stored, Instant now, int repeat_after = 10) {
    static const Zone utc = Zone::utc();
    static const WorkCalendar calendar;
    return alerts::decide_news(stored, {utc, calendar, repeat_after}, now);
}

Answer answer(AnswerKind kind, const warehouse::StoredFinding& stored,
              std::optional<Instant> until = {}) {
    return {.kind = kind,
            .until = until,
            .facts = facts_of(stored.finding, stored.episode.seen_at),
            .at = monday + std::chrono::hours{2}};
}

}  // namespace

TEST_CASE("what holds is told once, when it becomes worse, and after ten working days") {
    auto stored = told();
    CHECK(decide(stored, monday + days{1}) == News::none);
    // Ten working days after Monday the 23rd is Monday the 7th of December.
    CHECK(decide(stored, monday + days{11}) == News::none);
    CHECK(decide(stored, monday + days{13}) == News::none);
    CHECK(decide(stored, monday + days{14}) == News::repeated);
    CHECK(decide(stored, monday + days{14}, 0) == News::none);
    stored.finding.severity = Severity::high;
    CHECK(decide(stored, monday + days{1}) == News::worsened);
    stored.episode.notified_at.reset();
    stored.episode.notified_severity.reset();
    CHECK(decide(stored, monday + days{1}) == News::first);
}

TEST_CASE("praise is not repeated") {
    auto stored = told();
    stored.finding.is_praise = true;
    CHECK(decide(stored, monday + days{30}) == News::none);
}

TEST_CASE("what somebody is at is told again only when it becomes worse") {
    auto stored = told();
    stored.answer = answer(AnswerKind::acknowledged, stored);
    CHECK(decide(stored, monday + days{60}) == News::none);
    stored.finding.severity = Severity::high;
    CHECK(decide(stored, monday + days{1}) == News::worsened);
}

TEST_CASE("a snooze is silent until its day, and then told once") {
    auto stored = told();
    const auto end = monday + days{3};
    stored.answer = answer(AnswerKind::snoozed, stored, end);
    stored.finding.severity = Severity::high;  // whoever snoozes wants to hear nothing
    CHECK(decide(stored, end - std::chrono::seconds{1}) == News::none);
    CHECK(decide(stored, end) == News::woken);
    stored.episode.notified_at = end + std::chrono::hours{8};
    stored.episode.notified_severity = Severity::high;
    CHECK(decide(stored, end + days{1}) == News::none);
    CHECK(decide(stored, end + days{21}) == News::repeated);
}

TEST_CASE("a snooze until it changes, and a dismissal, end when the facts change") {
    auto stored = told();
    stored.answer = answer(GENERATE(AnswerKind::snoozed, AnswerKind::dismissed), stored);
    stored.finding.summary = "No next step for 20 working days.";  // counts of days are no facts
    CHECK(decide(stored, monday + days{60}) == News::none);
    SECTION("it holds since another day") {
        stored.finding.since = monday - days{2};
        CHECK(decide(stored, monday + days{1}) == News::woken);
    }
    SECTION("more is at stake") {
        stored.finding.amount = Decimal{50'000};
        CHECK(decide(stored, monday + days{1}) == News::woken);
    }
    SECTION("it is somebody else's now") {
        stored.finding.owner = warehouse::PersonId{7};
        CHECK(decide(stored, monday + days{1}) == News::woken);
    }
}

TEST_CASE("what has no beginning that is known stays dismissed from run to run") {
    auto stored = told();
    stored.finding.since = stored.episode.seen_at = monday;
    stored.answer = answer(AnswerKind::dismissed, stored);
    stored.finding.since = stored.episode.seen_at = monday + days{1};
    CHECK(decide(stored, monday + days{1}) == News::none);
}
