// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/options.hpp"
#include "daemon/config/field.hpp"

/// The checks on records, in checks.toml.
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
          "whose CRM fills in the last day of the month of creation; empty: none"),
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

}  // namespace nudged::config
