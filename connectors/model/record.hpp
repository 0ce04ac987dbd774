// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/entity.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace nudged::model {

/// One field's value: null; an integer (also a boolean as 0 or 1, an instant as epoch
/// milliseconds); or text (also a decimal, a date, a reference). Text belongs to the Page that
/// holds the record.
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

/// More than any entity has; a test holds it against fields_of().
inline constexpr std::size_t max_fields = 24;

/// Why a tombstone was told.
enum class Gone : std::uint8_t {
    deleted,    // the CRM says so
    merged,     // into another record, which `Record::into` names
    vanished,   // absent from a list that tells everything: purged, or shown to us no longer
    left,       // another entity's now; no tombstone where it was not known
    not_found,  // asked for by its id and not there: purged, or shown to us no longer
};
/// "deleted", "merged", …; as the warehouse keeps it.
std::string_view to_string(Gone why);

/// One normalized record as a source told it. `values[i]` is the i-th of fields_of(entity);
/// unmapped fields stay null.
struct Record {
    Entity entity{};
    std::string_view id;              // external id, unique per source and entity
    std::optional<Instant> modified;  // the CRM's version of it; a lower one loses
    bool deleted = false;             // a tombstone: besides `id` and `modified` these two count
    Gone why = Gone::deleted;
    std::string_view into;  // external id; of what was merged, where the CRM says into what
    std::array<Value, max_fields> values{};

    std::int64_t integer_at(std::size_t field, std::int64_t otherwise) const {
        const auto* value = std::get_if<std::int64_t>(&values[field]);
        return value ? *value : otherwise;
    }
    std::string_view text_at(std::size_t field) const {
        const auto* value = std::get_if<std::string_view>(&values[field]);
        return value ? *value : std::string_view{};
    }
};

}  // namespace nudged::model
