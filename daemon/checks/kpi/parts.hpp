// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/currencies.hpp"
#include "daemon/checks/kpi/query_weeks.hpp"
#include "daemon/warehouse/rollups.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace nudged::checks {

/// Sums by measure and person.
using Sums = std::map<std::string_view, std::map<warehouse::PersonId, warehouse::WeekSums>>;

/// What one person did of some measures, looked up once for all weeks.
class PersonSums {
public:
    PersonSums(const std::vector<const warehouse::Measure*>& measures, const Sums& sums,
               warehouse::PersonId person);
    /// Over all measures, in their unit; nullopt where none has a row.
    std::optional<double> of(IsoWeek week) const;

private:
    struct Part {
        const warehouse::WeekSums* weeks;
        double parts;  // of the unit
    };
    std::vector<Part> parts_;
};

/// What a KPI is made of: measures, or weeks that its query gave, or that were computed.
struct KpiParts {
    std::vector<const warehouse::Measure*> of{}, by{};  // `by` only of a ratio
    const QueryWeeks* query = nullptr;
    std::string_view without = "the query gives no value";  // a week that `query` does not tell

    OtherCurrencies other_currencies{};  // of a KPI that adds up amounts

    std::vector<const warehouse::Measure*> all() const;
    /// What the query tells of a week; nullopt where it tells nothing.
    std::optional<double> queried(warehouse::PersonId person, IsoWeek week) const;
    std::optional<Cases> cases(warehouse::PersonId person, IsoWeek week) const;
    /// Why the value of a week enters no verdict.
    std::optional<std::string> too_few(warehouse::PersonId person, IsoWeek week) const;
    /// Why a sum of amounts is none.
    std::optional<std::string> mixed(warehouse::PersonId person, IsoWeek week) const;
    bool is_of_counts() const;
};

/// `query` is still to be set for whoever has one; nullopt when a measure is not known.
std::optional<KpiParts> parts_of(const Scene& scene, const Kpi& kpi);

}  // namespace nudged::checks
