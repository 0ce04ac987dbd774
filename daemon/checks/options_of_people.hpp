// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"

#include <string>
#include <vector>

namespace nudged::checks {

// One struct a check on people; the defaults are those of the sales-practice reference.

struct StaleLayer {
    bool enabled = true;
    double share = 0.3;
    int minimum_opportunities = 10;
};
struct NoData {
    bool enabled = true;
};
struct KpiAttainment {
    bool enabled = true;
    double low = 0.8;        // attainment under which a week is low
    int weeks_in_a_row = 3;  // low weeks, complete and usable, before we ask
};
struct EscalationOpen {
    bool enabled = true;
    int after = 1;  // working days without an update before we ask
};
struct EscalationNoReview {
    bool enabled = true;
    int after = 5;  // working days after closing
};
struct OneOnOneGap {
    bool enabled = true;
    double multiple = 1.5;  // of the team's cadence
};
struct SameSkill {
    bool enabled = true;
    int times = 3;
    int weeks = 4;
};
struct PlanCheckpointDue {
    bool enabled = true;
};
struct CoverageGap {
    bool enabled = true;
    int win_months = 12;    // how far back the win rate looks
    int minimum_deals = 5;  // that the rep's team must have closed in them
};
struct LostCycleLong {
    bool enabled = true;
    double multiple = 1.5;
    int minimum_deals = 10;  // of each kind
    int history_months = 12;
};

/// What a rep is to win in a fiscal quarter; one entry of kpis.toml. An entry for the rep comes
/// before one for the team, which comes before one for everybody, and of each one that names the
/// quarter before one that does not.
struct Quota {
    std::string rep;      // e-mail address; or:
    std::string team;     // each rep of it; neither: everybody
    std::string quarter;  // "2027-Q1", fiscal; empty: every quarter
    double amount = 0;
    std::string currency;
    Place place;
};

// Commitments (sales practice §7).
struct CommitKept {
    bool enabled = true;
    int told_for = 10;  // working days after the week, unless the next verdict comes first
};
struct CommitPartly {
    bool enabled = true;
    int told_for = 10;
};
struct CommitMissed {
    bool enabled = true;
    int told_for = 10;
};
struct CommitMissedTwice {
    bool enabled = true;
    int told_for = 10;
};
struct CommitMoved {
    bool enabled = true;
};

/// How a rung follows another: by a fifth of the way, or by ten points of the target.
enum class LadderMode { steps, percent };

/// What is agreed with reps, and how it is proposed.
struct Coaching {
    LadderMode ladder = LadderMode::steps;
};

/// What a week of a KPI is compared with (sales practice §8.2).
struct KpiBaseline {
    int weeks = 8;    // usable ones before the week that is judged
    int minimum = 6;  // with fewer it is still learned
};
struct KpiUnusualWeek {
    bool enabled = true;
    double chance = 0.01;         // a week is unusual when luck brings it about less often
    double least_change = 0.25;   // of what is usual
    double least_difference = 5;  // counts
    double false_share = 0.10;    // of what one manager is told of, at most so much is luck
    double team_chance = 0.05;    // likelier than this, given the team's week: it was everybody's
    double too_few = 4;           // a week: below this four weeks together are judged
    int cool_down = 3;            // weeks in which the same is not told again
    int most_kpis = 5;            // the first ones of kpis.toml: more tests, more luck
};
struct KpiDrift {
    bool enabled = true;
    double slack = 0.5;        // of a standard deviation a week, forgotten
    double limit = 4;          // standard deviations, summed up
    double least_fall = 0.15;  // of what is usual
};
struct KpiTeamWeek {
    bool enabled = true;
    double chance = 0.005;
    double least_change = 0.15;  // of what is usual
};

}  // namespace nudged::checks
