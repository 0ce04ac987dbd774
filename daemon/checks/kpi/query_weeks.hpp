// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/warehouse/view_queries.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nudged::checks {

/// What the query of a KPI gives: no daily sum, but a value for each person and week, such as a
/// median or a velocity.
struct QueryWeeks {
    /// Weeks of which the query says nothing are not there: that is not zero.
    std::map<warehouse::PersonId, std::map<IsoWeek, double>> values;
    /// What a share rests on, where it is one of counts (kpi/coverage_weeks.hpp).
    std::map<warehouse::PersonId, std::map<IsoWeek, Cases>> cases{};
    /// Why a value enters no verdict: the median of two says little.
    std::map<warehouse::PersonId, std::map<IsoWeek, std::string>> too_few{};
    /// Of whom nothing can be said, and why.
    std::map<warehouse::PersonId, std::string> unproven{};
    std::vector<model::Entity> rests_on;  // the records that the views it reads are made of
    std::string failure;                  // why there are no values
};

/// What is missing in the columns of a KPI's query; nullopt when it will do. `person_id`, `week`
/// ("2026-W48", or any day of it) and `value` must be there; others are not looked at.
std::optional<std::string> find_missing_kpi_column(const std::vector<std::string>& columns);

/// The values of the weeks [from, until), read once per scene; a query that does not work, or takes
/// too much, has a failure that names its place.
const QueryWeeks& query_weeks(const Scene& scene, const Kpi& kpi, IsoWeek from, IsoWeek until);

}  // namespace nudged::checks
