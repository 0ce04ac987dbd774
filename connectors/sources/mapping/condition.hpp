// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/json.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources {

/// What a CRM writes for null besides null and "": texts, and "[]" and "{}" for the empty
/// compounds.
class Nulls {
public:
    Nulls() = default;
    explicit Nulls(std::vector<std::string> texts);

    bool has(std::string_view text) const;
    /// Nothing there, null, or whatever else stands for it.
    bool has(const json::Value* value) const;

private:
    std::vector<std::string> texts_;
    bool empty_array_ = false;
    bool empty_object_ = false;
};

/// Holds when the text at a place (empty: nothing there) fits, or when there is something at all.
struct Condition {
    json::Path at;
    std::vector<std::string> in;      // is one of these, or …
    std::vector<std::string> except;  // … none of these, or …
    std::vector<std::string> prefix;  // … begins with one of these, or …
    std::optional<bool> present;      // … is there or not, or …
    std::vector<Condition> any;       // … one of these holds, each of its own place
    std::shared_ptr<const Nulls> nulls;

    /// Of what stands at the place; for one without `any`.
    bool holds(const json::Value* found) const;
};

}  // namespace nudged::sources
