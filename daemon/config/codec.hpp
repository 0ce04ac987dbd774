// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/secret.hpp"
#include "connectors/base/zone.hpp"
#include "daemon/config/reading.hpp"
#include "daemon/config/shape.hpp"
#include "daemon/config/writing.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::config {

/// How a type is read from TOML and written to it. `read` leaves `out` alone and reports when the
/// value will not do; `write` gives nullopt for what is not set; `shape` tells what `read` takes.
template <typename T>
struct Codec;

/// The words for an enum's values, in the order of the documentation.
template <typename E>
inline constexpr std::array<std::pair<std::string_view, E>, 0> names{};

template <>
struct Codec<bool> {
    static bool read(const toml::node& node, bool& out, const Spot& spot);
    static std::optional<Value> write(bool value) { return Value::of(value ? "true" : "false"); }
    static Shape shape() { return Shape::of(Shape::Kind::boolean); }
};

template <>
struct Codec<double> {
    static bool read(const toml::node& node, double& out, const Spot& spot);
    static std::optional<Value> write(double value);
    static Shape shape() { return Shape::of(Shape::Kind::number); }
};

template <>
struct Codec<std::string> {
    static bool read(const toml::node& node, std::string& out, const Spot& spot);
    static std::optional<Value> write(const std::string& value) { return Value::of(quote(value)); }
    static Shape shape() { return Shape::text(); }
};

/// One ASCII character, written as text.
template <>
struct Codec<char> {
    static bool read(const toml::node& node, char& out, const Spot& spot);
    static std::optional<Value> write(char value) {
        return Value::of(quote(std::string_view{&value, 1}));
    }
    static Shape shape() { return Shape::text("one character", "^.$"); }
};

template <>
struct Codec<Zone> {
    static bool read(const toml::node& node, Zone& out, const Spot& spot);
    static std::optional<Value> write(const Zone& zone) { return Value::of(quote(zone.name())); }
    static Shape shape() { return Shape::text("a time zone such as \"Europe/Berlin\"", "."); }
};

/// A TOML date, or the same as text.
template <>
struct Codec<std::chrono::local_days> {
    static bool read(const toml::node& node, std::chrono::local_days& out, const Spot& spot);
    static std::optional<Value> write(std::chrono::local_days day) {
        return Value::of(format_date(day));
    }
    static Shape shape() {
        return Shape::text("a date such as 2026-11-20", "^\\d{4}-\\d{2}-\\d{2}$");
    }
};

/// `{ file = "…" }`, `{ env = "…" }` or `{ credential = "…" }`; never the secret itself.
template <>
struct Codec<Secret> {
    static bool read(const toml::node& node, Secret& out, const Spot& spot);
    static std::optional<Value> write(const Secret& secret);
    static Shape shape();
};

/// Minutes since midnight as "08:00". Not the codec of a type: rows that mean it name it.
struct TimeOfDay {
    static bool read(const toml::node& node, std::chrono::minutes& out, const Spot& spot);
    static std::optional<Value> write(std::chrono::minutes since_midnight);
    static Shape shape() {
        return Shape::text("a time of day such as \"08:00\"", "^([01]\\d|2[0-3]):[0-5]\\d(:00)?$");
    }
};

bool read_whole_number(const toml::node& node, std::int64_t& out, const Spot& spot,
                       std::int64_t min, std::int64_t max);

template <std::integral T>
struct Codec<T> {
    static bool read(const toml::node& node, T& out, const Spot& spot) {
        std::int64_t number = 0;
        if (!read_whole_number(node, number, spot, std::numeric_limits<T>::min(),
                               std::numeric_limits<T>::max()))
            return false;
        out = static_cast<T>(number);
        return true;
    }
    static std::optional<Value> write(T value) { return Value::of(fmt::format("{}", value)); }
    static Shape shape() {
        auto shape = Shape::of(Shape::Kind::whole);
        if constexpr (std::is_unsigned_v<T>) shape.least = 0;
        return shape;
    }
};

/// "5m", "36h", "1h30m", "90s", "2d" in units of `unit`.
bool read_duration(const toml::node& node, std::chrono::seconds& out, const Spot& spot,
                   std::chrono::seconds unit);
std::string duration_text(std::chrono::seconds duration);

template <typename Rep, typename Period>
struct Codec<std::chrono::duration<Rep, Period>> {
    using Duration = std::chrono::duration<Rep, Period>;
    static bool read(const toml::node& node, Duration& out, const Spot& spot) {
        std::chrono::seconds seconds{};
        if (!read_duration(node, seconds, spot, Duration{1})) return false;
        out = std::chrono::duration_cast<Duration>(seconds);
        return true;
    }
    static std::optional<Value> write(Duration value) {
        return Value::of(quote(duration_text(value)));
    }
    static Shape shape() {
        return Shape::text("a duration such as \"90s\", \"5m\" or \"36h\"", "^(\\d+[smhd])+$");
    }
};

/// The index of a word among `words`; nullopt with a problem when it is none of them.
std::optional<std::size_t> read_word(const toml::node& node, const Spot& spot,
                                     std::span<const std::string> words);

template <typename E>
requires std::is_enum_v<E>
struct Codec<E> {
    static_assert(names<E>.size() > 0, "an enum needs its words");
    static bool read(const toml::node& node, E& out, const Spot& spot) {
        std::vector<std::string> words;
        for (const auto& row : names<E>) words.emplace_back(row.first);
        const auto index = read_word(node, spot, words);
        if (index) out = names<E>[*index].second;
        return index.has_value();
    }
    static std::optional<Value> write(E value) {
        for (const auto& [word, one] : names<E>)
            if (one == value) return Value::of(quote(word));
        return std::nullopt;
    }
    static Shape shape() {
        std::vector<std::string> words;
        for (const auto& row : names<E>) words.emplace_back(row.first);
        return Shape::one_of(std::move(words));
    }
};

template <typename T>
struct Codec<std::vector<T>> {
    static bool read(const toml::node& node, std::vector<T>& out, const Spot& spot) {
        const auto* list = node.as_array();
        if (!list) {
            spot.wrong_type(node, "a list",
                            node.is_table() ? fmt::format("write [[{}]]", spot.inside("").table)
                                            : "write [ … ]");
            return false;
        }
        out.clear();
        bool good = true;
        for (const auto& element : *list) {
            T value{};
            if (Codec<T>::read(element, value, spot))
                out.push_back(std::move(value));
            else
                good = false;
        }
        return good;
    }
    static std::optional<Value> write(const std::vector<T>& list) {
        std::string text;
        std::vector<Table> tables;
        for (const auto& element : list) {
            auto value = Codec<T>::write(element);
            if (!value) continue;
            if (value->form == Value::Form::table)
                tables.push_back(std::move(value->tables.front()));
            else
                text += (text.empty() ? "" : ", ") + value->text;
        }
        if (!tables.empty()) return Value::of(std::move(tables));
        return Value::of("[" + text + "]");
    }
    static Shape shape() { return Shape::list_of(Codec<T>::shape()); }
};

template <typename T>
struct Codec<std::map<std::string, T>> {
    static bool read(const toml::node& node, std::map<std::string, T>& out, const Spot& spot) {
        const auto* table = node.as_table();
        if (!table) {
            spot.wrong_type(node, "a table");
            return false;
        }
        out.clear();
        bool good = true;
        for (const auto& [key, inner] : *table) {
            T value{};
            if (Codec<T>::read(inner, value, spot.inside(key.str())))
                out.emplace(key.str(), std::move(value));
            else
                good = false;
        }
        return good;
    }
    static std::optional<Value> write(const std::map<std::string, T>& map) {
        Table table;
        for (const auto& [key, value] : map)
            if (auto written = Codec<T>::write(value)) table.add(key, std::move(*written));
        return Value::of(std::move(table));
    }
    static Shape shape() { return Shape::table_of(Codec<T>::shape()); }
};

template <typename T>
struct Codec<std::optional<T>> {
    static bool read(const toml::node& node, std::optional<T>& out, const Spot& spot) {
        T value = blank();
        if (!Codec<T>::read(node, value, spot)) return false;
        out = std::move(value);
        return true;
    }
    static std::optional<Value> write(const std::optional<T>& value) {
        return value ? Codec<T>::write(*value) : std::nullopt;
    }
    static Shape shape() { return Codec<T>::shape(); }

private:
    static T blank() {
        if constexpr (std::same_as<T, Zone>)
            return Zone::utc();
        else
            return T{};
    }
};

}  // namespace nudged::config
