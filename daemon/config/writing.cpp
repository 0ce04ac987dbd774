// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/writing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::config {
namespace {

std::string key_text(std::string_view key) {
    constexpr std::string_view bare =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    const bool is_bare = !key.empty() && key.find_first_not_of(bare) == key.npos;
    return is_bare ? std::string{key} : quote(key);
}

void render_header(std::string_view open, const std::string& path, std::string_view close,
                   std::string& text) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{}{}{}\n", open, path, close);
}

/// TOML wants the plain values of a table before the tables in it.
void render_section(const Table& table, const std::string& path, std::string& text) {
    for (const auto& [key, value] : table.entries)
        if (value.form == Value::Form::text)
            text += fmt::format("{} = {}\n", key_text(key), value.text);
    for (const auto& [key, value] : table.entries) {
        const std::string inner = path.empty() ? key_text(key) : path + "." + key_text(key);
        for (const auto& section : value.tables) {
            const bool only_tables =
                !section.entries.empty() &&
                std::none_of(section.entries.begin(), section.entries.end(), [](const auto& entry) {
                    return entry.second.form == Value::Form::text;
                });
            if (value.form == Value::Form::tables)
                render_header("[[", inner, "]]", text);
            else if (!only_tables)
                render_header("[", inner, "]", text);
            render_section(section, inner, text);
        }
    }
}

}  // namespace

Value Value::of(std::string ready_text) {
    return {Form::text, std::move(ready_text), {}};
}

Value Value::of(Table table) {
    Value value{Form::table, {}, {}};
    value.tables.push_back(std::move(table));
    return value;
}

Value Value::of(std::vector<Table> tables) {
    return {Form::tables, {}, std::move(tables)};
}

void Table::set(std::string_view dotted, Value value) {
    const auto dot = dotted.find('.');
    if (dot == dotted.npos) return add(std::string{dotted}, std::move(value));
    const auto group = dotted.substr(0, dot);
    auto found = std::find_if(entries.begin(), entries.end(),
                              [&](const auto& entry) { return entry.first == group; });
    if (found == entries.end())
        found = entries.insert(entries.end(), {std::string{group}, Value::of(Table{})});
    found->second.tables.front().set(dotted.substr(dot + 1), std::move(value));
}

void Table::add(std::string key, Value value) {
    entries.emplace_back(std::move(key), std::move(value));
}

std::string render(const Table& table) {
    std::string text;
    render_section(table, "", text);
    return text;
}

std::string render_inline(const Table& table) {
    std::string text = "{ ";
    for (const auto& [key, value] : table.entries)
        text += fmt::format("{}{} = {}", text.size() > 2 ? ", " : "", key_text(key),
                            render_inline(value));
    return table.entries.empty() ? "{}" : text + " }";
}

std::string render_inline(const Value& value) {
    if (value.form == Value::Form::text) return value.text;
    if (value.form == Value::Form::table) return render_inline(value.tables.front());
    std::string text = "[";
    for (const auto& table : value.tables)
        text += (text.size() > 1 ? ", " : "") + render_inline(table);
    return text + "]";
}

std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            quoted += {'\\', c};
        else if (c == '\n')
            quoted += "\\n";
        else if (c == '\t')
            quoted += "\\t";
        else if (byte < 0x20 || byte == 0x7F)
            quoted += fmt::format("\\u{:04X}", byte);
        else
            quoted += c;
    }
    return quoted + '"';
}

}  // namespace nudged::config
