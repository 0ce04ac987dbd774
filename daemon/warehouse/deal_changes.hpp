// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::warehouse {

/// A field of opportunities whose changes are known.
enum class DealField { stage, amount, close_date, owner };
std::string_view to_string(DealField field);

/// One change of one field. Values are as the column holds them, empty for none.
struct DealChange {
    RecordKey opportunity;
    Instant at;
    std::string before;
    std::string after;
    std::string by;  // the CRM's id of the user; empty where nobody knows
};

/// Up to `as_of`, of every opportunity that was open then: by opportunity, of each the oldest
/// first.
std::vector<DealChange> read_deal_changes(const Reader& reader, DealField field, Instant as_of);

/// Whether a source says of any close date who moved it.
bool tells_who_moves_dates(const Reader& reader, const std::string& source);

/// Stages as they are today: they have no history.
struct StageInfo {
    std::string name;
    std::string pipeline_id;
    std::optional<std::int64_t> position;
    bool is_closed = false;
};
/// By source and id.
std::map<std::pair<std::string, std::string>, StageInfo> read_stages(const Reader& reader);

struct UserInfo {
    std::string name;
    PersonId person = PersonId::nobody;
    bool is_person = true;  // unless the CRM says that it is none
};
/// By source and id.
std::map<std::pair<std::string, std::string>, UserInfo> read_users(const Reader& reader);

/// Since when each source's opportunities are read, as far as the record of runs reaches: what was
/// created later has been watched for all of its life.
std::map<std::string, Instant> read_watch_begins(const Reader& reader);

}  // namespace nudged::warehouse
