// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/toml.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources {

/// One TOML table being read: each question names a key, and what was never asked for is an unknown
/// key. Problems go to the diagnostics, and the answer is then the default.
class TomlTable {
public:
    TomlTable(const toml::table& table, std::string file, Diagnostics& problems);

    Place place() const { return place_of(table_, file_); }
    /// Where a key's value stands; the table itself when it is absent.
    Place place(std::string_view key) const;
    bool has(std::string_view key) { return node(key) != nullptr; }

    std::string text(std::string_view key, std::string otherwise = {});
    /// The same, of a key that must be there.
    std::string required_text(std::string_view key);
    std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least,
                        std::int64_t most);
    bool flag(std::string_view key, bool otherwise = false);
    /// "210ms", "60s", "5m", "1h" or "2d".
    std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds otherwise);
    /// One text or an array of texts; numbers and booleans count as their text.
    std::vector<std::string> texts(std::string_view key);
    std::vector<int> numbers(std::string_view key);
    /// The value itself, for those who read it in their own way.
    const toml::node* node(std::string_view key);
    std::optional<TomlTable> table(std::string_view key);
    std::vector<TomlTable> tables(std::string_view key);
    /// Every key of this table with its value; all of them count as asked for.
    void each(const std::function<void(const std::string& key, const toml::node& value)>& use);

    /// Tells of the keys that nobody asked for.
    void finish() const;
    void error(std::string_view key, const std::string& what, const std::string& remedy = {}) const;

    const std::string& file() const { return file_; }
    Diagnostics& problems() const { return problems_; }

private:
    void wrong_type(std::string_view key, std::string_view expected) const;

    const toml::table& table_;
    std::string file_;
    Diagnostics& problems_;
    std::set<std::string, std::less<>> asked_;
};

/// "210ms", "60s", "5m", "1h", "2d"; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// A scalar as text; nullopt for tables, arrays and dates.
std::optional<std::string> scalar_text(const toml::node& node);

}  // namespace nudged::sources
