// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/condition.hpp"
#include "connectors/sources/mapping/field_rule.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nudged::sources {

/// Texts around places of the record: "{/first} {/last}".
struct JoinedText {
    std::vector<std::variant<std::string, json::Path>> parts;
};

/// How one value of a record is found and made.
struct ValuePlan {
    FieldRule rule;
    std::string name;
    std::vector<json::Path> from;
    std::optional<json::Path> time;  // of the day that `from` tells
    std::optional<JoinedText> join;
    std::vector<Condition> when;    // all must hold, or the value is null
    bool latest = false;            // of all that `from` leads to the latest, not the first
    std::vector<ValuePlan> minus;   // none, or the seconds to take from an instant
    std::vector<ValuePlan> plus;    // none, or the seconds to add to it
    std::vector<ValuePlan> span;    // none, or two instants: the value is the seconds between them
    std::vector<ValuePlan> others;  // tried in turn while there is no value
    std::shared_ptr<const Nulls> nulls;
};

/// How a row of an answer becomes a record. Immutable; any thread.
struct RecordPlan {
    model::Entity entity{};
    ValuePlan id;
    bool is_id_own = false;  // made as the source says: of two rows of one id the second is told
    std::optional<ValuePlan> modified;
    std::vector<Condition> where;     // all must hold, or the row is none of this entity's
    std::vector<Condition> deleted;   // all hold for a row that tells a deletion; empty: none does
    bool all_deleted = false;         // every row tells one
    std::optional<ValuePlan> into;    // of a deleted row: the record that it was merged into
    std::optional<json::Path> parts;  // of any other: the ids of those that were merged into it
    bool leaves = false;              // a row that `where` turns away becomes a tombstone
    std::string digest;  // of how the followed fields are mapped; empty where there are none
    std::vector<ValuePlan> fields;
    std::vector<ValuePlan> extra;  // fields of the admin's own, by name; each rule has no field
};

}  // namespace nudged::sources
