// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

// What is known about opportunities beside their own columns: one statement a source, whatever the
// number of records. What was merged into a record before `as_of` counts as the record's.

/// The part that a contact has in an opportunity.
struct ContactRole {
    std::string contact;  // its id
    std::string role;     // in the words of the CRM; may be empty
    bool is_primary = false;
};
/// Those that were made by `as_of` and are there today: parts have no history.
std::map<RecordKey, std::vector<ContactRole>> read_contact_roles(
    const Reader& reader, const std::vector<RecordKey>& opportunities, Instant as_of);

/// The names of contacts that have one.
std::map<RecordKey, std::string> read_contact_names(const Reader& reader,
                                                    const std::vector<RecordKey>& contacts);

/// What one field of the opportunities holds as text: a column of the model, else one of the
/// admin's own fields (`extra`). Records without a value are absent.
std::map<RecordKey, std::string> read_opportunity_field(const Reader& reader,
                                                        const std::vector<RecordKey>& opportunities,
                                                        const std::string& field);
/// True for a column of the model that read_opportunity_field() reads as such.
bool is_opportunity_column(std::string_view field);

/// The names of pipelines that have one.
std::map<RecordKey, std::string> read_pipeline_names(const Reader& reader);

/// An opportunity that was won or lost by `as_of`, with its owner and amount of today.
struct ClosedDeal {
    RecordKey key;
    PersonId owner = PersonId::nobody;
    bool is_won = false;
    std::optional<Decimal> amount;
    std::string currency;
    std::chrono::local_days closed;  // its close date, else the day it was closed in UTC
};
/// Those that closed in [from, until).
std::vector<ClosedDeal> read_closed_deals(const Reader& reader, std::chrono::local_days from,
                                          std::chrono::local_days until, Instant as_of);

/// Since when each source has been read, as far as the log of runs reaches.
std::map<std::string, Instant> read_watched_since(const Reader& reader);

}  // namespace nudged::warehouse
