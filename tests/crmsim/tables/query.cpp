// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/tables/query.hpp"

#include <algorithm>
#include <utility>

namespace nudged::crmsim::tables {
namespace {

bool test(const Condition& condition, const Cell& cell) {
    if (condition.relation == Relation::null) return is_null(cell);
    if (is_null(cell)) return false;
    if (condition.relation == Relation::not_null) return true;
    if (condition.relation == Relation::in)
        return std::ranges::any_of(condition.values,
                                   [&](const Cell& value) { return compare(cell, value) == 0; });
    const auto order = compare(cell, condition.values.front());
    switch (condition.relation) {
    case Relation::equal: return order == 0;
    case Relation::not_equal: return order != 0;
    case Relation::less: return order < 0;
    case Relation::at_most: return order <= 0;
    case Relation::greater: return order > 0;
    default: return order >= 0;
    }
}

std::weak_ordering compare(const std::vector<Cell>& left, const std::vector<Cell>& right,
                           const std::vector<OrderKey>& order) {
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto result = compare(left[i], right[i]);
        if (result == 0) continue;
        return order[i].descending ? 0 <=> result : result;
    }
    return std::weak_ordering::equivalent;
}

std::vector<Cell> cells_of(const Row& row, const std::vector<OrderKey>& order, const Facts& facts) {
    std::vector<Cell> cells;
    for (const OrderKey& key : order) cells.push_back(key.column.read(facts, row));
    return cells;
}

}  // namespace

bool holds(const Condition& condition, const Facts& facts, const Row& row) {
    const auto part_holds = [&](const Condition& part) { return holds(part, facts, row); };
    switch (condition.kind) {
    case Condition::Kind::all: return std::ranges::all_of(condition.parts, part_holds);
    case Condition::Kind::any: return std::ranges::any_of(condition.parts, part_holds);
    case Condition::Kind::negation: return !part_holds(condition.parts.front());
    case Condition::Kind::test: break;
    }
    return test(condition, condition.column.read(facts, row));
}

const std::vector<Row>& Finder::find(const Query& query, const Facts& facts) {
    const std::string text = query.text + (query.reverse_ties ? "\n-" : "\n+") +
                             (facts.blind ? "blind" : "") + std::string(query.table->name);
    if (text == text_ && version_ == facts.data.version()) return rows_;
    std::vector<OrderKey> order = query.order;
    order.push_back({query.table->key(), query.reverse_ties});
    std::vector<std::pair<std::vector<Cell>, Row>> found;
    query.table->each_row(facts, [&](const Row& row) {
        if (holds(query.condition, facts, row))
            found.emplace_back(cells_of(row, order, facts), row);
    });
    std::ranges::stable_sort(found, [&](const auto& left, const auto& right) {
        return compare(left.first, right.first, order) < 0;
    });
    rows_.clear();
    for (const auto& [cells, row] : found) rows_.push_back(row);
    text_ = text;
    version_ = facts.data.version();
    return rows_;
}

std::size_t first_after(const std::vector<Row>& rows, const std::vector<OrderKey>& order,
                        const std::vector<Cell>& position, const Facts& facts) {
    const auto found = std::ranges::partition_point(rows, [&](const Row& row) {
        return compare(cells_of(row, order, facts), position, order) <= 0;
    });
    return static_cast<std::size_t>(found - rows.begin());
}

}  // namespace nudged::crmsim::tables
