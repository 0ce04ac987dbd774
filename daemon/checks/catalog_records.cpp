// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/check.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"

namespace nudged::checks {
namespace {

constexpr Check checks[] = {
    {"opp.no_next_step",
     "An open opportunity has had nothing planned for longer than the grace: since its last "
     "touch, the end of its last task, its change of owner or its creation. Attention; high when "
     "it is expected to close soon.",
     "A dated step is planned, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_no_next_step.enabled; }, opp_no_next_step,
     "last call, last meeting, owner, stage, close date, amount, account",
     "Steps that are kept outside the CRM. Held while tasks or meetings are not proven to be "
     "complete; a new owner is given time.",
     next_step_feed},
    {"opp.next_step_overdue",
     "Every dated step of an open opportunity is past, the latest for longer than the grace. "
     "Attention.",
     "The step is done or moved, and one after today exists.",
     [](const CheckOptions& options) { return options.opp_next_step_overdue.enabled; },
     opp_next_step_overdue,
     "the step and whose it is, its due day, stage, close date, amount, account",
     "Steps that were done and not ticked off. Held while tasks are behind; a new owner is given "
     "time.",
     next_step_feed},
    {"opp.next_step_text_only",
     "A next step is written in the CRM's text field, and nothing is planned: nothing will "
     "remind anybody of it. Info.",
     "A task or meeting is planned for it.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_text_only, "the text, stage, close date, amount, account",
     "Texts that were never cleared. What people type when they have nothing to say, such as tbd "
     "or n/a, counts as no text.",
     next_step_feed},
    {"opp.next_step_undated",
     "Steps are planned for an open opportunity, none of them with a date. Info.",
     "One of them gets a date.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_undated, "the step and whose it is, stage, close date, amount, account",
     "CRMs in which a task's day stands in a field that is not mapped to due_on or due_at.",
     next_step_feed},
    {"opp.next_step_far", "The next step of an open opportunity lies beyond the horizon. Info.",
     "Something is planned within the horizon.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_far, "the step and whose it is, its due day, stage, close date, amount, account",
     "Customers who asked for a call next spring: give their stage another horizon by an "
     "[[override]].",
     next_step_feed},
    {"opp.next_step_orphan",
     "The next step of an open opportunity belongs to somebody who has left: the user is "
     "inactive in the CRM, or out of the team. Attention.",
     "Somebody who is there takes it over.",
     [](const CheckOptions& options) { return options.opp_next_step_other.enabled; },
     opp_next_step_orphan,
     "the step and whose it is, its due day, stage, close date, amount, account",
     "Users whom the CRM does not tell are taken to be there.", next_step_feed},
    {"acct.no_next_step",
     "An account in a rep's book has had no step with a future date for longer than the grace: "
     "none for itself, its open opportunities or its contacts. Attention, one finding an "
     "account; digests group them per rep.",
     "A dated step is planned for the account, its open opportunities or its contacts.",
     [](const CheckOptions& options) { return options.acct_no_next_step.enabled; },
     acct_no_next_step, "last call, last meeting, number of open opportunities, the step",
     "Accounts that nobody is meant to look after: name their types in ignored_types. Only "
     "accounts of reps on the roster are looked at.",
     next_step_feed},
    {"task.overdue",
     "An open task is past its due day for longer than the grace, in its own owner's calendar. "
     "Info; high once it is late enough.",
     "The task is done, moved or dropped.",
     [](const CheckOptions& options) { return options.task_overdue.enabled; }, task_overdue,
     "due day, the opportunity that it belongs to",
     "Tasks that were done and not ticked off. Masters of a series are never looked at."},
    {"opp.past_close",
     "An opportunity is open after its close date. Attention; high in the forecast category "
     "commit.",
     "It closes, or gets a date to come.",
     [](const CheckOptions& options) { return options.opp_past_close.enabled; }, opp_past_close,
     "stage, close date, amount, account, how often the date was moved later, forecast category",
     "Deals that were won and not yet marked so. A new owner is given time."},
    {"opp.close_pushed",
     "The close date of an open opportunity has moved to a later day repeatedly, counted over "
     "its life. Attention at the second time, high from the third.",
     "The opportunity closes.",
     [](const CheckOptions& options) { return options.opp_close_pushed.enabled; }, opp_close_pushed,
     "each move, when and by whom; stage, close date, amount, account",
     "Moves of integrations and mass edits, and the new date of a deal that was opened again, do "
     "not count. Moves from before the history begins are not known.",
     nullptr, true},
    {"opp.idle",
     "An open opportunity has had no touch and no meaningful change (stage, close date, amount) "
     "for so many days, and its next step is not covered. A call or meeting of the account that "
     "names no other opportunity counts as a touch. Attention.",
     "It is touched, changes stage, date or amount, or gets a next step.",
     [](const CheckOptions& options) { return options.opp_idle.enabled; }, opp_idle,
     "last call, last meeting, last change, state of the next step, stage, close date, amount, "
     "account",
     "Work that is not logged. Edits of integrations and mass edits are no signs of life; the "
     "clock of a new owner begins with them; held while activities are not proven to be "
     "complete.",
     idle_feed},
    {"opp.stalled",
     "An opportunity is in its stage for longer than the limit: a multiple of the median time of "
     "deals that went on from there, and never under the floor. With too little history a third "
     "of the won cycle stands in, then a number of days by the stage's place. Attention.",
     "It changes stage or closes.",
     [](const CheckOptions& options) { return options.opp_stalled.enabled; }, opp_stalled,
     "in stage since, the limit and what it rests on, stage, close date, amount, account",
     "Stages in which deals rest, such as legal or procurement: name them in exempt_stages. A "
     "deal that has never changed its stage is told by opp.never_moved; one of which nobody "
     "knows since when it is in its stage is not judged; a new owner is given time."},
    {"opp.amount_missing",
     "An opportunity has come to a later stage without an amount above zero. Attention.",
     "The amount is filled in.",
     [](const CheckOptions& options) { return options.opp_amount_missing.enabled; },
     opp_amount_missing, "amount, stage",
     "Deals that are worth nothing by nature, such as trials: set enabled = false for their "
     "pipeline by an [[override]]."},
    {"task.no_due_date", "An open task has been without a date for longer than the grace. Info.",
     "The task gets a date, or is done or dropped.",
     [](const CheckOptions& options) { return options.task_no_due_date.enabled; }, task_no_due_date,
     "when it was created, the opportunity that it belongs to",
     "Wish lists that are kept as tasks. A task of which nobody knows when it was created is not "
     "judged."},
    {"task.snoozed", "The due day of an open task has moved to a later one so many times. Info.",
     "The task is done or dropped.",
     [](const CheckOptions& options) { return options.task_snoozed.enabled; }, task_snoozed,
     "each move and when, the opportunity that it belongs to",
     "No CRM tells who moved a task, so a shift of a whole calendar counts as well. What moved "
     "between two readings is seen as one move."},
    {"opp.period_push",
     "The close date of an open opportunity has moved out of its fiscal quarter, or month, to a "
     "later one. Attention; high in the forecast category commit.",
     "The date comes back into the period, the opportunity closes, or told_for working days have "
     "gone by.",
     [](const CheckOptions& options) { return options.opp_period_push.enabled; }, opp_period_push,
     "old and new date, when and by whom; stage, close date, amount, account, forecast category",
     "Moves of integrations and mass edits, and the new date of a deal that was opened again, do "
     "not count. fiscal_year_starts must be right.",
     nullptr, true},
    {"opp.close_bulk_edit",
     "One person has moved the close dates of several open opportunities to a later day within a "
     "short time. Info, one item for all of them.",
     "told_for working days have gone by.",
     [](const CheckOptions& options) { return options.opp_close_bulk_edit.enabled; },
     opp_close_bulk_edit, "how many, and the sum of their amounts per currency",
     "A pipeline review that is entered in one sitting. What integration_users do does not "
     "count; a mass edit of a person does. Held where the CRM does not tell who moves close "
     "dates."},
    {"opp.close_unrealistic",
     "The close date of an open opportunity is much nearer than deals needed from its stage to "
     "the win: the working days to it are less than a share of their median. Info.",
     "The date moves later, the opportunity goes on to a later stage, or it closes.",
     [](const CheckOptions& options) { return options.opp_close_unrealistic.enabled; },
     opp_close_unrealistic,
     "days to the close date, the median and the number of won deals behind it; stage, close "
     "date, amount, account",
     "Small deals in a pipeline of large ones. Quiet with fewer won deals than minimum_deals, "
     "and once the date is past."},
    {"opp.close_default",
     "The close date of an open opportunity is the one that the CRM fills in, the last day of "
     "the month of its creation, and nobody has ever edited it. Info.",
     "Somebody edits the date, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_close_default.enabled; },
     opp_close_default, "when it was created; stage, close date, amount, account",
     "Deals that really are to close then. Held where the history does not reach back to their "
     "creation, so that nobody knows whether the date was edited."},
    {"opp.never_moved",
     "An opportunity has never changed its stage and is older than the limit of opp.stalled. "
     "Attention; part of rep.stale_layer.",
     "It changes stage or closes.",
     [](const CheckOptions& options) { return options.opp_never_moved.enabled; }, opp_never_moved,
     "when it was created, the limit and what it rests on; stage, close date, amount, account",
     "Moves from before the history begins: where the CRM says since when a deal is in its "
     "stage, that decides. Stages in exempt_stages of opp.stalled are left alone; a new owner is "
     "given time."},
    {"opp.stage_back",
     "An open opportunity has gone back to an earlier stage of its pipeline. Info.",
     "It is as far as it was, it closes, or told_for working days have gone by.",
     [](const CheckOptions& options) { return options.opp_stage_back.enabled; }, opp_stage_back,
     "from, to, when and by whom; stage, close date, amount, account",
     "Stages whose order in the CRM is not that of the sale. A deal that is opened again has not "
     "gone back; moves of integrations and mass edits do not count.",
     nullptr, true},
    {"opp.stage_skipped",
     "An open opportunity has moved forwards past at least one stage in which it has never been, "
     "and a criterion of criteria.toml for what comes behind those stages is not met; without such "
     "criteria, whenever it skips one. Info.",
     "It goes back to one of them, it closes, or told_for working days have gone by.",
     [](const CheckOptions& options) { return options.opp_stage_skipped.enabled; },
     opp_stage_skipped,
     "the stages that were skipped, the criteria that are not met; from, to, when and by whom; "
     "stage, close date, amount, account",
     "Stages that are only for some deals. A deal that was created in a later stage has skipped "
     "nothing; moves of integrations and mass edits do not count.",
     nullptr, true},
    {"opp.amount_drop",
     "The amount of an open opportunity has fallen by a share or more, over the changes of the "
     "last working days. Info.",
     "The amount is restored, the opportunity closes, or told_for working days have gone by.",
     [](const CheckOptions& options) { return options.opp_amount_drop.enabled; }, opp_amount_drop,
     "old and new amount, when and by whom; stage, close date, account",
     "Corrections of typing errors, and a change of currency. Edits of integrations, such as a "
     "new exchange rate, and mass edits do not count.",
     nullptr, true},
    {"opp.amount_outlier",
     "An open opportunity is worth more than a multiple of the median of what its owner has won "
     "in the same currency. Info.",
     "The amount is lowered, more such deals are won, or it closes.",
     [](const CheckOptions& options) { return options.opp_amount_outlier.enabled; },
     opp_amount_outlier, "amount, median, number of won deals; stage, close date, account",
     "Reps who have just moved to larger customers. Quiet with fewer won deals than "
     "minimum_deals."},
    {"opp.fields_missing",
     "A field that the configuration demands in this stage is empty or holds a placeholder. "
     "Info.",
     "The fields are filled in, or the stage needs them no longer.",
     [](const CheckOptions& options) { return options.opp_fields_missing.enabled; },
     opp_fields_missing, "the fields; stage, close date, amount, account",
     "A field that a source gives of no opportunity at all is said so once and not demanded of it. "
     "Nothing is demanded unless you say so."},
    {"opp.no_owner",
     "An open opportunity has been owned by nobody, or by a queue, for longer than the grace. "
     "Attention, to admin_channel: it is in no team.",
     "A person becomes its owner.",
     [](const CheckOptions& options) { return options.opp_no_owner.enabled; }, opp_no_owner,
     "owner; stage, close date, amount, account",
     "Queues that are worked as a team: set enabled = false for their pipeline by an "
     "[[override]]. An owner whom the CRM does not tell is taken for a person."},
    {"opp.owner_inactive",
     "The owner of an open opportunity is inactive in the CRM, or has left the roster, for "
     "longer than the grace. Attention, to the team.",
     "Somebody who is there becomes its owner.",
     [](const CheckOptions& options) { return options.opp_owner_inactive.enabled; },
     opp_owner_inactive, "owner; stage, close date, amount, account",
     "Some CRMs do not say when a user became inactive: then the days count from the deal's last "
     "change of owner."},
    {"opp.new_owner_no_touch",
     "An open opportunity has changed hands, and so many working days later its new owner has "
     "not called, met or written to the customer. Info.",
     "The new owner is in touch, or it changes hands again.",
     [](const CheckOptions& options) { return options.opp_new_owner_no_touch.enabled; },
     opp_new_owner_no_touch, "both owners; stage, close date, amount, account",
     "Work that is not logged. Held while activities are not proven to be complete. A change "
     "between two users of one person is none.",
     answer_feed},
    {"opp.duplicate_open",
     "Two or more opportunities of one account, one type and one currency are open, for amounts "
     "that are close to each other. Info, one item for all of them.",
     "One of them closes, or the amounts move apart.",
     [](const CheckOptions& options) { return options.opp_duplicate_open.enabled; },
     opp_duplicate_open, "all of them with amount and owner, account",
     "Customers who buy the same again: give such deals another type. Deals without an amount "
     "are not compared."},
    {"opp.lost_no_reason",
     "An opportunity was lost, and after the grace there is still no reason. Info.",
     "A reason is filled in, or told_for working days have gone by since the loss.",
     [](const CheckOptions& options) { return options.opp_lost_no_reason.enabled; },
     opp_lost_no_reason, "reason; stage, amount, account",
     "Held where the source tells of no deal why it was lost: the field is not mapped."},
    {"opp.single_thread",
     "Fewer contacts than the least have a part in a deal from stage 2 on, or were in touch. Info; "
     "attention in a late stage.",
     "Another contact has a part or is in touch, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_single_thread.enabled; },
     opp_single_thread, "the contacts, touches that name nobody, the deal",
     "Of a meeting with several guests many CRMs tell one; a part on record counts like a touch.",
     contact_feed},
    {"opp.no_power",
     "In a late stage nobody with a part in the decision has been in touch for a month. Info.",
     "Somebody who decides has a part and is in touch, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_no_power.enabled; }, opp_no_power,
     "who decides, every contact with their role, the deal",
     "Roles that the list of options does not name; a touch that names nobody may be theirs and "
     "keeps it quiet.",
     power_feed},
    {"opp.ghosted",
     "We have called or written twice or more, and the customer has not answered for days. "
     "Attention.",
     "The customer answers, a meeting is planned, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_ghosted.enabled; }, opp_ghosted,
     "up to five of the touches, the deal",
     "Answers outside the CRM. Mass mail and automatic answers are neither touches nor answers, a "
     "thread counts once a day, and what may be an answer is taken for one.",
     answer_feed},
    {"mtg.no_follow_up",
     "After a meeting there was no touch, and there is no next step. Attention.",
     "A touch, a finished task or a next step.",
     [](const CheckOptions& options) { return options.mtg_no_follow_up.enabled; }, mtg_no_follow_up,
     "the meeting, the last touches, how the next step stands",
     "Minutes sent past the CRM; a task that was finished since keeps it quiet.", follow_up_feed},
    {"opp.commit_cold",
     "A deal in the forecast as commit has had no change and no word of the customer. High.",
     "It changes stage, date or amount, the customer is heard, or it leaves the forecast.",
     [](const CheckOptions& options) { return options.opp_commit_cold.enabled; }, opp_commit_cold,
     "the last change, the last word of the customer, the deal",
     "A customer who only has to sign. Held where nobody could have seen a change.", commit_feed,
     true},
    {"opp.evidence_missing", "A mandatory criterion of the deal's stage is not met. Attention.",
     "Every mandatory criterion is met, or the opportunity closes.",
     [](const CheckOptions& options) { return options.opp_evidence_missing.enabled; },
     opp_evidence_missing, "each criterion that is not met, where it was looked, the deal",
     "Evidence that lies outside the CRM; a criterion that a source cannot show, or a field that "
     "it "
     "gives of no opportunity, is held."},
    {"lead.slow_first_touch",
     "A lead waited for its first call or e-mail longer than the aim. Attention.",
     "A first touch lies back some days, or the lead closes.",
     [](const CheckOptions& options) { return options.lead_slow_first_touch.enabled; },
     lead_slow_first_touch, "when it came in, the first touch, the owner's median",
     "Touches that are logged late; only minutes of working hours count, of the owner's days.",
     first_touch_feed},
    {"lead.untouched", "A lead has had no call, meeting or e-mail from us at all. Attention.",
     "It is touched or closes.",
     [](const CheckOptions& options) { return options.lead_untouched.enabled; }, lead_untouched,
     "when it came in, the deal", "Touches on another record; time off does not count.",
     first_touch_feed},
};

}  // namespace

std::span<const Check> checks_of_records() {
    return checks;
}

}  // namespace nudged::checks
