// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::config {

struct Table;

/// A value on its way to TOML text.
struct Value {
    enum class Form { text, table, tables };
    Form form = Form::text;
    std::string text;           // ready to stand behind `key =`
    std::vector<Table> tables;  // one for Form::table

    static Value of(std::string ready_text);
    static Value of(Table table);
    static Value of(std::vector<Table> tables);
};

/// Keys in the order in which an admin would write them.
struct Table {
    std::vector<std::pair<std::string, Value>> entries;

    /// Dots in the key lead into inner tables.
    void set(std::string_view dotted, Value value);
    /// A key as it is, dots and all.
    void add(std::string key, Value value);
};

/// TOML text of a whole file.
std::string render(const Table& table);
/// `{ a = 1, b = "x" }`; tables further in stand inline too.
std::string render_inline(const Table& table);
std::string render_inline(const Value& value);

/// A TOML basic string, quotes and all.
std::string quote(std::string_view text);

}  // namespace nudged::config
