// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// What has a next step or not.
enum class CoverageObject { account, opportunity };
std::string_view to_string(CoverageObject object);

/// How many of a person's had one, as it was proven last in a week.
struct CoverageWeek {
    PersonId person{};
    CoverageObject object{};
    IsoWeek week;
    std::int64_t covered = 0;
    std::int64_t in_scope = 0;
    std::chrono::local_days seen_on{};  // where the person is
    Instant seen_at{};
};

/// Those of `weeks` that say something else than what is noted, or the same on a later day: mostly
/// none. Of who has nothing in scope nothing is noted, unless they had before in that week.
std::vector<CoverageWeek> read_coverage_news(const Reader& reader, std::vector<CoverageWeek> weeks);

/// Inside a write transaction. A week has what is noted last; an earlier moment changes nothing.
void note_coverage(Database& database, std::span<const CoverageWeek> weeks);

/// Noted by `until`, of the weeks from `first` on.
std::vector<CoverageWeek> read_coverage_weeks(const Reader& reader, CoverageObject object,
                                              IsoWeek first, Instant until);

}  // namespace nudged::warehouse
