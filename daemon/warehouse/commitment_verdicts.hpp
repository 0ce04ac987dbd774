// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// What a week came to against what had been agreed for it, as it was decided at one moment.
struct StoredVerdict {
    std::int64_t commitment = 0;
    int revision = 1;  // counts from 1; the last one counts
    int promise = 1;   // the revision of the commitment that was judged
    PersonId person{};
    IsoWeek week = IsoWeek::of({});
    std::string status;             // excused, unverifiable, met, exceeded, partly, some, missed
    std::optional<double> value{};  // empty: not known
    double working_days = 0;
    double due = 0;                    // what was promised, by the days worked
    double baseline = 0;               // the same of where it began
    std::optional<double> progress{};  // from baseline to due, 1 being all of it; empty for a hold
    Instant decided_at{};
    std::string rests_on{};  // how far the sources had been read
};

/// Of the commitments of a filter (by the weeks that were judged), every revision up to its as_of:
/// by commitment and revision.
std::vector<StoredVerdict> read_verdicts(const Database& database, const CommitmentFilter& filter);

/// Inside a write transaction: as the next revision of its commitment's verdicts.
void insert_verdict(Database& database, const StoredVerdict& verdict);

}  // namespace nudged::warehouse
