// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/diagnostics.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/noise.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::checks {

/// How a rule counts days: of the rep's working calendar, or of the wall calendar.
enum class Days { working, calendar };

// One struct a check; the defaults are those of the sales-practice reference §3.

struct NoNextStep {
    bool enabled = true;
    int grace = 2;          // working days without any next step before we ask
    int horizon = 30;       // calendar days ahead within which a next step counts
    int urgent_close = 14;  // severity high when the close date is this near, calendar days
};
struct NextStepOverdue {
    bool enabled = true;
    int grace = 2;
};
struct NextStepOther {  // text only, undated, far, orphan
    bool enabled = true;
    int horizon = 30;
};
struct AccountNoNextStep {
    bool enabled = true;
    int grace = 5;
    int horizon = 200;  // a six-month check-in is a legitimate next step
    std::vector<std::string> ignored_types{"competitor", "partner", "archived", "do_not_contact"};
};
struct TaskOverdue {
    bool enabled = true;
    int grace = 3;
    int high_after = 10;
};
struct PastClose {
    bool enabled = true;
    int grace = 1;
};
struct ClosePushed {
    bool enabled = true;
    int attention_at = 2;  // the n-th push
    int high_at = 3;
};
struct Idle {
    bool enabled = true;
    int after = 10;
    Days days = Days::working;
};
struct Stalled {
    bool enabled = true;
    double multiple = 2.0;  // of the median days in this stage of deals that left it forwards
    int floor = 7;
    int minimum_deals = 20;
    int history_months = 18;
    Days days = Days::working;
    std::vector<std::string> exempt_stages;
};
struct AmountMissing {
    bool enabled = true;
    int from_stage = 3;  // the n-th open stage of its pipeline, counted from 1
};
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

struct SingleThread {
    bool enabled = true;
    int contacts = 2;           // fewer than these have a part or were in touch
    int days = 60;              // calendar days back in which a touch counts
    int from_stage = 2;         // the n-th open stage of its pipeline, counted from 1
    double minimum_amount = 0;  // of the deal; deals without an amount count as below any other
};
struct NoPower {  // in a late stage
    bool enabled = true;
    int days = 30;  // calendar days back in which a touch counts
    std::vector<std::string> roles{"decision maker", "economic buyer", "budget holder",
                                   "executive sponsor", "economic decision maker"};
};
struct Ghosted {
    bool enabled = true;
    int touches = 2;     // outbound, without an answer since
    int after = 7;       // working days since the first of them
    int after_late = 5;  // the same in a late stage
};
struct NoFollowUp {
    bool enabled = true;
    int after = 2;       // working days after the meeting
    int look_back = 30;  // calendar days; what is older is opp.idle's affair
};
struct CommitCold {
    bool enabled = true;
    int days = 14;  // calendar
};
struct CoverageGap {
    bool enabled = true;
    int win_months = 12;    // how far back the win rate looks
    int minimum_deals = 5;  // that the rep's team must have closed in them
};
struct SlowFirstTouch {
    bool enabled = true;
    int minutes = 60;  // of working hours
    int shown = 5;     // working days for which a late first touch is told
};
struct Untouched {
    bool enabled = true;
    int after = 1;  // working days
};
struct EvidenceMissing {
    bool enabled = true;
};

/// What is a lead, and when it is answered: the model has no entity for leads.
struct Leads {
    std::vector<std::string> pipelines;  // of which every open opportunity is one; name or id
    std::vector<std::string> stages;     // in which every open opportunity is one; name or id
    std::chrono::minutes opens{9 * 60};  // of the working day, where the owner lives
    std::chrono::minutes closes{18 * 60};
};

/// What a predicate of a criterion looks at (sales practice §11).
enum class Evidence { contact_role, meeting, field, inbound_touch };

/// One criterion of criteria.toml.
struct Criterion {
    std::string name;
    std::string pipeline;  // name or id; empty: every pipeline
    int from_stage = 1;    // the n-th open stage of the pipeline, counted from 1
    bool is_mandatory = false;
    double weight = 1;
    Evidence evidence{};
    int days = 30;                   // calendar days back, of a meeting or an inbound touch
    std::vector<std::string> roles;  // of a contact role; empty: any
    std::string field;               // of a field
    Place place;
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

// About deals' own data. What happened once (a push, a drop, a move) is told for `told_for` working
// days, so that it stands in a digest or two and then makes room.

struct TaskNoDueDate {
    bool enabled = true;
    int grace = 3;  // working days after its creation
};
struct TaskSnoozed {
    bool enabled = true;
    int times = 3;  // moves of the due day to a later one
};
enum class FiscalPeriod { month, quarter };
struct PeriodPush {
    bool enabled = true;
    FiscalPeriod period = FiscalPeriod::quarter;
    int told_for = 10;
};
struct CloseBulkEdit {
    bool enabled = true;
    int deals = 5;  // of one person, moved to a later day …
    std::chrono::minutes within{60};
    int told_for = 10;
};
struct CloseUnrealistic {
    bool enabled = true;
    double share = 0.5;  // of the median days from this stage to the win
    int minimum_deals = 20;
    int history_months = 18;
};
struct CloseDefault {
    bool enabled = true;
    /// Whose CRM fills in the last day of the month of creation; empty: those read as HubSpot.
    std::vector<std::string> sources;
};
struct NeverMoved {  // the limit itself is that of Stalled
    bool enabled = true;
};
struct StageBack {
    bool enabled = true;
    int told_for = 10;
};
struct StageSkipped {
    bool enabled = true;
    int told_for = 10;
};
struct AmountDrop {
    bool enabled = true;
    double share = 0.1;
    int told_for = 10;
};
struct AmountOutlier {
    bool enabled = true;
    double multiple = 3;  // of the rep's median won amount
    int minimum_deals = 10;
    int history_months = 18;
};
struct FieldsMissing {
    bool enabled = true;
    std::vector<std::string> fields;                         // in every open stage
    std::map<std::string, std::vector<std::string>> stages;  // by a stage's name or id
};
struct NoOwner {
    bool enabled = true;
    int grace = 1;
};
struct OwnerInactive {
    bool enabled = true;
    int grace = 1;
};
struct NewOwnerNoTouch {
    bool enabled = true;
    int within = 5;
};
struct DuplicateOpen {
    bool enabled = true;
    double within = 0.2;  // amounts differ by at most this share of the larger one
};
struct LostNoReason {
    bool enabled = true;
    int grace = 3;
    int told_for = 20;  // working days after the loss
};
struct LostCycleLong {
    bool enabled = true;
    double multiple = 1.5;
    int minimum_deals = 10;  // of each kind
    int history_months = 12;
};

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

/// One KPI of kpis.toml.
struct Kpi {
    std::string name;
    std::string label;
    std::string measure;                       // a rollup's measure: dials, connects, …; or:
    std::optional<KpiRatio> ratio{};           // one by others
    std::string unit = "count";                // or a currency
    std::map<std::string, double> targets;     // per week; by team name, "" for everybody else
    std::vector<DatedTarget> dated_targets{};  // beside those, and before them
    bool lower_is_better = false;              // then nothing is prorated, as of a ratio
    std::string why;                           // mandatory
    std::string question;
    Place place;
};

/// A query as an admin wrote it, and where it stands.
struct SqlText {
    std::string text;
    Place place;
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
    int mass_edit_objects = 50;  // nor is what one user does to more deals than these …
    std::chrono::minutes mass_edit_minutes{10};  // … within this time (sales practice §4)
    std::vector<Override> overrides;             // in the order of the file
};

}  // namespace nudged::checks
