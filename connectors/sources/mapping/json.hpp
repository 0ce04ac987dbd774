// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
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

/// An element of a list, with what holds it and, where that is an object, its name there.
struct Located {
    const Value& element;
    const Value& parent;
    const Value* key = nullptr;
};

/// A place in an answer: a JSON pointer (RFC 6901) with additions. "*" stands for every element of
/// an array and every member of an object, "[key=value]" for those whose member `key` holds that
/// text. A leading ".." stands for what holds the record: "../id" is the id of the parent. "@key",
/// alone, is the name under which an object holds the record.
class Path {
public:
    Path() = default;  // the whole
    /// nullopt when it is none: neither empty nor "@key", no "/" or "../" to begin with, or a
    /// bracket that is not closed.
    static std::optional<Path> parse(std::string_view text);

    /// The first that is there and not null; nullptr when none is. `parent` is what ".." means, and
    /// `key` what "@key" does.
    const Value* find(const Value& root, const Value* parent = nullptr,
                      const Value* key = nullptr) const;
    bool is_whole() const { return steps_.empty() && !from_parent_ && !is_key_; }
    /// Whether it leads to one place at most.
    bool is_single() const;
    friend bool operator==(const Path&, const Path&) = default;
    /// Whether there is a list where the path expects its first one: what an answer of another
    /// shape than agreed does not have.
    bool holds_list(const Value& root) const;
    /// Everything that the path leads to, by way of all that it picks.
    void each_value(const Value& root, const std::function<void(const Value& value)>& use) const;
    /// The elements of every array that the path leads to, with the element that holds the array
    /// (the root when nothing is picked on the way). A single object counts as a list of one.
    void each_element(
        const Value& root,
        const std::function<void(const Value& element, const Value& parent)>& use) const;
    void each_located(const Value& root, const std::function<void(const Located&)>& use) const;

    /// What follows `prefix`: "amount" for "/properties" in "/properties/amount", or for "/fields"
    /// in "/fields/[name=amount]/value"; "" when this path does not begin there. With a `join` all
    /// that follows, "What.Type" for "/What/Type".
    std::string name_after(const Path& prefix, std::string_view join = {}) const;

    struct Step {
        enum class Kind : std::uint8_t { member, each, matching };
        Kind kind = Kind::member;
        std::string name;   // of the member: the one to go to, or the one that is compared …
        std::string value;  // … with this
        std::optional<unsigned> index{};  // the name as a number, for arrays
        friend bool operator==(const Step&, const Step&) = default;
    };

private:
    std::vector<Step> steps_;
    bool from_parent_ = false;
    bool is_key_ = false;
};

/// Puts what a text at `place` says, being JSON itself, in its stead; null where it is none. For
/// documents of parse().
void unpack(Document& document, const Path& place);

/// A scalar as text: strings and numbers as they stand, booleans as "true" and "false". nullopt for
/// null and for absent ones.
std::optional<std::string_view> scalar(const Value* value);
/// True for objects and arrays, which have no text.
bool is_compound(const Value* value);

}  // namespace nudged::sources::json
