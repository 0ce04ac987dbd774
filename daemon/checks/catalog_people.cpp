// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/check.hpp"
#include "daemon/checks/rules.hpp"

namespace nudged::checks {
namespace {

constexpr Check checks[] = {
    {"rep.stale_layer",
     "A large share of a person's open opportunities trips opp.stalled, opp.never_moved or "
     "opp.idle; one item stands for all of them. Attention.",
     "The share falls to the limit.",
     [](const CheckOptions& options) { return options.rep_stale_layer.enabled; }, rep_stale_layer,
     "the sum per currency and the three largest",
     "While a source is behind, the layer and its members are held together, so that it does not "
     "fall apart into single items."},
    {"rep.no_data",
     "No source tells anything at all of reps on the roster: no figure of any day, no "
     "opportunity, account or task. Info, once per team and about nobody's work: mostly an "
     "address in teams.toml differs from the CRM's.",
     "A CRM user of theirs owns a record.",
     [](const CheckOptions& options) { return options.rep_no_data.enabled; }, rep_no_data,
     "their names, in alphabetical order",
     "People who have not begun. Held until every source has finished its first load."},
    {"rep.lost_cycle_long",
     "A rep's lost opportunities take much longer than the won ones, from creation to the end, "
     "by the medians of the months before the present one. Info.",
     "The medians of a later month are closer.",
     [](const CheckOptions& options) { return options.rep_lost_cycle_long.enabled; },
     rep_lost_cycle_long, "both medians and how many deals stand behind each",
     "Deals that were kept open and closed in one sweep. Quiet with fewer of either kind than "
     "minimum_deals; who owned a deal before is not asked."},
    {"rep.left_accounts",
     "A rep has left the roster for longer than the grace, and accounts are still theirs. "
     "Attention, to the team, once for all of them.",
     "Somebody who is there becomes their owner.",
     [](const CheckOptions& options) { return options.rep_left_accounts.enabled; },
     rep_left_accounts, "the first five accounts",
     "CRMs in which accounts are kept by whoever won them: set enabled = false."},
    {"kpi.attainment",
     "A rep's complete weeks of a KPI are low and flat or declining (attention), hold one spike "
     "(info), or are improving (praise).",
     "The weeks amount to something else.",
     [](const CheckOptions& options) { return options.kpi_attainment.enabled; }, kpi_attainment,
     "each week's value, target and days worked, the weeks that were left out, and why the KPI "
     "counts",
     "Weeks of leave, holidays and late logging are left out rather than counted as zero; the "
     "section on KPIs above says when nothing is told."},
    {"rep.coverage_gap",
     "Real pipeline to close in the quarter is less than what is left of the quota by the win "
     "rate. Info.",
     "The pipeline suffices, the quota is reached, or the quarter ends.",
     [](const CheckOptions& options) { return options.rep_coverage_gap.enabled; }, rep_coverage_gap,
     "quota, won, left, open and real pipeline, win rate, what is needed",
     "Deals that are made and won within the quarter; a win rate of few deals is drawn to the "
     "team's."},
    {"esc.open", "An escalation is open and has had no update for longer than a working day. High.",
     "It gets an update, or closes with its outcome.",
     [](const CheckOptions& options) { return options.esc_open.enabled; }, esc_open,
     "when it was opened, its last update, its next step and who handles it",
     "What was said by telephone and not noted: any update quiets it. Days on which the team does "
     "not work are not counted."},
    {"esc.no_review",
     "An escalation was closed days ago, and nobody has noted what was learnt. Attention.",
     "Its review is noted.",
     [](const CheckOptions& options) { return options.esc_no_review.enabled; }, esc_no_review,
     "when it was closed, and who handled it",
     "A review that was held and not noted: one sentence with `nudged escalation review` will do."},
    {"cadence.one_on_one",
     "The last 1:1 with a rep lies further back than one and a half times the team's cadence. "
     "Info, and for the manager alone.",
     "A 1:1 with the rep is noted.",
     [](const CheckOptions& options) { return options.cadence_one_on_one.enabled; },
     cadence_one_on_one, "the day of the last 1:1 that is noted",
     "Talks that are held and not noted. Silent where no 1:1 is noted at all; days off of the "
     "rep do not count."},
    {"coach.same_skill",
     "A manager has joined several calls of one rep for the same skill within a few weeks. Info, "
     "and for the manager alone.",
     "The calls lie further back than the weeks looked at.",
     [](const CheckOptions& options) { return options.coach_same_skill.enabled; }, coach_same_skill,
     "how many calls, and the last of them; the skill is said in the notes alone",
     "A skill that two people call by two names is not seen as one; a plan that was agreed so is "
     "no reason to stop."},
    {"plan.checkpoint",
     "A checkpoint of a rep's plan, or its end, is due and was not looked at. Info.",
     "`nudged plan check` has noted what the goals stand at.",
     [](const CheckOptions& options) { return options.plan_checkpoint.enabled; }, plan_checkpoint,
     "the plan's goals, from where to where",
     "The weeks before the checkpoint may not be complete yet: then the command says so."},
    {"commit.kept", "A rep reached what was agreed for a week. Praise.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_kept.enabled; }, commit_kept,
     "the week against what was agreed by the days worked, the agreement, the next rung, why the "
     "KPI counts",
     "A week that is edited later: a correction is told where it is in the rep's favour."},
    {"commit.partly", "A rep came part of the way to what was agreed for a week. Info.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_partly.enabled; }, commit_partly,
     "the week against what was agreed by the days worked, the agreement, the next rung, why the "
     "KPI counts",
     "Work that is logged late: nothing is told before the week has settled and is proven."},
    {"commit.missed", "A week came to no more than the rep started from. Attention.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_missed.enabled; }, commit_missed,
     "the week against what was agreed by the days worked, the agreement, the next rung, why the "
     "KPI counts",
     "Work that is logged late or in another tool. Days off that nobody has entered: nudged away "
     "add."},
    {"commit.missed_twice",
     "Two agreements of a rep and KPI running came to no more than the rep started from. "
     "Attention.",
     "The next week's verdict is in, or ten working days have passed.",
     [](const CheckOptions& options) { return options.commit_missed_twice.enabled; },
     commit_missed_twice,
     "both weeks against what was agreed, the next rung, half a step, why the KPI counts",
     "The same as those of commit.missed; asks whether the KPI or the time for it has to change."},
    {"commit.moved",
     "An agreement went to the next usable week, as the rep was away in its own. Info.",
     "That week has come.",
     [](const CheckOptions& options) { return options.commit_moved.enabled; }, commit_moved,
     "the agreement, the days worked, the week it has moved to",
     "Days off that were entered by mistake."},
    {"kpi.unusual_week",
     "A rep's last complete week of a KPI is lower, or higher, than luck explains. Attention; "
     "upwards it is praise.",
     "The next week is complete.",
     [](const CheckOptions& options) { return options.kpi_unusual_week.enabled; }, kpi_unusual_week,
     "the week against what is usual, the chance, where most of the others in the role are, why "
     "the KPI counts",
     "A new way of logging looks like a change. Held back, and shown by nudged evaluate "
     "--held-back, where luck, the team's week or the number of tests explain it."},
    {"kpi.drift", "A KPI of a rep has stayed below what was usual over several weeks. Attention.",
     "The next week is complete.",
     [](const CheckOptions& options) { return options.kpi_drift.enabled; }, kpi_drift,
     "the weeks, the sum of what they were below, why the KPI counts",
     "A new territory or role: its first weeks are compared with the old ones. Quiet while the "
     "team moved as well."},
    {"kpi.team_week", "The last complete week of a KPI was low for a whole team. Info.",
     "The next week is complete.",
     [](const CheckOptions& options) { return options.kpi_team_week.enabled; }, kpi_team_week,
     "the team's total against what is usual, the chance",
     "The first weeks of a quarter, holidays that nobody has entered."},
};

}  // namespace

std::span<const Check> checks_of_people() {
    return checks;
}

}  // namespace nudged::checks
