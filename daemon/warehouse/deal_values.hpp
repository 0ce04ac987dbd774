// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Whether an opportunity has such a field: a column's name, or "extra." and the name of a field
/// that a source adds.
bool is_deal_field(std::string_view field);

/// What the fields hold today of every opportunity that was open at `as_of`, in their order; empty
/// for none. Fields must be such.
std::map<RecordKey, std::vector<std::string>> read_deal_values(const Reader& reader,
                                                               std::span<const std::string> fields,
                                                               Instant as_of);

/// Whether any opportunity of the source, gone ones too, holds something in the field: else the CRM
/// does not give it, or nobody maps it. Reads until it finds one.
bool is_field_told(const Reader& reader, const std::string& source, const std::string& field);

/// Whether the person called, met or wrote to the customer in (since, as_of]: about the
/// opportunity, or with its account without naming another one.
bool has_touch_by(const Reader& reader, const RecordKey& opportunity, const std::string& account_id,
                  PersonId person, Instant since, Instant as_of);

}  // namespace nudged::warehouse
