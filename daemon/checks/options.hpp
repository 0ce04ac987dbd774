// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/diagnostics.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
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

/// When absence is proven (sales-practice §4).
struct Freshness {
    std::chrono::minutes max_age{360};
};

/// One KPI of kpis.toml.
struct Kpi {
    std::string name;
    std::string label;
    std::string measure;                    // a rollup's measure: dials, connects, …
    std::string unit = "count";             // or a currency
    std::map<std::string, double> targets;  // per week; by team name, "" for everybody else
    std::string why;                        // mandatory
    std::string question;
    Place place;
};

/// checks.toml and kpis.toml, checked.
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
    int new_owner_grace = 5;        // working days in which a new owner is not asked of old silence
    std::chrono::hours settle{36};  // a week is complete this long after its end
    std::vector<Kpi> kpis;
};

}  // namespace nudged::checks
