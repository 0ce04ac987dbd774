// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/toml_table.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace nudged::sources {

using std::chrono::milliseconds;

std::optional<milliseconds> parse_duration(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::int64_t ms;
    };
    constexpr std::array units{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                               Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
    constexpr std::int64_t most = 1'000'000;
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0 || count > most) return std::nullopt;
    const std::string_view name{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    for (const auto& unit : units)
        if (unit.name == name) return milliseconds{count * unit.ms};
    return std::nullopt;
}

std::optional<std::string> scalar_text(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    return std::nullopt;
}

TomlTable::TomlTable(const toml::table& table, std::string file, Diagnostics& problems)
    : table_(table), file_(std::move(file)), problems_(problems) {}

Place TomlTable::place(std::string_view key) const {
    const auto* value = table_.get(key);
    return place_of(value ? *value : static_cast<const toml::node&>(table_), file_);
}

const toml::node* TomlTable::node(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
}

void TomlTable::error(std::string_view key, const std::string& what,
                      const std::string& remedy) const {
    problems_.error(place(key), what, remedy);
}

void TomlTable::wrong_type(std::string_view key, std::string_view expected) const {
    error(key, fmt::format("\"{}\" is not {}", key, expected), fmt::format("write {}", expected));
}

std::string TomlTable::text(std::string_view key, std::string otherwise) {
    const auto* value = node(key);
    if (!value) return otherwise;
    if (const auto* text = value->as_string()) return text->get();
    wrong_type(key, "a text");
    return otherwise;
}

std::string TomlTable::required_text(std::string_view key) {
    if (!has(key))
        problems_.error(place(), fmt::format("\"{}\" is missing", key),
                        fmt::format("add {} = \"…\"", key));
    return text(key);
}

std::int64_t TomlTable::number(std::string_view key, std::int64_t otherwise, std::int64_t least,
                               std::int64_t most) {
    const auto* value = node(key);
    if (!value) return otherwise;
    const auto* number = value->as_integer();
    if (number && number->get() >= least && number->get() <= most) return number->get();
    wrong_type(key, fmt::format("a whole number from {} to {}", least, most));
    return otherwise;
}

bool TomlTable::flag(std::string_view key, bool otherwise) {
    const auto* value = node(key);
    if (!value) return otherwise;
    if (const auto* flag = value->as_boolean()) return flag->get();
    wrong_type(key, "true or false");
    return otherwise;
}

milliseconds TomlTable::duration(std::string_view key, milliseconds otherwise) {
    const auto* value = node(key);
    if (!value) return otherwise;
    const auto* text = value->as_string();
    if (const auto duration = text ? parse_duration(text->get()) : std::nullopt) return *duration;
    wrong_type(key, "a duration like \"90s\", \"5m\" or \"2h\"");
    return otherwise;
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
    const auto* value = node(key);
    if (!value) return {};
    if (auto text = scalar_text(*value)) return {std::move(*text)};
    std::vector<std::string> texts;
    const auto* array = value->as_array();
    if (array)
        for (const auto& element : *array)
            if (auto text = scalar_text(element)) texts.push_back(std::move(*text));
    if (!array || texts.size() != array->size()) wrong_type(key, "a text or a list of texts");
    return texts;
}

std::vector<int> TomlTable::numbers(std::string_view key) {
    std::vector<int> numbers;
    for (const auto& text : texts(key)) {
        int number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc{} && end == text.data() + text.size())
            numbers.push_back(number);
        else
            wrong_type(key, "a number or a list of numbers");
    }
    return numbers;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
    const auto* value = node(key);
    if (!value) return std::nullopt;
    if (const auto* inner = value->as_table()) return TomlTable{*inner, file_, problems_};
    wrong_type(key, "a table");
    return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
    std::vector<TomlTable> tables;
    const auto* value = node(key);
    if (!value) return tables;
    if (const auto* array = value->as_array())
        for (const auto& element : *array)
            if (const auto* inner = element.as_table())
                tables.emplace_back(*inner, file_, problems_);
    if (!value->is_array() || tables.size() != value->as_array()->size())
        wrong_type(key, "a list of tables");
    return tables;
}

void TomlTable::each(
    const std::function<void(const std::string& key, const toml::node& value)>& use) {
    for (const auto& [key, value] : table_) {
        asked_.emplace(key.str());
        use(std::string{key.str()}, value);
    }
}

void TomlTable::finish() const {
    for (const auto& [key, value] : table_) {
        if (asked_.contains(key.str())) continue;
        const std::vector<std::string> known{asked_.begin(), asked_.end()};
        const auto near = nearest(key.str(), known);
        problems_.error(place_of(key, file_), fmt::format("unknown key \"{}\"", key.str()),
                        near.empty() ? fmt::format("the keys here are {}", fmt::join(known, ", "))
                                     : fmt::format("did you mean \"{}\"?", near));
    }
}

}  // namespace nudged::sources
