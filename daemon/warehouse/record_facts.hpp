// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// What is known of one record that a person names by its id, whether or not a check looks at it.
struct RecordFacts {
    std::string entity;  // opportunity, account, contact, task, call or meeting
    std::string source;
    std::string id;
    std::string name;  // or the subject; may be empty
    std::string url;
    std::optional<Instant> deleted_at;
    std::optional<Instant> created_at;
    std::string
        ending;  // "won", "lost", "closed", "done", "cancelled"; empty: open, or no such thing
};

/// Every record of that id in that source: ids are only unique per entity.
std::vector<RecordFacts> read_record_facts(const Reader& reader, std::string_view source,
                                           std::string_view id);

}  // namespace nudged::warehouse
