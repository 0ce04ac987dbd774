// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"

namespace nudged::checks {

// The parts of the catalogue.
std::span<const Check> checks_of_records();  // deals, accounts, tasks, meetings, leads
std::span<const Check> checks_of_people();   // reps, KPIs, commitments, coaching

// The rules, as they list them. Each appends its findings and what it had to hold; whether
// a rule is switched on is evaluate()'s affair.

void opp_no_next_step(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_next_step_overdue(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_next_step_text_only(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_next_step_undated(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_next_step_far(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_next_step_orphan(const Scene& scene, Findings& findings, std::vector<Held>& held);
void acct_no_next_step(const Scene& scene, Findings& findings, std::vector<Held>& held);
void task_overdue(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_past_close(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_close_pushed(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_idle(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_stalled(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_amount_missing(const Scene& scene, Findings& findings, std::vector<Held>& held);
void rep_stale_layer(const Scene& scene, Findings& findings, std::vector<Held>& held);
void rep_no_data(const Scene& scene, Findings& findings, std::vector<Held>& held);
void kpi_attainment(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_single_thread(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_no_power(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_ghosted(const Scene& scene, Findings& findings, std::vector<Held>& held);
void mtg_no_follow_up(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_commit_cold(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_evidence_missing(const Scene& scene, Findings& findings, std::vector<Held>& held);
void rep_coverage_gap(const Scene& scene, Findings& findings, std::vector<Held>& held);
void lead_slow_first_touch(const Scene& scene, Findings& findings, std::vector<Held>& held);
void lead_untouched(const Scene& scene, Findings& findings, std::vector<Held>& held);
void esc_open(const Scene& scene, Findings& findings, std::vector<Held>& held);
void esc_no_review(const Scene& scene, Findings& findings, std::vector<Held>& held);
void cadence_one_on_one(const Scene& scene, Findings& findings, std::vector<Held>& held);
void coach_same_skill(const Scene& scene, Findings& findings, std::vector<Held>& held);
void plan_checkpoint(const Scene& scene, Findings& findings, std::vector<Held>& held);
void commit_kept(const Scene& scene, Findings& findings, std::vector<Held>& held);
void commit_partly(const Scene& scene, Findings& findings, std::vector<Held>& held);
void commit_missed(const Scene& scene, Findings& findings, std::vector<Held>& held);
void commit_missed_twice(const Scene& scene, Findings& findings, std::vector<Held>& held);
void commit_moved(const Scene& scene, Findings& findings, std::vector<Held>& held);
void kpi_unusual_week(const Scene& scene, Findings& findings, std::vector<Held>& held);
void kpi_drift(const Scene& scene, Findings& findings, std::vector<Held>& held);
void kpi_team_week(const Scene& scene, Findings& findings, std::vector<Held>& held);

// About deals' own data.
void task_no_due_date(const Scene& scene, Findings& findings, std::vector<Held>& held);
void task_snoozed(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_period_push(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_close_bulk_edit(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_close_unrealistic(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_close_default(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_never_moved(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_stage_back(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_stage_skipped(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_amount_drop(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_amount_outlier(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_fields_missing(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_no_owner(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_owner_inactive(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_new_owner_no_touch(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_duplicate_open(const Scene& scene, Findings& findings, std::vector<Held>& held);
void opp_lost_no_reason(const Scene& scene, Findings& findings, std::vector<Held>& held);
void rep_left_accounts(const Scene& scene, Findings& findings, std::vector<Held>& held);
void rep_lost_cycle_long(const Scene& scene, Findings& findings, std::vector<Held>& held);

}  // namespace nudged::checks
