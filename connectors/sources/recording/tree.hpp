// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::recording {

struct Member;

/// JSON that can be changed and written again without a loss: members keep their order, and numbers
/// their digits.
struct Tree {
    enum class Kind : std::uint8_t { null, boolean, number, text, array, object };
    Kind kind = Kind::null;
    std::string text{};             // of a scalar; "true" and "false"
    std::vector<Member> members{};  // of a compound; those of an array have no names
};

struct Member {
    std::string name{};
    Tree value{};
};

/// nullopt for anything but one JSON value, and for one that is nested more than 64 deep.
std::optional<Tree> parse_tree(std::string_view json);

enum class Layout : std::uint8_t { lines, dense };
std::string to_json(const Tree& tree, Layout layout);

/// One text for two values that differ in nothing but the order of members.
std::string canonical_json(Tree tree);

Tree text_tree(std::string text);
Tree number_tree(std::int64_t number);
/// The member of that name; nullptr when there is none.
const Tree* find(const Tree& tree, std::string_view name);

}  // namespace nudged::sources::recording
