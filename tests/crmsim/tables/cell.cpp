// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/tables/cell.hpp"

#include "connectors/base/text.hpp"

#include <charconv>

namespace nudged::crmsim::tables {
namespace {

std::int64_t to_integer(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::weak_ordering compare(const Cell& left, const Cell& right) {
    if (left.index() != right.index()) return left.index() <=> right.index();
    if (const auto* flag = std::get_if<bool>(&left)) return *flag <=> std::get<bool>(right);
    if (const auto* number = std::get_if<Decimal>(&left))
        return *number <=> std::get<Decimal>(right);
    if (const auto* text = std::get_if<std::string>(&left))
        return to_lower_ascii(*text) <=> to_lower_ascii(std::get<std::string>(right));
    if (const auto* day = std::get_if<std::chrono::local_days>(&left))
        return day->time_since_epoch().count() <=>
               std::get<std::chrono::local_days>(right).time_since_epoch().count();
    if (const auto* instant = std::get_if<Instant>(&left))
        return to_millis(*instant) <=> to_millis(std::get<Instant>(right));
    if (const auto* reference = std::get_if<Reference>(&left))
        return reference->rank <=> std::get<Reference>(right).rank;
    return std::weak_ordering::equivalent;
}

std::string to_position(const Cell& cell) {
    if (const auto* flag = std::get_if<bool>(&cell)) return *flag ? "v1" : "v0";
    if (const auto* number = std::get_if<Decimal>(&cell)) return "v" + number->str();
    if (const auto* text = std::get_if<std::string>(&cell)) return "v" + *text;
    if (const auto* day = std::get_if<std::chrono::local_days>(&cell))
        return "v" + format_date(*day);
    if (const auto* instant = std::get_if<Instant>(&cell))
        return "v" + std::to_string(to_millis(*instant));
    if (const auto* reference = std::get_if<Reference>(&cell))
        return "v" + std::to_string(static_cast<std::int64_t>(reference->rank));
    return {};
}

Cell from_position(CellKind kind, std::string_view text) {
    if (text.empty()) return {};
    text.remove_prefix(1);
    switch (kind) {
    case CellKind::flag: return text == "1";
    case CellKind::number: return Decimal::parse(text).value_or(Decimal{});
    case CellKind::text: return std::string(text);
    case CellKind::date: return parse_date(text).value_or(std::chrono::local_days{});
    case CellKind::time: return from_millis(to_integer(text));
    case CellKind::reference: break;
    }
    return Reference{std::string(text), static_cast<std::uint64_t>(to_integer(text))};
}

}  // namespace nudged::crmsim::tables
