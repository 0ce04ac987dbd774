// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/alerts/texts.hpp"
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/checks/scorecard.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nudged::alerts {

/// Which week the KPI columns are about. Of one that may still change the values are told, with a
/// star and without a trend: what it amounts to is said when it is complete.
enum class ShownWeek {
    last_complete,
    last,     // whether or not it is complete
    running,  // what has been done of it so far
};

/// What a table of the team shows beside KPIs, coverage and open findings.
struct TeamTable {
    ShownWeek week = ShownWeek::last_complete;
    const checks::Judgement* agreed = nullptr;  // a column of what was agreed; null: none
    std::optional<IsoWeek> agreed_for{};        // empty: for the week shown
};

/// One line a rep of the team, in the order of their names.
model::Message::Section team_table(const checks::Scorecard& scorecard, std::string_view team,
                                   const Texts& texts, const TeamTable& table = {});

/// "61 / 90 ↗", "33 / 72 (4 d) *" of one KPI and week.
std::string kpi_cell(const checks::ScorecardRep& rep, const checks::ScorecardKpi& kpi,
                     const checks::KpiWeek* week, const Texts& texts);
const checks::KpiWeek* week_of(const checks::ScorecardKpi& kpi, ShownWeek week);
/// "✓", "↗", "→", "↘", "◆", "…"
std::string mark_of(checks::TrendClass kind);
std::string coverage_cell(const std::optional<checks::Coverage>& coverage, const Texts& texts);
/// "52 of 50 ✓", "46 of 50", "50 by Sunday": what was agreed for a week, and how it stands.
std::string agreed_text(const checks::JudgedCommitment& judged, const Texts& texts);

}  // namespace nudged::alerts
