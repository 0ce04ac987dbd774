// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/dataset.hpp"
#include "tests/crmsim/tables/cell.hpp"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace nudged::crmsim::tables {

/// One row of a table: a record, one of its past values, a user, or something fixed.
struct Row {
    ObjectType type{};
    const Record* record = nullptr;
    const Owner* owner = nullptr;
    std::size_t part = 0;  // of several rows that one record makes
};

/// What rows are read from.
struct Facts {
    const Dataset& data;
    Zone zone;           // the organisation's: instants become days in it
    bool blind = false;  // the reader has lost sight of every record with an even id
    std::function<std::int64_t(const Row&)> version{};
};

struct Column {
    std::string_view name;
    CellKind kind;
    std::function<Cell(const Facts&, const Row&)> read;
    std::function<std::string(const Cell&)> label{};  // what people see in place of the value
};

struct Table {
    std::string_view name;
    std::string_view row_name;    // of one row's type
    std::vector<Column> columns;  // the first is the primary key
    std::function<void(const Facts&, const std::function<void(const Row&)>&)> each_row;

    const Column* find(std::string_view column) const;
    const Column& key() const { return columns.front(); }
};

/// All rows of one type that were not deleted, for `Table::each_row`.
void each_record(ObjectType type, const Facts& facts, const std::function<void(const Row&)>& act);

// A record's property by the data set's name for it; "" is null in both CRMs.
std::optional<std::string> property(const Row& row, std::string_view name);
Cell text_of(const Row& row, std::string_view name);
Cell number_of(const Row& row, std::string_view name);
Cell time_of(const Row& row, std::string_view name);  // whole seconds
Cell day_of(const Facts& facts, const Row& row, std::string_view name);
Cell whole_seconds(Instant instant);

/// The first linked record that still is there; null where there is none.
const Record* linked(const Facts& facts, const Row& row, ObjectType to);
/// Whose record it is: nobody's belongs to the owner who has no address, the queue.
const Owner* owner_of(const Facts& facts, const Row& row);
const Owner* find_owner(const Dataset& data, std::int64_t id);
const Stage* stage_of(const Row& row);
std::string full_name(const Owner& owner);
std::string full_name(const Record& contact);
/// A contact by its name, an account or a deal by theirs.
std::string name_of(ObjectType type, const Record& record);

}  // namespace nudged::crmsim::tables
