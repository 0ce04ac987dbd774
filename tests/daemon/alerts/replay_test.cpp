// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/replay.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using alerts::Replay;
using warehouse::Severity;

namespace {

/// Days of one team, "north", Monday to Friday in UTC; day 0 is Monday, 2026-11-16.
struct Days {
    alerts::AlertOptions options;
    warehouse::People people;
    std::optional<Replay> replay;
    checks::Departed departed;
    const char* check = "opp.idle";
    int day = 0;

    Days() {
        people.teams.emplace_back();
        people.teams[0].name = "north";
    }

    void next(const std::vector<std::pair<const char*, Severity>>& found,
              const std::vector<checks::Held>& held = {}) {
        if (!replay) replay.emplace(options);
        checks::Evaluation evaluation;
        for (const auto& [id, severity] : found) {
            warehouse::Finding finding;
            finding.check = check;
            finding.owner = ana;
            finding.subject = {"opportunity", "crm", id, "", ""};
            finding.team = "north";
            finding.severity = severity;
            evaluation.findings.push_back(std::move(finding));
        }
        evaluation.held = held;
        evaluation.departed = departed;
        const std::chrono::local_days monday{2026y / 11 / 16};
        const auto today = monday + std::chrono::days{day++};
        replay->advance(evaluation, people, today, Zone::utc().instant(LocalTime{today} + 8h));
    }
    Replay::Tally tally() const { return replay->tallies()[check]; }

    static constexpr warehouse::PersonId ana{7};
};

}  // namespace

TEST_CASE("a finding of a replay is told once, again when it gets worse, and then resolved") {
    Days days;
    days.next({{"Acme", Severity::attention}});
    days.next({{"Acme", Severity::attention}});
    days.next({{"Acme", Severity::high}});
    days.next({});
    const auto tally = days.tally();
    CHECK(tally.opened == 1);
    CHECK(tally.told == 2);
    CHECK(tally.resolved == 1);
    CHECK(tally.gone_untold == 0);
    CHECK(tally.open_at_end == 0);
    // Monday's digest is the weekly one; nothing is new on Tuesday; Wednesday's tells the change.
    const auto& week = days.replay->weeks().at("north").at(*IsoWeek::parse("2026-W47"));
    CHECK(week.messages == 2);
    CHECK(week.items == 2);
}

TEST_CASE("what is gone before the next digest was never told") {
    Days days;
    for (int monday_to_friday = 0; monday_to_friday < 5; ++monday_to_friday) days.next({});
    days.next({{"Acme", Severity::attention}, {"Beta", Severity::attention}});  // Saturday
    days.next({{"Beta", Severity::attention}});
    days.next({{"Beta", Severity::attention}});  // Monday
    const auto tally = days.tally();
    CHECK(tally.opened == 2);
    CHECK(tally.told == 1);
    CHECK(tally.gone_untold == 1);
    CHECK(tally.open_at_end == 1);
}

TEST_CASE("what comes back within the window goes on, and later begins anew") {
    Days days;
    days.options.reopen_days = 2;
    days.next({{"Acme", Severity::attention}});
    days.next({});
    days.next({});
    days.next({{"Acme", Severity::attention}});  // two days after it was resolved
    CHECK(days.tally().reopened == 1);
    CHECK(days.tally().told == 1);
    days.next({});
    days.next({});
    days.next({});
    days.next({{"Acme", Severity::attention}});  // three days
    CHECK(days.tally().opened == 2);
    CHECK(days.tally().told == 2);
}

TEST_CASE("a held check resolves nothing in a replay") {
    Days days;
    days.next({{"Acme", Severity::attention}});
    days.next({}, {{"opp.idle", "crm", "crm is behind"}});
    CHECK(days.tally().resolved == 0);
    CHECK(days.tally().open_at_end == 1);
    CHECK(days.tally().days_held == 1);
    days.next({}, {{"opp.idle", "other", "other is behind"}});
    CHECK(days.tally().resolved == 1);
}

TEST_CASE("whatever is held, a replay lets go of what is about a rep who has left, as alerts do") {
    Days days;
    days.departed[Days::ana] = std::chrono::local_days{2026y / 11 / 17};
    SECTION("their own") {
        days.next({{"Acme", Severity::attention}});
        days.next({}, {{"opp.idle", "crm", "crm is behind"}});
        CHECK(days.tally().resolved == 1);
    }
    SECTION("but not of a customer's trouble") {
        days.check = "esc.open";
        days.next({{"Acme", Severity::attention}});
        days.next({}, {{"esc.open", "crm", "crm is behind"}});
        CHECK(days.tally().open_at_end == 1);
    }
}
