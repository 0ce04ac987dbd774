// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <span>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// What a complete week of one person came to, in the unit of the measure.
struct WeekValue {
    PersonId person{};
    std::string measure;
    IsoWeek week;
    double value = 0;
};

/// A week whose value changed after it had been complete: a sheet was edited, a call logged late.
struct WeekEdit {
    PersonId person{};
    std::string measure;
    IsoWeek week;
    double before = 0;
    double after = 0;
    Instant seen_at;  // when it was found changed; the edit was made before
};

/// Those of `values` that are not what was noted last: mostly none, and nothing to write.
std::vector<WeekValue> read_news(const Reader& reader, std::vector<WeekValue> values);

/// Inside a write transaction. Notes what weeks came to when they were first complete, and from
/// then on each change. What changes because other users count for the person (another source, or
/// two persons that turned out to be one) is noted anew, and is no edit.
void note_weeks(Database& database, std::span<const WeekValue> values, Instant now);

/// What was found changed up to `until` in the weeks from `first` on: by person, measure, week and
/// time.
std::vector<WeekEdit> read_week_edits(const Reader& reader, IsoWeek first, Instant until);

}  // namespace nudged::warehouse
