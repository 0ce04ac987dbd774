// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/toml.hpp"
#include "daemon/config/secrets.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::config {

/// One file on its way into option structs: what places call it, and where relative paths begin.
struct Reading {
    std::string file;
    std::filesystem::path folder;
    Diagnostics& problems;
    Secrets secrets = Secrets::required;
    /// The admin's own measures that have been read: a KPI may name them as it names what ships.
    std::vector<std::string> measures{};
};

/// Where in a file a value stands: its key and the table around it, for messages.
struct Spot {
    Reading& reading;
    std::string table;  // "opp.stalled"; empty at the top
    std::string key;    // "multiple"

    /// A value one level further in.
    Spot inside(std::string_view inner_key) const;
    /// The same for a dotted key, which leads through tables.
    Spot at(std::string_view dotted) const;

    Place place(const toml::node& node) const;
    void error(const toml::node& node, std::string what, std::string remedy = {}) const;
    /// "grace" must be a whole number, not text.
    void wrong_type(const toml::node& node, std::string_view wanted, std::string remedy = {}) const;
};

/// What overrides of the command line call their file.
inline constexpr std::string_view override_file = "--set";

/// The value at a dotted key; null when it is not there.
const toml::node* find_dotted(const toml::table& table, std::string_view dotted);

/// A problem for every key of `table` that is none of `known`; dots in those lead into tables.
void report_unknown_keys(const toml::table& table, const Spot& spot,
                         std::span<const std::string> known);

/// "did you mean …", or the candidates themselves when none is near and they are few.
std::string suggest(std::string_view word, std::span<const std::string> candidates);

}  // namespace nudged::config
