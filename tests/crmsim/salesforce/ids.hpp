// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::crmsim::salesforce {

/// What the 18 characters of an id say: the object by its key prefix, and the row.
struct IdParts {
    std::string prefix;
    std::uint64_t number;
};

/// Prefix, instance, nine digits of base 62 in ASCII order, checksum: of one prefix, ids sort by
/// bytes as their numbers do, and two of them may differ in a letter's case alone, as real ones do.
std::string id_text(std::string_view prefix, std::uint64_t number);

/// The form of 18 characters for either form, which is how ids are compared; nullopt for anything
/// that is no id.
std::optional<std::string> full_id(std::string_view text);

/// nullopt for an id that this simulation never made.
std::optional<IdParts> parse_id_text(std::string_view text);

}  // namespace nudged::crmsim::salesforce
