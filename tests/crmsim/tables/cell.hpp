// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/instant.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What CRMs with a query language have in common: tables with typed columns, conditions, order.
namespace nudged::crmsim::tables {

/// A row's own key, or a link to another row.
struct Reference {
    std::string id;             // as the API writes it
    std::uint64_t rank = 0;     // how the database sorts it
    std::string label{};        // the name of the row, where it is a link
    std::string_view target{};  // the table that it points into
};

/// In the order of Cell's alternatives, null apart.
enum class CellKind { flag, number, text, date, time, reference };

using Cell = std::variant<std::monostate, bool, Decimal, std::string, std::chrono::local_days,
                          Instant, Reference>;

inline bool is_null(const Cell& cell) {
    return std::holds_alternative<std::monostate>(cell);
}

/// Null sorts first; texts without regard to case, as both CRMs' databases do. Cells of one kind
/// only.
std::weak_ordering compare(const Cell& left, const Cell& right);

/// For positions in page tokens: `from_position` reads what `to_position` wrote.
std::string to_position(const Cell& cell);
Cell from_position(CellKind kind, std::string_view text);

}  // namespace nudged::crmsim::tables
