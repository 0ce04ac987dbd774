// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/field_rule.hpp"
#include "connectors/sources/mapping/json.hpp"

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
    std::optional<JoinedText> join;
};

/// Holds when the text at a place (empty: nothing there) is one of `in`, or none of `except`.
struct Condition {
    json::Path at;
    std::vector<std::string> in;
    std::vector<std::string> except;
};

/// How a row of an answer becomes a record. Immutable; any thread.
struct RecordPlan {
    model::Entity entity{};
    ValuePlan id;
    std::optional<ValuePlan> modified;
    std::vector<Condition> where;    // all must hold, or the row is none of this entity's
    std::vector<Condition> deleted;  // all hold for a row that tells a deletion; empty: none does
    bool leaves = false;             // a row that `where` turns away becomes a tombstone
    std::vector<ValuePlan> fields;
    std::vector<ValuePlan> extra;  // fields of the admin's own, by name; each rule has no field
};

}  // namespace nudged::sources
