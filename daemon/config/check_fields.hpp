// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/kpi_fields.hpp"
#include "daemon/config/people_check_fields.hpp"
#include "daemon/config/severity_names.hpp"

/// checks.toml and checks.d.
namespace nudged::config {

template <>
inline constexpr auto fields<checks::Freshness> = std::tuple{
    field("max_age", &checks::Freshness::max_age,
          "checks that rest on something being absent hold back when data is older",
          at_least(std::chrono::minutes{1})),
};

/// What a manager may be asked: a question, and no shouting.
struct Asks {
    std::optional<Complaint> operator()(const std::string& question) const;
};

template <>
inline constexpr auto fields<checks::SqlCheck> = std::tuple{
    field("name", &checks::SqlCheck::name, "the check's id is sql.NAME", required, identifier),
    field("enabled", &checks::SqlCheck::enabled, rule::enabled),
    field("severity", &checks::SqlCheck::severity, "info, attention or high"),
    field("meaning", &checks::SqlCheck::meaning, "a sentence: when it fires", required, not_blank),
    field("clears", &checks::SqlCheck::clears, "a sentence: when it is resolved", required,
          not_blank),
    field("question", &checks::SqlCheck::question, "what a manager may ask", required, Asks{}),
    field("query", &checks::SqlCheck::query, "one SELECT over the views of docs/views.md",
          required),
};

/// One file of checks.d.
struct SqlCheckFile {
    checks::SqlCheck check;
};
template <>
inline constexpr auto fields<SqlCheckFile> = std::tuple{
    field("sql_check", &SqlCheckFile::check, "the one [sql_check] of this file", required),
};

template <>
struct Codec<Decimal> {
    static bool read(const toml::node& node, Decimal& out, const Spot& spot);
    static std::optional<Value> write(const Decimal& value) { return Value::of(value.str()); }
    static Shape shape() { return Shape::of(Shape::Kind::number); }
};

template <>
inline constexpr auto fields<checks::Scope> = std::tuple{
    field("team", &checks::Scope::team, "deals of owners in this team"),
    field("pipeline", &checks::Scope::pipeline, "deals in this pipeline, by name or id"),
    field("stage", &checks::Scope::stage, "deals in this stage, by name or id"),
    field("amount_from", &checks::Scope::amount_from, "deals of at least this amount"),
    field("amount_below", &checks::Scope::amount_below, "deals of less than this amount"),
};

/// `[[override]]`: a scope, and beside it what else is set there.
struct OverrideList {
    static bool read(const toml::node& node, std::vector<checks::Override>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<checks::Override>& overrides);
    static Shape shape();
};

template <>
inline constexpr auto fields<checks::CheckOptions> = std::tuple{
    field("settle", &checks::CheckOptions::settle,
          "a week is complete this long after its end: calls are logged late",
          between(std::chrono::hours{0}, std::chrono::hours{24 * 14})),
    field("new_owner_grace", &checks::CheckOptions::new_owner_grace,
          "working days in which the new owner of a deal is not asked about old silence",
          rule::days),
    field("freshness", &checks::CheckOptions::freshness, "when absence is proven"),
    field("opp.no_next_step", &checks::CheckOptions::opp_no_next_step,
          "an open opportunity has no next step"),
    field("opp.next_step_overdue", &checks::CheckOptions::opp_next_step_overdue,
          "the next step of an open opportunity is past its date"),
    field("opp.next_step_other", &checks::CheckOptions::opp_next_step_other,
          "the next step is only a text, has no date, is far away or belongs to nobody"),
    field("acct.no_next_step", &checks::CheckOptions::acct_no_next_step,
          "an account has no next step"),
    field("task.overdue", &checks::CheckOptions::task_overdue, "a task is past its due date"),
    field("opp.past_close", &checks::CheckOptions::opp_past_close,
          "an open opportunity is past its close date"),
    field("opp.close_pushed", &checks::CheckOptions::opp_close_pushed,
          "the close date was moved back again and again"),
    field("opp.idle", &checks::CheckOptions::opp_idle, "nobody has touched an open opportunity"),
    field("opp.stalled", &checks::CheckOptions::opp_stalled,
          "an opportunity rests in its stage for unusually long"),
    field("opp.amount_missing", &checks::CheckOptions::opp_amount_missing,
          "an opportunity has come far without an amount"),
    field("rep.stale_layer", &checks::CheckOptions::rep_stale_layer,
          "much of a rep's pipeline is stale"),
    field("rep.no_data", &checks::CheckOptions::rep_no_data,
          "no source tells anything of a rep of the roster"),
    field("kpi.attainment", &checks::CheckOptions::kpi_attainment,
          "a KPI stays below its target for weeks"),
    field("opp.single_thread", &checks::CheckOptions::opp_single_thread,
          "too few contacts are known of a deal"),
    field("opp.no_power", &checks::CheckOptions::opp_no_power,
          "nobody who decides has been in touch, late in a deal"),
    field("opp.ghosted", &checks::CheckOptions::opp_ghosted, "the customer does not answer"),
    field("mtg.no_follow_up", &checks::CheckOptions::mtg_no_follow_up,
          "nothing came after a meeting"),
    field("opp.commit_cold", &checks::CheckOptions::opp_commit_cold,
          "nothing happens with a deal that is in the forecast as commit"),
    field("opp.evidence_missing", &checks::CheckOptions::opp_evidence_missing,
          "a mandatory criterion of criteria.toml is not met"),
    field("rep.coverage_gap", &checks::CheckOptions::rep_coverage_gap,
          "the pipeline does not cover what is left of a quota of kpis.toml"),
    field("lead.slow_first_touch", &checks::CheckOptions::lead_slow_first_touch,
          "a lead waited long for its first call or e-mail"),
    field("lead.untouched", &checks::CheckOptions::lead_untouched,
          "a lead has had no call or e-mail at all"),
    field("leads", &checks::CheckOptions::leads, "what is a lead, and when it is answered"),
    field("noise", &checks::CheckOptions::noise, "what a CRM logs by itself and is no touch"),
    field("esc.open", &checks::CheckOptions::esc_open, "an escalation has no update"),
    field("esc.no_review", &checks::CheckOptions::esc_no_review,
          "a closed escalation has no review"),
    field("cadence.one_on_one", &checks::CheckOptions::cadence_one_on_one,
          "the last 1:1 with a rep lies far back"),
    field("coach.same_skill", &checks::CheckOptions::coach_same_skill,
          "a manager joins calls for the same skill again and again"),
    field("plan.checkpoint", &checks::CheckOptions::plan_checkpoint,
          "a checkpoint of a plan is due"),
    field("commit.kept", &checks::CheckOptions::commit_kept, "what was agreed was reached"),
    field("commit.partly", &checks::CheckOptions::commit_partly,
          "what was agreed was reached in part"),
    field("commit.missed", &checks::CheckOptions::commit_missed,
          "nothing of what was agreed was reached"),
    field("commit.missed_twice", &checks::CheckOptions::commit_missed_twice,
          "the same twice running"),
    field("commit.moved", &checks::CheckOptions::commit_moved,
          "an agreement went to another week, as the rep was away"),
    field("coaching", &checks::CheckOptions::coaching, "what is agreed with reps"),
    field("kpi.baseline", &checks::CheckOptions::kpi_baseline,
          "what a week of a KPI is compared with"),
    field("kpi.unusual_week", &checks::CheckOptions::kpi_unusual_week,
          "a week of a KPI is lower, or higher, than luck explains"),
    field("kpi.drift", &checks::CheckOptions::kpi_drift,
          "a KPI stays below what was usual, a little each week"),
    field("kpi.team_week", &checks::CheckOptions::kpi_team_week, "a week was low for a whole team"),
    field("task.no_due_date", &checks::CheckOptions::task_no_due_date,
          "a task has no date for long"),
    field("task.snoozed", &checks::CheckOptions::task_snoozed,
          "a task's date moves later again and again"),
    field("opp.period_push", &checks::CheckOptions::opp_period_push,
          "a close date has moved out of its quarter"),
    field("opp.close_bulk_edit", &checks::CheckOptions::opp_close_bulk_edit,
          "somebody has moved many close dates at once"),
    field("opp.close_unrealistic", &checks::CheckOptions::opp_close_unrealistic,
          "a close date is nearer than such deals need"),
    field("opp.close_default", &checks::CheckOptions::opp_close_default,
          "a close date is the one that the CRM fills in"),
    field("opp.never_moved", &checks::CheckOptions::opp_never_moved,
          "an opportunity has never changed its stage"),
    field("opp.stage_back", &checks::CheckOptions::opp_stage_back,
          "an opportunity has gone back a stage"),
    field("opp.stage_skipped", &checks::CheckOptions::opp_stage_skipped,
          "an opportunity has skipped a stage"),
    field("opp.amount_drop", &checks::CheckOptions::opp_amount_drop, "an amount has fallen"),
    field("opp.amount_outlier", &checks::CheckOptions::opp_amount_outlier,
          "an amount is far above what its owner usually wins"),
    field("opp.fields_missing", &checks::CheckOptions::opp_fields_missing,
          "what a stage demands is empty"),
    field("opp.no_owner", &checks::CheckOptions::opp_no_owner, "nobody owns an opportunity"),
    field("opp.owner_inactive", &checks::CheckOptions::opp_owner_inactive,
          "the owner of an opportunity has left"),
    field("opp.new_owner_no_touch", &checks::CheckOptions::opp_new_owner_no_touch,
          "a new owner has not been in touch"),
    field("opp.duplicate_open", &checks::CheckOptions::opp_duplicate_open,
          "an opportunity may stand there twice"),
    field("opp.lost_no_reason", &checks::CheckOptions::opp_lost_no_reason,
          "nobody has written down why an opportunity was lost"),
    field("rep.lost_cycle_long", &checks::CheckOptions::rep_lost_cycle_long,
          "what a rep loses takes much longer than what they win"),
    field("rep.left_accounts", &checks::CheckOptions::rep_left_accounts,
          "accounts are still owned by a rep who has left"),
    field("fiscal_year_starts", &checks::CheckOptions::fiscal_year_starts,
          "the month in which the fiscal year begins, 1 to 12", between(1, 12)),
    field("integration_users", &checks::CheckOptions::integration_users,
          "\"SOURCE/USER ID\" of programs: nothing of theirs is a touch or a sign of life",
          UserIds{}),
    field("mass_edit_objects", &checks::CheckOptions::mass_edit_objects,
          "nor is what one user changes in more deals than these …", between(1, 1'000'000)),
    field("mass_edit_minutes", &checks::CheckOptions::mass_edit_minutes, "… within this time",
          between(std::chrono::minutes{1}, std::chrono::minutes{24 * 60})),
    field("renewal_types", &checks::CheckOptions::renewal_types,
          "a deal is a renewal if its type has one of these words in it"),
    field("renewal_lead", &checks::CheckOptions::renewal_lead,
          "calendar days before the close date of a renewal from which it is asked about",
          rule::days),
    field<OverrideList>("override", &checks::CheckOptions::overrides,
                        "other settings for some deals, one [[override]] each; of several that "
                        "fit, the last one in the file wins, key by key"),
};

}  // namespace nudged::config
