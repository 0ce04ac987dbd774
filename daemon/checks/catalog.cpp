// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/check.hpp"
#include "daemon/checks/rules.hpp"

#include <algorithm>

namespace nudged::checks {
namespace {

constexpr Check checks[] = {
    {"opp.no_next_step", "An open opportunity has had nothing planned for longer than the grace.",
     "A dated step is planned, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_no_next_step.enabled; },
     opp_no_next_step},
    {"opp.next_step_overdue",
     "Every dated step of an open opportunity is past, the latest for longer than the grace.",
     "The step is done or moved, and one after today exists.",
     [](const CheckOptions& options) { return options.opp_next_step_overdue.enabled; },
     opp_next_step_overdue},
    {"opp.next_step_text_only",
     "A next step is written in the CRM's text field, and nothing is planned.",
     "A task or meeting is planned for it.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_text_only},
    {"opp.next_step_undated",
     "Steps are planned for an open opportunity, none of them with a date.",
     "One of them gets a date.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_undated},
    {"opp.next_step_far", "The next step of an open opportunity lies beyond the horizon.",
     "Something is planned within the horizon.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_far},
    {"opp.next_step_orphan",
     "The next step of an open opportunity belongs to somebody who has left.",
     "Somebody who is there takes it over.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_orphan},
    {"acct.no_next_step",
     "An account in a rep's book has had no step with a future date for longer than the grace.",
     "A dated step is planned for the account, its open opportunities or its contacts.",
     [](const CheckOptions& options) { return options.acct_no_next_step.enabled; },
     acct_no_next_step},
    {"task.overdue", "An open task is past its due day for longer than the grace.",
     "The task is done, moved or dropped.",
     [](const CheckOptions& options) { return options.task_overdue.enabled; }, task_overdue},
    {"opp.past_close", "An opportunity is open after its close date.",
     "It closes, or gets a date to come.",
     [](const CheckOptions& options) { return options.opp_past_close.enabled; }, opp_past_close},
    {"opp.close_pushed",
     "The close date of an open opportunity has moved to a later day repeatedly.",
     "The opportunity closes.",
     [](const CheckOptions& options) { return options.opp_close_pushed.enabled; },
     opp_close_pushed},
    {"opp.idle",
     "An open opportunity has had no touch and no meaningful change, and has no next step.",
     "It is touched, changes stage, date or amount, or gets a next step.",
     [](const CheckOptions& options) { return options.opp_idle.enabled; }, opp_idle},
    {"opp.stalled",
     "An opportunity is in its stage for much longer than deals that went on from there.",
     "It changes stage or closes.",
     [](const CheckOptions& options) { return options.opp_stalled.enabled; }, opp_stalled},
    {"opp.amount_missing", "An opportunity has come to a later stage without an amount above zero.",
     "The amount is filled in.",
     [](const CheckOptions& options) { return options.opp_amount_missing.enabled; },
     opp_amount_missing},
    {"rep.stale_layer",
     "A large share of a person's open opportunities is stalled or idle; stands for all of them.",
     "The share falls to the limit.",
     [](const CheckOptions& options) { return options.rep_stale_layer.enabled; }, rep_stale_layer},
    {"rep.no_data", "No source tells anything at all of reps on the roster.",
     "A CRM user of theirs owns a record.",
     [](const CheckOptions& options) { return options.rep_no_data.enabled; }, rep_no_data},
    {"kpi.attainment",
     "A rep's complete weeks of a KPI are low and flat, declining, improving, or hold one spike.",
     "The weeks amount to something else.",
     [](const CheckOptions& options) { return options.kpi_attainment.enabled; }, kpi_attainment},
};

}  // namespace

std::span<const Check> catalog() {
    return checks;
}

const Check* find_check(std::string_view id) {
    const auto* found = std::find_if(std::begin(checks), std::end(checks),
                                     [&](const Check& check) { return check.id == id; });
    return found == std::end(checks) ? nullptr : found;
}

}  // namespace nudged::checks
