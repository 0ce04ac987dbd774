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
    {"opp.single_thread",
     "Fewer contacts than the least have a part in a deal from stage 2 on, or were in touch.",
     "Another contact has a part or is in touch, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_single_thread.enabled; },
     opp_single_thread, "The contacts, touches that name nobody, the deal.",
     "Of a meeting with several guests many CRMs tell one; a part on record counts like a touch."},
    {"opp.no_power",
     "In a late stage nobody with a part in the decision has been in touch for a month.",
     "Somebody who decides has a part and is in touch, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_no_power.enabled; }, opp_no_power,
     "Who decides, every contact with their role, the deal.",
     "Roles that the list of options does not name; a touch that names nobody may be theirs and "
     "keeps it quiet."},
    {"opp.ghosted",
     "We have called or written twice or more, and the customer has not answered for days.",
     "The customer answers, a meeting is planned, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_ghosted.enabled; }, opp_ghosted,
     "Up to five of the touches, the deal.",
     "Answers outside the CRM. Mass mail and automatic answers are neither touches nor answers, a "
     "thread counts once a day, and what may be an answer is taken for one."},
    {"mtg.no_follow_up", "After a meeting there was no touch, and there is no next step.",
     "A touch, a finished task or a next step.",
     [](const CheckOptions& options) { return options.mtg_no_follow_up.enabled; }, mtg_no_follow_up,
     "The meeting, the last touches, how the next step stands.",
     "Minutes sent past the CRM; a task that was finished since keeps it quiet."},
    {"opp.commit_cold",
     "A deal in the forecast as commit has had no change and no word of the customer.",
     "It changes stage, date or amount, the customer is heard, or it leaves the forecast.",
     [](const CheckOptions& options) { return options.opp_commit_cold.enabled; }, opp_commit_cold,
     "The last change, the last word of the customer, the deal.",
     "A customer who only has to sign. Held where nobody could have seen a change."},
    {"opp.evidence_missing", "A mandatory criterion of the deal's stage is not met.",
     "Every mandatory criterion is met, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_evidence_missing.enabled; },
     opp_evidence_missing, "Each criterion that is not met, where it was looked, the deal.",
     "Evidence that lies outside the CRM; a criterion that a source cannot show is held."},
    {"rep.coverage_gap",
     "Real pipeline to close in the quarter is less than what is left of the quota by the win "
     "rate.",
     "The pipeline suffices, the quota is reached, or the quarter ends.",
     [](const CheckOptions& options) { return options.rep_coverage_gap.enabled; }, rep_coverage_gap,
     "Quota, won, left, open and real pipeline, win rate, what is needed.",
     "Deals that are made and won within the quarter; a win rate of few deals is drawn to the "
     "team's."},
    {"lead.slow_first_touch", "A lead waited for its first call or e-mail longer than the aim.",
     "A first touch lies back some days, or the lead closes.",
     [](const CheckOptions& options) { return options.lead_slow_first_touch.enabled; },
     lead_slow_first_touch, "When it came in, the first touch, the owner's median.",
     "Touches that are logged late; only minutes of working hours count, of the owner's days."},
    {"lead.untouched", "A lead has had no call, meeting or e-mail from us at all.",
     "It is touched or closes.",
     [](const CheckOptions& options) { return options.lead_untouched.enabled; }, lead_untouched,
     "When it came in, the deal.", "Touches on another record; time off does not count."},
    {"esc.open", "An escalation is open and has had no update for longer than a working day.",
     "It gets an update, or closes with its outcome.",
     [](const CheckOptions& options) { return options.esc_open.enabled; }, esc_open,
     "When it was opened, its last update, its next step and who handles it.",
     "What was said by telephone and not noted: any update quiets it. Days on which the team does "
     "not work are not counted."},
    {"esc.no_review", "An escalation was closed days ago, and nobody has noted what was learnt.",
     "Its review is noted.",
     [](const CheckOptions& options) { return options.esc_no_review.enabled; }, esc_no_review,
     "When it was closed, and who handled it.",
     "A review that was held and not noted: one sentence with `nudged escalation review` will do."},
    {"cadence.one_on_one",
     "The last 1:1 with a rep lies further back than one and a half times the team's cadence.",
     "A 1:1 with the rep is noted.",
     [](const CheckOptions& options) { return options.cadence_one_on_one.enabled; },
     cadence_one_on_one, "The day of the last 1:1 that is noted.",
     "Talks that are held and not noted. Silent where no 1:1 is noted at all, while the rep or the "
     "manager is away, and for days off of the rep."},
    {"coach.same_skill",
     "A manager has joined several calls of one rep for the same skill within a few weeks.",
     "The calls lie further back than the weeks looked at.",
     [](const CheckOptions& options) { return options.coach_same_skill.enabled; }, coach_same_skill,
     "How many calls, and the last of them; the skill is said in the notes alone.",
     "A skill that two people call by two names is not seen as one; a plan that was agreed so is "
     "no reason to stop."},
    {"plan.checkpoint", "A checkpoint of a rep's plan, or its end, is due and was not looked at.",
     "`nudged plan check` has noted what the goals stand at.",
     [](const CheckOptions& options) { return options.plan_checkpoint.enabled; }, plan_checkpoint,
     "The plan's goals, from where to where.",
     "The weeks before the checkpoint may not be complete yet: then the command says so."},
    {"commit.kept", "A rep reached what was agreed for a week.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_kept.enabled; }, commit_kept},
    {"commit.partly", "A rep came part of the way to what was agreed for a week.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_partly.enabled; }, commit_partly},
    {"commit.missed", "A week came to no more than the rep started from.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_missed.enabled; }, commit_missed},
    {"commit.missed_twice",
     "Two agreements of a rep and KPI running came to no more than the rep started from.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_missed_twice.enabled; },
     commit_missed_twice},
    {"commit.moved", "An agreement went to the next usable week, as the rep was away in its own.",
     "That week has come.",
     [](const CheckOptions& options) { return options.commit_moved.enabled; }, commit_moved},
    {"kpi.unusual_week",
     "A rep's last complete week of a KPI is lower, or higher, than luck explains.",
     "The next week is complete.",
     [](const CheckOptions& options) { return options.kpi_unusual_week.enabled; },
     kpi_unusual_week},
    {"kpi.drift", "A KPI of a rep has stayed below what was usual over several weeks.",
     "The next week is complete.",
     [](const CheckOptions& options) { return options.kpi_drift.enabled; }, kpi_drift},
    {"kpi.team_week", "The last complete week of a KPI was low for a whole team.",
     "The next week is complete.",
     [](const CheckOptions& options) { return options.kpi_team_week.enabled; }, kpi_team_week},
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

std::vector<std::string> check_ids(const CheckOptions& options) {
    std::vector<std::string> ids;
    for (const auto& check : checks) ids.emplace_back(check.id);
    for (const auto& check : options.sql_checks) ids.push_back(check.id());
    return ids;
}

std::optional<CheckText> describe_check(const CheckOptions& options, std::string_view id) {
    if (const auto* check = find_check(id))
        return CheckText{std::string{check->meaning}, std::string{check->clears},
                         check->is_enabled(options)};
    for (const auto& check : options.sql_checks)
        if (check.id() == id) return CheckText{check.meaning, check.clears, check.enabled};
    return std::nullopt;
}

}  // namespace nudged::checks
