// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// An opportunity as it looked at one moment, as far as its history reaches: what changes is of
/// then, what it and its stage are called of today. Texts are empty where there was nothing.
struct PastOpportunity {
    RecordKey key;
    std::string name;
    std::string valid_from, valid_until;  // ISO 8601; as v_opportunity_period has them
    std::string owner;                    // name, or the CRM's id of an unknown one
    std::string stage;
    std::string amount;  // to the last digit
    std::string currency;
    std::string close_date;
    std::string forecast_category;
    std::string next_step;
};

/// Every opportunity of that id, of one source or of all; of those that existed at `as_of`.
std::vector<PastOpportunity> read_past_opportunities(const Reader& reader, std::string_view id,
                                                     const std::optional<std::string>& source,
                                                     Instant as_of);

struct PastChange {
    std::string changed_at;  // ISO 8601
    std::string field;
    std::string before, after;
    std::string changed_by;  // empty where nobody knows
    std::string origin;      // crm or seen
};

/// Its changes up to `as_of`, the first one first.
std::vector<PastChange> read_past_changes(const Reader& reader, const RecordKey& opportunity,
                                          Instant as_of);

}  // namespace nudged::warehouse
