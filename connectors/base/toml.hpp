// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"

#include <toml++/toml.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// TOML with positions. Including this costs seconds of compile time: for readers of files only.
namespace nudged {

/// `name` is what places call the text. The first syntax error ends the parse: it becomes the one
/// problem, and the result is nullopt.
std::optional<toml::table> parse_toml(std::string_view text, const std::string& name,
                                      Diagnostics& problems);

/// The same for a file of at most 16 MiB; one that cannot be read is a problem like any other.
std::optional<toml::table> read_toml(const std::filesystem::path& file, const std::string& name,
                                     Diagnostics& problems);

/// Where a value or a key begins.
Place place_of(const toml::node& node, const std::string& file);
Place place_of(const toml::key& key, const std::string& file);

}  // namespace nudged
