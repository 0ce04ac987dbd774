// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace nudged::checks {

/// How a rule counts days: of the rep's working calendar, or of the wall calendar.
enum class Days { working, calendar };

// One struct a check on records; the defaults are those of the sales-practice reference §3.

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
    /// Whose CRM fills in the last day of the month of creation; empty: none.
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

}  // namespace nudged::checks
