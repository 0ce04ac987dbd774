// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/options.hpp"
#include "daemon/config/field.hpp"

/// checks.toml and kpis.toml.
namespace nudged::config {

namespace rule {
inline constexpr std::string_view enabled = "whether the check runs";
inline constexpr auto days = between(0, 3'650);
}  // namespace rule

template <>
inline constexpr auto names<checks::Days> =
    std::to_array<std::pair<std::string_view, checks::Days>>({
        {"working", checks::Days::working},
        {"calendar", checks::Days::calendar},
    });

template <>
inline constexpr auto fields<checks::Freshness> = std::tuple{
    field("max_age", &checks::Freshness::max_age,
          "checks that rest on something being absent hold back when data is older",
          at_least(std::chrono::minutes{1})),
};

template <>
inline constexpr auto fields<checks::NoNextStep> = std::tuple{
    field("enabled", &checks::NoNextStep::enabled, rule::enabled),
    field("grace", &checks::NoNextStep::grace, "working days without any next step before we ask",
          rule::days),
    field("horizon", &checks::NoNextStep::horizon,
          "calendar days ahead within which a next step counts", rule::days),
    field("urgent_close", &checks::NoNextStep::urgent_close,
          "high severity when the close date is this near, in calendar days", rule::days),
};

template <>
inline constexpr auto fields<checks::NextStepOverdue> = std::tuple{
    field("enabled", &checks::NextStepOverdue::enabled, rule::enabled),
    field("grace", &checks::NextStepOverdue::grace,
          "working days that a next step may be late before we ask", rule::days),
};

template <>
inline constexpr auto fields<checks::NextStepOther> = std::tuple{
    field("enabled", &checks::NextStepOther::enabled, rule::enabled),
    field("horizon", &checks::NextStepOther::horizon,
          "calendar days ahead; a next step later than that is far", rule::days),
};

template <>
inline constexpr auto fields<checks::AccountNoNextStep> = std::tuple{
    field("enabled", &checks::AccountNoNextStep::enabled, rule::enabled),
    field("grace", &checks::AccountNoNextStep::grace,
          "working days without any next step before we ask", rule::days),
    field("horizon", &checks::AccountNoNextStep::horizon,
          "calendar days ahead within which a next step counts", rule::days),
    field("ignored_types", &checks::AccountNoNextStep::ignored_types,
          "accounts of these types need no next step"),
};

template <>
inline constexpr auto fields<checks::TaskOverdue> = std::tuple{
    field("enabled", &checks::TaskOverdue::enabled, rule::enabled),
    field("grace", &checks::TaskOverdue::grace, "working days that a task may be late", rule::days),
    field("high_after", &checks::TaskOverdue::high_after,
          "high severity when it is later than these working days", rule::days),
};

template <>
inline constexpr auto fields<checks::PastClose> = std::tuple{
    field("enabled", &checks::PastClose::enabled, rule::enabled),
    field("grace", &checks::PastClose::grace,
          "days after the close date of an open opportunity before we ask", rule::days),
};

template <>
inline constexpr auto fields<checks::ClosePushed> = std::tuple{
    field("enabled", &checks::ClosePushed::enabled, rule::enabled),
    field("attention_at", &checks::ClosePushed::attention_at,
          "the how-manieth push of the close date is worth a question", between(1, 100)),
    field("high_at", &checks::ClosePushed::high_at, "and which one is of high severity",
          between(1, 100)),
};

template <>
inline constexpr auto fields<checks::Idle> = std::tuple{
    field("enabled", &checks::Idle::enabled, rule::enabled),
    field("after", &checks::Idle::after, "days without any touch before we ask", rule::days),
    field("days", &checks::Idle::days, "which days count: working or calendar"),
};

template <>
inline constexpr auto fields<checks::Stalled> = std::tuple{
    field("enabled", &checks::Stalled::enabled, rule::enabled),
    field("multiple", &checks::Stalled::multiple,
          "of the median time in the stage of deals that left it forwards", between(1.0, 100.0)),
    field("floor", &checks::Stalled::floor, "never before so many days in the stage", rule::days),
    field("minimum_deals", &checks::Stalled::minimum_deals,
          "deals that a median needs; with fewer the won cycle stands in, then a fixed limit",
          between(1, 100'000)),
    field("history_months", &checks::Stalled::history_months,
          "how far back those deals are looked for", between(1, 120)),
    field("days", &checks::Stalled::days, "which days count: working or calendar"),
    field("exempt_stages", &checks::Stalled::exempt_stages,
          "names of stages in which deals may rest"),
};

template <>
inline constexpr auto fields<checks::AmountMissing> = std::tuple{
    field("enabled", &checks::AmountMissing::enabled, rule::enabled),
    field("from_stage", &checks::AmountMissing::from_stage,
          "the open stage of its pipeline, counted from 1, from which a deal needs an amount",
          between(1, 100)),
};

template <>
inline constexpr auto fields<checks::StaleLayer> = std::tuple{
    field("enabled", &checks::StaleLayer::enabled, rule::enabled),
    field("share", &checks::StaleLayer::share,
          "when more than this share of a rep's open deals is stale, one finding replaces them all",
          between(0.0, 1.0)),
    field("minimum_opportunities", &checks::StaleLayer::minimum_opportunities,
          "open deals that a rep must have for that", between(1, 100'000)),
};

template <>
inline constexpr auto fields<checks::NoData> = std::tuple{
    field("enabled", &checks::NoData::enabled, rule::enabled),
};

template <>
inline constexpr auto fields<checks::KpiAttainment> = std::tuple{
    field("enabled", &checks::KpiAttainment::enabled, rule::enabled),
    field("low", &checks::KpiAttainment::low, "attainment under which a week is low",
          between(0.0, 1.0)),
    field("weeks_in_a_row", &checks::KpiAttainment::weeks_in_a_row,
          "low weeks, complete and usable, before we ask", between(1, 52)),
};

template <>
inline constexpr auto names<checks::Evidence> =
    std::to_array<std::pair<std::string_view, checks::Evidence>>({
        {"contact_role", checks::Evidence::contact_role},
        {"meeting", checks::Evidence::meeting},
        {"field", checks::Evidence::field},
        {"inbound_touch", checks::Evidence::inbound_touch},
    });

template <>
inline constexpr auto fields<checks::SingleThread> = std::tuple{
    field("enabled", &checks::SingleThread::enabled, rule::enabled),
    field("contacts", &checks::SingleThread::contacts,
          "the least number of contacts with a part or in touch", between(1, 100)),
    field("days", &checks::SingleThread::days, "calendar days back in which a touch counts",
          rule::days),
    field("from_stage", &checks::SingleThread::from_stage,
          "the open stage of its pipeline, counted from 1, from which we ask", between(1, 100)),
    field("minimum_amount", &checks::SingleThread::minimum_amount,
          "only deals of this amount and more; 0: all", between(0.0, 1e15)),
};

template <>
inline constexpr auto fields<checks::NoPower> = std::tuple{
    field("enabled", &checks::NoPower::enabled, rule::enabled),
    field("days", &checks::NoPower::days, "calendar days back in which a touch counts", rule::days),
    field("roles", &checks::NoPower::roles, "roles of contacts that have a part in the decision"),
};

template <>
inline constexpr auto fields<checks::Ghosted> = std::tuple{
    field("enabled", &checks::Ghosted::enabled, rule::enabled),
    field("touches", &checks::Ghosted::touches, "calls and e-mails of ours without an answer",
          between(1, 100)),
    field("after", &checks::Ghosted::after, "working days since the first of them", rule::days),
    field("after_late", &checks::Ghosted::after_late, "the same in the last third of the stages",
          rule::days),
};

template <>
inline constexpr auto fields<checks::NoFollowUp> = std::tuple{
    field("enabled", &checks::NoFollowUp::enabled, rule::enabled),
    field("after", &checks::NoFollowUp::after, "working days after a meeting before we ask",
          rule::days),
    field("look_back", &checks::NoFollowUp::look_back,
          "calendar days; older meetings are not asked about", rule::days),
};

template <>
inline constexpr auto fields<checks::CommitCold> = std::tuple{
    field("enabled", &checks::CommitCold::enabled, rule::enabled),
    field("days", &checks::CommitCold::days,
          "calendar days without a change or a word of the customer", rule::days),
};

template <>
inline constexpr auto fields<checks::CoverageGap> = std::tuple{
    field("enabled", &checks::CoverageGap::enabled, rule::enabled),
    field("win_months", &checks::CoverageGap::win_months,
          "months of closed deals that make the win rate", between(1, 120)),
    field("minimum_deals", &checks::CoverageGap::minimum_deals,
          "that the team must have closed in them", between(1, 100'000)),
};

template <>
inline constexpr auto fields<checks::SlowFirstTouch> = std::tuple{
    field("enabled", &checks::SlowFirstTouch::enabled, rule::enabled),
    field("minutes", &checks::SlowFirstTouch::minutes,
          "of working hours, from coming in to the first call or e-mail", between(1, 100'000)),
    field("shown", &checks::SlowFirstTouch::shown,
          "working days for which a late first touch is told", rule::days),
};

template <>
inline constexpr auto fields<checks::Untouched> = std::tuple{
    field("enabled", &checks::Untouched::enabled, rule::enabled),
    field("after", &checks::Untouched::after, "working days without any touch", rule::days),
};

template <>
inline constexpr auto fields<checks::EvidenceMissing> = std::tuple{
    field("enabled", &checks::EvidenceMissing::enabled, rule::enabled),
};

template <>
inline constexpr auto fields<checks::Leads> = std::tuple{
    field("pipelines", &checks::Leads::pipelines,
          "names or ids of pipelines whose open opportunities are leads"),
    field("stages", &checks::Leads::stages,
          "names or ids of stages whose open opportunities are leads"),
    field<TimeOfDay>("opens", &checks::Leads::opens, "when working hours begin at the owner's"),
    field<TimeOfDay>("closes", &checks::Leads::closes, "when they end"),
};

template <>
inline constexpr auto fields<warehouse::Noise> = std::tuple{
    field("mass_mail", &warehouse::Noise::mass_mail,
          "e-mails of one person with one subject within ten minutes that are mass mail",
          between(2, 100'000)),
    field("automatic_subjects", &warehouse::Noise::automatic_subjects,
          "beginnings of subjects of automatic answers and bounces"),
};

template <>
inline constexpr auto fields<checks::EscalationOpen> = std::tuple{
    field("enabled", &checks::EscalationOpen::enabled, rule::enabled),
    field("after", &checks::EscalationOpen::after, "working days without an update before we ask",
          rule::days),
};

template <>
inline constexpr auto fields<checks::EscalationNoReview> = std::tuple{
    field("enabled", &checks::EscalationNoReview::enabled, rule::enabled),
    field("after", &checks::EscalationNoReview::after,
          "working days after closing within which the review is noted", rule::days),
};

template <>
inline constexpr auto fields<checks::OneOnOneGap> = std::tuple{
    field("enabled", &checks::OneOnOneGap::enabled, rule::enabled),
    field("multiple", &checks::OneOnOneGap::multiple, "of the team's cadence", between(1.0, 20.0)),
};

template <>
inline constexpr auto fields<checks::SameSkill> = std::tuple{
    field("enabled", &checks::SameSkill::enabled, rule::enabled),
    field("times", &checks::SameSkill::times, "joined calls for one skill before we say a word",
          between(2, 100)),
    field("weeks", &checks::SameSkill::weeks, "within which they lie", between(1, 52)),
};

template <>
inline constexpr auto fields<checks::PlanCheckpointDue> = std::tuple{
    field("enabled", &checks::PlanCheckpointDue::enabled, rule::enabled),
};

template <>
inline constexpr auto names<warehouse::Severity> =
    std::to_array<std::pair<std::string_view, warehouse::Severity>>({
        {"info", warehouse::Severity::info},
        {"attention", warehouse::Severity::attention},
        {"high", warehouse::Severity::high},
    });

template <>
struct Codec<checks::SqlText> {
    static bool read(const toml::node& node, checks::SqlText& out, const Spot& spot);
    static std::optional<Value> write(const checks::SqlText& query);
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
inline constexpr auto fields<checks::CommitKept> = std::tuple{
    field("enabled", &checks::CommitKept::enabled, rule::enabled),
    field("told_for", &checks::CommitKept::told_for,
          "working days after the week, unless the next verdict comes first", rule::days),
};

template <>
inline constexpr auto fields<checks::CommitPartly> = std::tuple{
    field("enabled", &checks::CommitPartly::enabled, rule::enabled),
    field("told_for", &checks::CommitPartly::told_for,
          "working days after the week, unless the next verdict comes first", rule::days),
};

template <>
inline constexpr auto fields<checks::CommitMissed> = std::tuple{
    field("enabled", &checks::CommitMissed::enabled, rule::enabled),
    field("told_for", &checks::CommitMissed::told_for,
          "working days after the week, unless the next verdict comes first", rule::days),
};

template <>
inline constexpr auto fields<checks::CommitMissedTwice> = std::tuple{
    field("enabled", &checks::CommitMissedTwice::enabled, rule::enabled),
    field("told_for", &checks::CommitMissedTwice::told_for,
          "working days after the week, unless the next verdict comes first", rule::days),
};

template <>
inline constexpr auto fields<checks::CommitMoved> = std::tuple{
    field("enabled", &checks::CommitMoved::enabled, rule::enabled),
};

template <>
inline constexpr auto names<checks::LadderMode> =
    std::to_array<std::pair<std::string_view, checks::LadderMode>>({
        {"steps", checks::LadderMode::steps},
        {"percent", checks::LadderMode::percent},
    });

template <>
inline constexpr auto fields<checks::Coaching> = std::tuple{
    field("ladder", &checks::Coaching::ladder,
          "what is proposed next: steps of a fifth of the way, or ten percent of the target"),
};

template <>
inline constexpr auto fields<checks::KpiBaseline> = std::tuple{
    field("weeks", &checks::KpiBaseline::weeks,
          "usable weeks before the one that is judged that say what is usual", between(3, 52)),
    field("minimum", &checks::KpiBaseline::minimum, "with fewer of them it is still learned",
          between(2, 52)),
};

template <>
inline constexpr auto fields<checks::KpiUnusualWeek> = std::tuple{
    field("enabled", &checks::KpiUnusualWeek::enabled, rule::enabled),
    field("chance", &checks::KpiUnusualWeek::chance,
          "a week is unusual when luck brings it about less often than this", between(1e-9, 0.5)),
    field("least_change", &checks::KpiUnusualWeek::least_change,
          "and when it is this share of what is usual away from it", between(0.0, 1.0)),
    field("least_difference", &checks::KpiUnusualWeek::least_difference, "and so many counts",
          between(0.0, 1e6)),
    field("false_share", &checks::KpiUnusualWeek::false_share,
          "of what one manager is told at once, at most this share is luck", between(1e-9, 1.0)),
    field("team_chance", &checks::KpiUnusualWeek::team_chance,
          "when the team's total makes the week likelier than this, it was everybody's",
          between(0.0, 1.0)),
    field("too_few", &checks::KpiUnusualWeek::too_few,
          "where fewer are usual in a week, four weeks are judged together", between(0.0, 1e6)),
    field("cool_down", &checks::KpiUnusualWeek::cool_down,
          "weeks in which the same is not told again", between(0, 12)),
    field("most_kpis", &checks::KpiUnusualWeek::most_kpis,
          "so many KPIs of kpis.toml are tested, the first ones", between(1, 100)),
};

template <>
inline constexpr auto fields<checks::KpiDrift> = std::tuple{
    field("enabled", &checks::KpiDrift::enabled, rule::enabled),
    field("slack", &checks::KpiDrift::slack,
          "standard deviations below what is usual that a week may be and add nothing",
          between(0.0, 5.0)),
    field("limit", &checks::KpiDrift::limit,
          "standard deviations, summed up over the weeks, that are worth a question",
          between(0.5, 100.0)),
    field("least_fall", &checks::KpiDrift::least_fall,
          "and the share of what is usual by which these weeks fell", between(0.0, 1.0)),
};

template <>
inline constexpr auto fields<checks::KpiTeamWeek> = std::tuple{
    field("enabled", &checks::KpiTeamWeek::enabled, rule::enabled),
    field("chance", &checks::KpiTeamWeek::chance,
          "a team's week is low when luck brings it about less often than this",
          between(1e-9, 0.5)),
    field("least_change", &checks::KpiTeamWeek::least_change,
          "and when it is this share below what is usual", between(0.0, 1.0)),
};

template <>
inline constexpr auto names<checks::FiscalPeriod> =
    std::to_array<std::pair<std::string_view, checks::FiscalPeriod>>({
        {"month", checks::FiscalPeriod::month},
        {"quarter", checks::FiscalPeriod::quarter},
    });

/// Fields of an opportunity: columns, or "extra." and what a source adds.
struct DealFields {
    std::optional<Complaint> operator()(const std::vector<std::string>& fields) const;
    std::optional<Complaint> operator()(
        const std::map<std::string, std::vector<std::string>>& fields_by_stage) const;
};
/// "source/user id" each.
struct UserIds {
    std::optional<Complaint> operator()(const std::vector<std::string>& users) const;
};

namespace rule {
inline constexpr std::string_view told_for = "working days for which it is told";
inline constexpr std::string_view history = "how far back those deals are looked for";
inline constexpr auto months = between(1, 120);
inline constexpr auto count = between(1, 100'000);
inline constexpr auto share = between(0.0, 1.0);
}  // namespace rule

template <>
inline constexpr auto fields<checks::TaskNoDueDate> = std::tuple{
    field("enabled", &checks::TaskNoDueDate::enabled, rule::enabled),
    field("grace", &checks::TaskNoDueDate::grace,
          "working days that a task may be open without a date", rule::days),
};

template <>
inline constexpr auto fields<checks::TaskSnoozed> = std::tuple{
    field("enabled", &checks::TaskSnoozed::enabled, rule::enabled),
    field("times", &checks::TaskSnoozed::times,
          "the how-manieth move to a later day is worth a question", between(1, 100)),
};

template <>
inline constexpr auto fields<checks::PeriodPush> = std::tuple{
    field("enabled", &checks::PeriodPush::enabled, rule::enabled),
    field("period", &checks::PeriodPush::period,
          "which period's end must not be crossed: month or quarter"),
    field("told_for", &checks::PeriodPush::told_for, rule::told_for, rule::days),
};

template <>
inline constexpr auto fields<checks::CloseBulkEdit> = std::tuple{
    field("enabled", &checks::CloseBulkEdit::enabled, rule::enabled),
    field("deals", &checks::CloseBulkEdit::deals, "so many close dates moved by one person …",
          between(2, 100'000)),
    field("within", &checks::CloseBulkEdit::within, "… within this time",
          between(std::chrono::minutes{1}, std::chrono::minutes{24 * 60})),
    field("told_for", &checks::CloseBulkEdit::told_for, rule::told_for, rule::days),
};

template <>
inline constexpr auto fields<checks::CloseUnrealistic> = std::tuple{
    field("enabled", &checks::CloseUnrealistic::enabled, rule::enabled),
    field("share", &checks::CloseUnrealistic::share,
          "of the median working days from the stage to the win", rule::share),
    field("minimum_deals", &checks::CloseUnrealistic::minimum_deals,
          "won deals that the median needs", rule::count),
    field("history_months", &checks::CloseUnrealistic::history_months, rule::history, rule::months),
};

template <>
inline constexpr auto fields<checks::CloseDefault> = std::tuple{
    field("enabled", &checks::CloseDefault::enabled, rule::enabled),
    field("sources", &checks::CloseDefault::sources,
          "whose CRM fills in the last day of the month of creation; empty: those with HubSpot's "
          "manifest"),
};

template <>
inline constexpr auto fields<checks::NeverMoved> = std::tuple{
    field("enabled", &checks::NeverMoved::enabled,
          "whether the check runs; the limit is that of opp.stalled"),
};

template <>
inline constexpr auto fields<checks::StageBack> = std::tuple{
    field("enabled", &checks::StageBack::enabled, rule::enabled),
    field("told_for", &checks::StageBack::told_for, rule::told_for, rule::days),
};

template <>
inline constexpr auto fields<checks::StageSkipped> = std::tuple{
    field("enabled", &checks::StageSkipped::enabled, rule::enabled),
    field("told_for", &checks::StageSkipped::told_for, rule::told_for, rule::days),
};

template <>
inline constexpr auto fields<checks::AmountDrop> = std::tuple{
    field("enabled", &checks::AmountDrop::enabled, rule::enabled),
    field("share", &checks::AmountDrop::share, "a fall by this share or more is told",
          between(0.001, 1.0)),
    field("told_for", &checks::AmountDrop::told_for, rule::told_for, rule::days),
};

template <>
inline constexpr auto fields<checks::AmountOutlier> = std::tuple{
    field("enabled", &checks::AmountOutlier::enabled, rule::enabled),
    field("multiple", &checks::AmountOutlier::multiple, "of the median of the owner's won deals",
          between(1.0, 1'000.0)),
    field("minimum_deals", &checks::AmountOutlier::minimum_deals, "won deals that the median needs",
          rule::count),
    field("history_months", &checks::AmountOutlier::history_months, rule::history, rule::months),
};

template <>
inline constexpr auto fields<checks::FieldsMissing> = std::tuple{
    field("enabled", &checks::FieldsMissing::enabled, rule::enabled),
    field("fields", &checks::FieldsMissing::fields, "fields that a deal needs in every open stage",
          DealFields{}),
    field("stages", &checks::FieldsMissing::stages,
          "and those that it needs in one, by the stage's name or id", DealFields{}),
};

template <>
inline constexpr auto fields<checks::NoOwner> = std::tuple{
    field("enabled", &checks::NoOwner::enabled, rule::enabled),
    field("grace", &checks::NoOwner::grace, "working days that a deal may be nobody's", rule::days),
};

template <>
inline constexpr auto fields<checks::OwnerInactive> = std::tuple{
    field("enabled", &checks::OwnerInactive::enabled, rule::enabled),
    field("grace", &checks::OwnerInactive::grace,
          "working days after the owner has left before we ask", rule::days),
};

template <>
inline constexpr auto fields<checks::NewOwnerNoTouch> = std::tuple{
    field("enabled", &checks::NewOwnerNoTouch::enabled, rule::enabled),
    field("within", &checks::NewOwnerNoTouch::within,
          "working days within which a new owner is in touch", rule::days),
};

template <>
inline constexpr auto fields<checks::DuplicateOpen> = std::tuple{
    field("enabled", &checks::DuplicateOpen::enabled, rule::enabled),
    field("within", &checks::DuplicateOpen::within,
          "amounts that differ by no more than this share of the larger one are close",
          rule::share),
};

template <>
inline constexpr auto fields<checks::LostNoReason> = std::tuple{
    field("enabled", &checks::LostNoReason::enabled, rule::enabled),
    field("grace", &checks::LostNoReason::grace, "working days after the loss before we ask",
          rule::days),
    field("told_for", &checks::LostNoReason::told_for,
          "working days after the loss until which it is told", rule::days),
};

template <>
inline constexpr auto fields<checks::LostCycleLong> = std::tuple{
    field("enabled", &checks::LostCycleLong::enabled, rule::enabled),
    field("multiple", &checks::LostCycleLong::multiple,
          "of the median of won deals, beyond which that of lost ones is long",
          between(1.0, 100.0)),
    field("minimum_deals", &checks::LostCycleLong::minimum_deals,
          "won and lost deals that the medians need, each", rule::count),
    field("history_months", &checks::LostCycleLong::history_months, rule::history, rule::months),
};

template <>
struct Codec<Decimal> {
    static bool read(const toml::node& node, Decimal& out, const Spot& spot);
    static std::optional<Value> write(const Decimal& value) { return Value::of(value.str()); }
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
    field("fiscal_year_starts", &checks::CheckOptions::fiscal_year_starts,
          "the month in which the fiscal year begins, 1 to 12", between(1, 12)),
    field("integration_users", &checks::CheckOptions::integration_users,
          "\"SOURCE/USER ID\" of programs: nothing of theirs is a touch or a sign of life",
          UserIds{}),
    field("mass_edit_objects", &checks::CheckOptions::mass_edit_objects,
          "nor is what one user changes in more deals than these …", between(1, 1'000'000)),
    field("mass_edit_minutes", &checks::CheckOptions::mass_edit_minutes, "… within this time",
          between(std::chrono::minutes{1}, std::chrono::minutes{24 * 60})),
    field<OverrideList>("override", &checks::CheckOptions::overrides,
                        "other settings for some deals, one [[override]] each; of several that "
                        "fit, the last one in the file wins, key by key"),
};

/// Written only where there is one.
struct Measure {
    static bool read(const toml::node& node, std::string& out, const Spot& spot) {
        return Codec<std::string>::read(node, out, spot);
    }
    static std::optional<Value> write(const std::string& measure) {
        return measure.empty() ? std::nullopt : Codec<std::string>::write(measure);
    }
};

/// `target = 60`: the target of everybody, kept under the empty team name.
struct TargetOfAll {
    using Targets = std::map<std::string, double>;
    static bool read(const toml::node& node, Targets& out, const Spot& spot);
    static std::optional<Value> write(const Targets& targets);
};

/// `[kpi.targets]`: those of teams.
struct TargetsOfTeams {
    using Targets = std::map<std::string, double>;
    static bool read(const toml::node& node, Targets& out, const Spot& spot);
    static std::optional<Value> write(const Targets& targets);
};

template <>
inline constexpr auto fields<checks::DatedTarget> = std::tuple{
    field("from", &checks::DatedTarget::from, "the first day on which it holds; default: always"),
    field("value", &checks::DatedTarget::value, "per rep and week of five working days", required),
    field("team", &checks::DatedTarget::team, "only for this team, or:"),
    field("role", &checks::DatedTarget::role, "only for this role, or:"),
    field("rep", &checks::DatedTarget::rep, "only for this rep: an address or a name"),
};

/// `[[kpi.target]]`: targets with their first day.
struct DatedTargets {
    using Targets = std::vector<checks::DatedTarget>;
    static bool read(const toml::node& node, Targets& out, const Spot& spot);
    static std::optional<Value> write(const Targets& targets);
};

/// `ramp = [0, 0.5, 1]`: a share of the target by full months in the role.
struct Ramp {
    static bool read(const toml::node& node, std::vector<double>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<double>& ramp);
};

/// What the warehouse counts.
struct KnownMeasure {
    std::optional<Complaint> operator()(const std::string& measure) const;
    std::optional<Complaint> operator()(const std::vector<std::string>& measures) const;
};

template <>
inline constexpr auto fields<checks::KpiRatio> = std::tuple{
    field("of", &checks::KpiRatio::of, "the measure that is divided", required, KnownMeasure{}),
    field("by", &checks::KpiRatio::by, "the measures by whose sum it is divided", required,
          KnownMeasure{}),
};

template <>
inline constexpr auto fields<checks::KpiRole> = std::tuple{
    field("name", &checks::KpiRole::name, "what teams.toml calls the role", required, not_blank),
    field<Ramp>("ramp", &checks::KpiRole::ramp,
                "the share of a target that full months in the role ask for"),
};

template <>
inline constexpr auto fields<checks::Kpi> = std::tuple{
    field("name", &checks::Kpi::name, "what commands and findings call the KPI", required,
          identifier),
    field("label", &checks::Kpi::label, "what people read; empty: the name"),
    field<Measure>("measure", &checks::Kpi::measure, "what is counted, or:", KnownMeasure{}),
    field("ratio", &checks::Kpi::ratio, "one measure by others: { of = \"…\", by = [\"…\"] }"),
    field("unit", &checks::Kpi::unit, "\"count\", or the currency of an amount", not_blank),
    field<TargetOfAll>("target", &checks::Kpi::targets, "per rep and week of five working days"),
    field<TargetsOfTeams>("targets", &checks::Kpi::targets, "other targets, by team"),
    field<DatedTargets>("target", &checks::Kpi::dated_targets,
                        "instead of one number: [[kpi.target]] tables, each from a day on"),
    field("lower_is_better", &checks::Kpi::lower_is_better,
          "whether less is better; the target is not prorated then"),
    field("why", &checks::Kpi::why, "a sentence that says to a rep why this number matters",
          required, not_blank),
    field("question", &checks::Kpi::question,
          "what a manager may ask when the KPI stays low; empty: a general one"),
};

template <>
inline constexpr auto fields<checks::Funnel> = std::tuple{
    field("quota", &checks::Funnel::quota, "worth of deals that each rep is to win in `weeks`",
          between(0.0, 1e15)),
    field("weeks", &checks::Funnel::weeks, "the weeks of the quota", between(1, 104)),
    field("deal_size", &checks::Funnel::deal_size,
          "worth of a deal; 0: what the team's wins were worth on the average", between(0.0, 1e15)),
    field("steps", &checks::Funnel::steps,
          "measures, the wins first, each of them made from the next", KnownMeasure{}),
    field("history_weeks", &checks::Funnel::history_weeks,
          "the weeks over which the rates between them are counted", between(4, 104)),
};

/// "2027-Q1", or nothing.
struct QuarterName {
    std::optional<Complaint> operator()(const std::string& name) const;
};
template <>
inline constexpr auto fields<checks::Quota> = std::tuple{
    field("rep", &checks::Quota::rep, "the address of the rep whose quota it is"),
    field("team", &checks::Quota::team, "or the team: the quota of each rep of it"),
    field("quarter", &checks::Quota::quarter,
          "the fiscal quarter, such as \"2027-Q1\"; empty: every quarter", QuarterName{}),
    field("amount", &checks::Quota::amount, "what is to be won in the quarter", required,
          between(0.01, 1e15)),
    field("currency", &checks::Quota::currency, "of the amount; other deals are left out"),
};

template <>
inline constexpr auto fields<checks::Criterion> = std::tuple{
    field("name", &checks::Criterion::name, "what people read", required, not_blank),
    field("pipeline", &checks::Criterion::pipeline, "name or id of a pipeline; empty: all"),
    field("from_stage", &checks::Criterion::from_stage,
          "the open stage of the pipeline, counted from 1, from which it must be met",
          between(1, 100)),
    field("mandatory", &checks::Criterion::is_mandatory, "without it a deal is not real"),
    field("weight", &checks::Criterion::weight, "its part of the score", between(0.0, 1000.0)),
    field("evidence", &checks::Criterion::evidence,
          "what shows it: contact_role, meeting, field or inbound_touch", required),
    field("days", &checks::Criterion::days, "calendar days back, of a meeting or an inbound touch",
          rule::days),
    field("roles", &checks::Criterion::roles, "of a contact_role; empty: any"),
    field("field", &checks::Criterion::field,
          "of a field: one of the opportunity, or of its own fields"),
};

/// kpis.toml.
struct KpiFile {
    std::vector<checks::Kpi> kpis;
    std::vector<checks::Quota> quotas{};
    std::vector<double> ramp = checks::CheckOptions{}.ramp;
    std::vector<checks::KpiRole> roles{};
    checks::Funnel funnel{};
};
template <>
inline constexpr auto fields<KpiFile> = std::tuple{
    field<Ramp>("ramp", &KpiFile::ramp,
                "the share of a target that full months in the role ask for, the last for good"),
    field("role", &KpiFile::roles, "another ramp for a role: one [[role]] each"),
    field("funnel", &KpiFile::funnel, "what a quota asks for, from the deal back to the dial"),
    field("kpi", &KpiFile::kpis, "one [[kpi]] each"),
    field("quota", &KpiFile::quotas, "one [[quota]] each"),
};

/// criteria.toml.
struct CriteriaFile {
    std::vector<checks::Criterion> criteria;
};
template <>
inline constexpr auto fields<CriteriaFile> = std::tuple{
    field("criterion", &CriteriaFile::criteria, "one [[criterion]] each"),
};

}  // namespace nudged::config
