// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/mapping/json.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace nudged::sources::recording {

/// What a manifest takes the value at a place for.
enum class Role : std::uint8_t {
    personal,  // a text of people: names, subjects, addresses
    value,     // a number, a date, a time, a yes or no
    choice,    // one of a few: an outcome, a currency
    id,        // of this record or another
    page,      // where the next page is
};

using Roles = std::unordered_map<const json::Value*, Role>;

/// What a manifest reads in an answer, whichever of its requests that was. A place that is read
/// twice has the role that tells more of people.
Roles roles_in(const Manifest& manifest, const json::Document& answer);

/// A row of an answer, and what holds it.
struct RowAt {
    const json::Value& row;
    const json::Value& parent;
    const json::Value* key = nullptr;
};
/// Every place of the row that the plan looks at, with its role.
void each_read(const RecordPlan& plan, const RowAt& at,
               const std::function<void(const json::Value&, Role)>& use);

/// Texts that stand in the manifest: error codes, outcomes, states. They say nothing of anybody.
std::vector<std::string> words_of(const Manifest& manifest);

}  // namespace nudged::sources::recording
