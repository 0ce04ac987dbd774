// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/codec.hpp"

#include <tuple>
#include <type_traits>

/// The binding of keys to members: one row a key, and from the rows the reader with its diagnostics
/// and what `config show` prints.
namespace nudged::config {

/// What a value is not, and what to write instead.
struct Complaint {
    std::string what;  // follows the key: "must be at least 0"
    std::string remedy;
};

template <typename Struct, typename Member, typename Code, typename... Rules>
struct Field {
    using Codec = Code;
    std::string_view key;  // dots lead into inner tables
    Member Struct::*member;
    std::string_view meaning;
    std::tuple<Rules...> rules;
};

/// A row: key, member, what it means to an admin, and what its values must keep to. `Code` reads it
/// where the type alone does not say how.
template <typename Code = void, typename Struct, typename Member, typename... Rules>
constexpr auto field(std::string_view key, Member Struct::*member, std::string_view meaning,
                     Rules... rules) {
    using Chosen = std::conditional_t<std::is_void_v<Code>, Codec<Member>, Code>;
    return Field<Struct, Member, Chosen, Rules...>{key, member, meaning, {rules...}};
}

/// The rows of a struct. Specialised before its first use.
template <typename T>
inline constexpr std::tuple<> fields{};

template <typename T>
concept Bound = std::tuple_size_v<std::remove_cvref_t<decltype(fields<T>)>> >
0;

// --- rules ---------------------------------------------------------------------------------------

/// The key must be there.
struct Required {};
inline constexpr Required required{};

/// A bound as an admin would write it.
template <typename T>
std::string bound_text(const T& bound) {
    return Codec<T>::write(bound)->text;
}

template <typename T>
struct AtLeast {
    T min;
    std::optional<Complaint> operator()(const T& value) const {
        if (value >= min) return std::nullopt;
        return Complaint{"must be at least " + bound_text(min), ""};
    }
    void narrow(Shape& shape) const {
        if constexpr (std::is_arithmetic_v<T>)
            shape.least = static_cast<double>(min);
        else
            shape.form += ", at least " + bound_text(min);
    }
};
template <typename T>
constexpr AtLeast<T> at_least(T min) {
    return {min};
}

template <typename T>
struct Between {
    T min, max;
    std::optional<Complaint> operator()(const T& value) const {
        if (value >= min && value <= max) return std::nullopt;
        return Complaint{fmt::format("must be between {} and {}", bound_text(min), bound_text(max)),
                         ""};
    }
    void narrow(Shape& shape) const {
        if constexpr (std::is_arithmetic_v<T>) {
            shape.least = static_cast<double>(min);
            shape.most = static_cast<double>(max);
        } else {
            shape.form += fmt::format(", from {} to {}", bound_text(min), bound_text(max));
        }
    }
};
template <typename T>
constexpr Between<T> between(T min, T max) {
    return {min, max};
}

template <std::size_t N>
struct OneOf {
    std::array<std::string_view, N> words;
    std::optional<Complaint> operator()(const std::string& value) const {
        if (std::find(words.begin(), words.end(), value) != words.end()) return std::nullopt;
        const std::vector<std::string> known(words.begin(), words.end());
        return Complaint{fmt::format("cannot be \"{}\"", value), suggest(value, known)};
    }
    void narrow(Shape& shape) const { shape.words.assign(words.begin(), words.end()); }
};
template <typename... Words>
constexpr OneOf<sizeof...(Words)> one_of(Words... words) {
    return {{std::string_view{words}...}};
}

struct NotBlank {
    std::optional<Complaint> operator()(const std::string& value) const;
    void narrow(Shape& shape) const { shape.pattern = "\\S"; }
};
inline constexpr NotBlank not_blank{};

/// A name that stands in paths, metrics and on the command line.
struct Identifier {
    std::optional<Complaint> operator()(const std::string& value) const;
    void narrow(Shape& shape) const { shape.pattern = "^[a-z0-9_][a-z0-9_-]{0,63}$"; }
};
inline constexpr Identifier identifier{};

// --- structs -------------------------------------------------------------------------------------

template <typename Row>
constexpr bool is_required_row = false;
template <typename Struct, typename Member, typename Code, typename... Rules>
constexpr bool is_required_row<Field<Struct, Member, Code, Rules...>> =
    (std::is_same_v<Rules, Required> || ...);

template <typename Row, typename T>
void check_rules(const Row& row, const T& value, const toml::node& node, const Spot& spot) {
    const auto check = [&](const auto& rule) {
        if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(rule)>, Required>)
            if (auto complaint = rule(value))
                spot.error(node, fmt::format("\"{}\" {}", spot.key, complaint->what),
                           std::move(complaint->remedy));
    };
    std::apply([&](const auto&... rule) { (check(rule), ...); }, row.rules);
}

template <typename Row, typename T>
void read_field(const Row& row, const toml::table& table, const Spot& spot, T& out) {
    const Spot inner = spot.at(row.key);
    const toml::node* node = find_dotted(table, row.key);
    if (node) {
        if (Row::Codec::read(*node, out.*row.member, inner))
            check_rules(row, out.*row.member, *node, inner);
        return;
    }
    if constexpr (is_required_row<Row>)
        spot.error(table,
                   inner.table.empty()
                       ? fmt::format("\"{}\" is missing", inner.key)
                       : fmt::format("\"{}\" is missing in [{}]", inner.key, inner.table),
                   fmt::format("add it: {}", row.meaning));
}

/// Reads what `out` has rows for and leaves the rest of the table to others.
template <typename T>
void read_fields(const toml::table& table, const Spot& spot, T& out) {
    if constexpr (requires { out.place; }) out.place = spot.place(table);
    std::apply([&](const auto&... row) { (read_field(row, table, spot, out), ...); }, fields<T>);
}

template <typename T>
void add_keys(std::vector<std::string>& keys) {
    std::apply([&](const auto&... row) { (keys.emplace_back(row.key), ...); }, fields<T>);
}

/// Reads one table into several structs; keys that none of them knows are problems.
template <typename... Ts>
void read_table(const toml::table& table, const Spot& spot, Ts&... out) {
    std::vector<std::string> known;
    (add_keys<Ts>(known), ...);
    report_unknown_keys(table, spot, known);
    (read_fields(table, spot, out), ...);
}

/// Adds every key of `value`, with what it is set to.
template <typename T>
void write_fields(const T& value, Table& table) {
    const auto write = [&](const auto& row) {
        using Row = std::remove_cvref_t<decltype(row)>;
        if (auto written = Row::Codec::write(value.*row.member))
            table.set(row.key, std::move(*written));
    };
    std::apply([&](const auto&... row) { (write(row), ...); }, fields<T>);
}

/// What the codec of a row takes; anything where it does not say.
template <typename Row>
Shape row_shape(const Row& row) {
    Shape shape;
    if constexpr (requires { Row::Codec::shape(); }) shape = Row::Codec::shape();
    const auto narrow = [&](const auto& rule) {
        if constexpr (requires { rule.narrow(shape); }) rule.narrow(shape);
    };
    std::apply([&](const auto&... rule) { (narrow(rule), ...); }, row.rules);
    return shape;
}

/// A row as a key of its table, with what `usual` has there as the default.
template <typename Row, typename T>
void add_shape(const Row& row, const T& usual, Shape& table) {
    ShapeKey key{{}, std::string{row.meaning}, {}, is_required_row<Row>, row_shape(row)};
    const auto written = Row::Codec::write(usual.*row.member);
    if (!key.is_required && written && written->form == Value::Form::text)
        key.usual = written->text;
    table.add(row.key, std::move(key));
}

template <typename T>
void add_shapes(Shape& table) {
    const T usual{};
    std::apply([&](const auto&... row) { (add_shape(row, usual, table), ...); }, fields<T>);
}

/// A table with the keys of several structs.
template <typename... Ts>
Shape table_shape() {
    auto table = Shape::of(Shape::Kind::table);
    (add_shapes<Ts>(table), ...);
    return table;
}

/// A struct with rows is a table. What is wrong inside is reported there; the rest is kept, so that
/// others can be checked against it.
template <Bound T>
struct Codec<T> {
    static bool read(const toml::node& node, T& out, const Spot& spot) {
        const auto* table = node.as_table();
        if (table)
            read_table(*table, spot, out);
        else
            spot.wrong_type(node, "a table");
        return table != nullptr;
    }
    static std::optional<Value> write(const T& value) {
        Table table;
        write_fields(value, table);
        return Value::of(std::move(table));
    }
    static Shape shape() { return table_shape<T>(); }
};

}  // namespace nudged::config
