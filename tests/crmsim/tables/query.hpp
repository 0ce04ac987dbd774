// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/tables/table.hpp"

#include <string>
#include <vector>

namespace nudged::crmsim::tables {

enum class Relation { equal, not_equal, less, at_most, greater, at_least, in, null, not_null };

/// A tree of tests. An empty `all` holds for every row; a test of a null is false, as in SQL.
struct Condition {
    enum class Kind { all, any, negation, test };
    Kind kind = Kind::all;
    std::vector<Condition> parts{};
    Column column{};
    Relation relation = Relation::equal;
    std::vector<Cell> values{};
};

bool holds(const Condition& condition, const Facts& facts, const Row& row);

struct OrderKey {
    Column column;
    bool descending = false;
};

/// What to read, and in which order. `text` names it: equal texts mean equal rows.
struct Query {
    const Table* table;
    Condition condition{};
    std::vector<OrderKey> order{};
    std::string text{};
    /// Rows that the order leaves open come by ascending key, or by descending: CRMs promise
    /// nothing, and a reader who relies on anything shall see rows twice or never.
    bool reverse_ties = false;
};

/// Finds the rows of one query after the other; the last result is kept, for its pages.
class Finder {
public:
    /// Valid until the next call, or until the data change.
    const std::vector<Row>& find(const Query& query, const Facts& facts);
    void forget() { text_.clear(); }

private:
    std::string text_;
    std::uint64_t version_ = 0;
    std::vector<Row> rows_;
};

/// The first row beyond a position, which has one cell for each key of the order.
std::size_t first_after(const std::vector<Row>& rows, const std::vector<OrderKey>& order,
                        const std::vector<Cell>& position, const Facts& facts);

}  // namespace nudged::crmsim::tables
