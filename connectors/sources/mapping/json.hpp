// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/document.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::json {

using Value = rapidjson::Value;
using Document = rapidjson::Document;

/// Answers nested deeper are refused: no CRM needs it, and each level costs memory.
inline constexpr std::size_t max_depth = 64;

/// Parses `body` in place: the document's texts point into it, so it must not move and must outlive
/// the document. Numbers stay text ("48000.10" loses nothing). nullptr: not JSON (an empty body
/// is none), or nested beyond max_depth.
std::unique_ptr<Document> parse(std::string& body);

/// A place in an answer: a JSON pointer (RFC 6901) with two additions. "*" stands for every element
/// of an array, and a leading ".." for what holds the record: "../id" is the id of the parent.
class Path {
public:
    Path() = default;  // the whole
    /// nullopt when it is neither empty nor begins with "/" or "../".
    static std::optional<Path> parse(std::string_view text);

    /// The first that is there and not null; nullptr when none is. `parent` is what ".." means.
    const Value* find(const Value& root, const Value* parent = nullptr) const;
    bool is_whole() const { return steps_.empty() && !from_parent_; }
    /// Whether there is a list where the path expects its first one: what an answer of another
    /// shape than agreed does not have.
    bool holds_list(const Value& root) const;
    /// Everything that the path leads to, by way of every "*".
    void each_value(const Value& root, const std::function<void(const Value& value)>& use) const;
    /// The elements of every array that the path leads to, with the element that holds the array
    /// (the root when there is no "*"). A single object counts as a list of one.
    void each_element(
        const Value& root,
        const std::function<void(const Value& element, const Value& parent)>& use) const;

    /// The step that follows `prefix`, "amount" for "/properties" in "/properties/amount"; "" when
    /// this path does not begin there.
    std::string step_after(const Path& prefix) const;

private:
    std::vector<std::string> steps_;
    bool from_parent_ = false;
};

/// A scalar as text: strings and numbers as they stand, booleans as "true" and "false". nullopt for
/// null and for absent ones.
std::optional<std::string_view> scalar(const Value* value);
/// True for objects and arrays, which have no text.
bool is_compound(const Value* value);

}  // namespace nudged::sources::json
