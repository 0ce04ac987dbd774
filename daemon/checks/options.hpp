// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/diagnostics.hpp"
#include "daemon/checks/options_of_people.hpp"
#include "daemon/checks/options_of_records.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/noise.hpp"
#include "daemon/warehouse/own_measures.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::checks {

/// When absence is proven (sales-practice §4).
struct Freshness {
    std::chrono::minutes max_age{360};
};

/// A target in force from a day on; old weeks keep their old one. At most one of `rep`, `role` and
/// `team`, or none: everybody's.
struct DatedTarget {
    std::optional<std::chrono::local_days> from;  // empty: ever since
    double value = 0;                             // per week of five days; of a ratio: itself
    std::string team, role;
    std::string rep;  // an address or a name of teams.toml
    Place place;
};

/// One measure by others: wins by wins and losses.
struct KpiRatio {
    std::string of;
    std::vector<std::string> by;  // summed
};

/// What the months in a role ask for: a share of the target by full months, the last one for good.
struct KpiRole {
    std::string name;
    std::vector<double> ramp;
    Place place;
};

/// What a quota asks for, step by step, from the deal back to the dial (sales practice §9).
struct Funnel {
    double quota = 0;  // of each rep in `weeks`; 0: there is no funnel
    int weeks = 13;
    double deal_size = 0;            // 0: what the team's wins were worth on the average
    std::vector<std::string> steps;  // measures, the wins first, each made from the next one
    int history_weeks = 26;          // over which rates are counted
};

/// A query as an admin wrote it, and where it stands.
struct SqlText {
    std::string text;
    Place place;
};

/// One KPI of kpis.toml: a measure, a ratio, a query or a score, one of them.
struct Kpi {
    std::string name;
    std::string label;
    std::string measure;                       // a rollup's measure: dials, connects, …; or:
    std::optional<KpiRatio> ratio{};           // one by others; or:
    SqlText query{};                           // person_id, week, value (kpi/query_weeks.hpp); or:
    std::map<std::string, double> score{};     // the attainments of other KPIs, by their weight …
    double score_cap = 1;                      // … of each, at most this
    bool is_prorated_query = false;            // a query's target shrinks with the days worked
    std::string unit = "count";                // or a currency
    std::map<std::string, double> targets;     // per week; by team name, "" for everybody else
    std::vector<DatedTarget> dated_targets{};  // beside those, and before them
    bool lower_is_better = false;              // then nothing is prorated, as of a ratio
    std::string why;                           // mandatory
    std::string question;
    Place place;

    bool is_one_measure() const { return !measure.empty(); }
    bool is_query() const { return !query.text.empty(); }
    bool is_score() const { return !score.empty(); }
};

/// One rule of an admin's own: a file of checks.d (sql/sql_check.hpp says what its query gives).
struct SqlCheck {
    std::string name;  // its id is "sql.NAME"
    bool enabled = true;
    warehouse::Severity severity = warehouse::Severity::info;
    std::string meaning;   // one sentence: when it fires
    std::string clears;    // one sentence: when it is resolved
    std::string question;  // what a manager may ask
    SqlText query;
    Place place;

    std::string id() const { return "sql." + name; }
};

/// Which deals an override is for: all that it names must hold.
struct Scope {
    std::string team;      // of the owner
    std::string pipeline;  // name or id
    std::string stage;     // name or id
    std::optional<Decimal> amount_from;
    std::optional<Decimal> amount_below;  // exclusive

    bool is_about_deals() const {
        return !pipeline.empty() || !stage.empty() || amount_from || amount_below;
    }
};

struct CheckOptions;
/// Other settings for some deals. Of several that fit a deal, a later one wins key by key.
struct Override {
    Scope scope;
    std::vector<std::pair<std::string, std::string>> settings;  // "opp.stalled.multiple", "1.5"
    std::function<void(CheckOptions&)> apply;                   // these settings, no others
    Place place;
};

/// checks.toml, kpis.toml, criteria.toml and checks.d, checked.
struct CheckOptions {
    Freshness freshness;
    NoNextStep opp_no_next_step;
    NextStepOverdue opp_next_step_overdue;
    NextStepOther opp_next_step_other;
    AccountNoNextStep acct_no_next_step;
    TaskOverdue task_overdue;
    PastClose opp_past_close;
    ClosePushed opp_close_pushed;
    Idle opp_idle;
    Stalled opp_stalled;
    AmountMissing opp_amount_missing;
    StaleLayer rep_stale_layer;
    NoData rep_no_data;
    KpiAttainment kpi_attainment;
    EscalationOpen esc_open;
    EscalationNoReview esc_no_review;
    OneOnOneGap cadence_one_on_one;
    SameSkill coach_same_skill;
    PlanCheckpointDue plan_checkpoint;
    CommitKept commit_kept;
    CommitPartly commit_partly;
    CommitMissed commit_missed;
    CommitMissedTwice commit_missed_twice;
    CommitMoved commit_moved;
    Coaching coaching;
    KpiBaseline kpi_baseline;
    KpiUnusualWeek kpi_unusual_week;
    KpiDrift kpi_drift;
    KpiTeamWeek kpi_team_week;
    std::vector<double> ramp{0, 0.25, 0.5, 0.75, 1};  // of whoever has no role with its own
    std::vector<KpiRole> roles;
    Funnel funnel;
    int new_owner_grace = 5;        // working days in which a new owner is not asked of old silence
    std::chrono::hours settle{36};  // a week is complete this long after its end
    warehouse::MeasureList measures;  // those that ship, and [[measure]] of kpis.toml
    std::vector<Kpi> kpis;
    SingleThread opp_single_thread;
    NoPower opp_no_power;
    Ghosted opp_ghosted;
    NoFollowUp mtg_no_follow_up;
    CommitCold opp_commit_cold;
    EvidenceMissing opp_evidence_missing;
    CoverageGap rep_coverage_gap;
    SlowFirstTouch lead_slow_first_touch;
    Untouched lead_untouched;
    Leads leads;
    warehouse::Noise noise;      // but for integration_users
    int fiscal_year_starts = 1;  // the month, 1 to 12
    std::vector<std::string>
        integration_users;            // "source/user id": nothing of theirs is a sign of life
    std::vector<Criterion> criteria;  // criteria.toml
    std::vector<Quota> quotas;        // kpis.toml
    std::vector<SqlCheck> sql_checks;
    TaskNoDueDate task_no_due_date;
    TaskSnoozed task_snoozed;
    PeriodPush opp_period_push;
    CloseBulkEdit opp_close_bulk_edit;
    CloseUnrealistic opp_close_unrealistic;
    CloseDefault opp_close_default;
    NeverMoved opp_never_moved;
    StageBack opp_stage_back;
    StageSkipped opp_stage_skipped;
    AmountDrop opp_amount_drop;
    AmountOutlier opp_amount_outlier;
    FieldsMissing opp_fields_missing;
    NoOwner opp_no_owner;
    OwnerInactive opp_owner_inactive;
    NewOwnerNoTouch opp_new_owner_no_touch;
    DuplicateOpen opp_duplicate_open;
    LostNoReason opp_lost_no_reason;
    LostCycleLong rep_lost_cycle_long;
    OwnerInactive rep_left_accounts;
    int mass_edit_objects = 50;  // nor is what one user does to more deals than these …
    std::chrono::minutes mass_edit_minutes{10};  // … within this time (sales practice §4)
    /// A deal is a renewal if its type has one of these words in it, letter case aside. Nothing is
    /// asked of it before so many days to its close date.
    std::vector<std::string> renewal_types{"renewal"};
    int renewal_lead = 90;            // calendar days (sales practice §4)
    std::vector<Override> overrides;  // in the order of the file
};

}  // namespace nudged::checks
