// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/record_check_fields.hpp"

/// The checks on people, in checks.toml.
namespace nudged::config {

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
inline constexpr auto fields<checks::CoverageGap> = std::tuple{
    field("enabled", &checks::CoverageGap::enabled, rule::enabled),
    field("win_months", &checks::CoverageGap::win_months,
          "months of closed deals that make the win rate", between(1, 120)),
    field("minimum_deals", &checks::CoverageGap::minimum_deals,
          "that the team must have closed in them", between(1, 100'000)),
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
inline constexpr auto fields<checks::LostCycleLong> = std::tuple{
    field("enabled", &checks::LostCycleLong::enabled, rule::enabled),
    field("multiple", &checks::LostCycleLong::multiple,
          "of the median of won deals, beyond which that of lost ones is long",
          between(1.0, 100.0)),
    field("minimum_deals", &checks::LostCycleLong::minimum_deals,
          "won and lost deals that the medians need, each", rule::count),
    field("history_months", &checks::LostCycleLong::history_months, rule::history, rule::months),
};

}  // namespace nudged::config
