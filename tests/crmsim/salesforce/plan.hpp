// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/salesforce/org.hpp"
#include "tests/crmsim/salesforce/soql.hpp"

#include <string>
#include <vector>

namespace nudged::crmsim::salesforce {

/// A column that was asked for: a field of the object itself or, one step further, of the row that
/// a reference of it points to.
struct Column {
    const Field* field = nullptr;      // null: Id, Name or Type of whatever `reference` points to
    const Field* reference = nullptr;  // null: the object's own field
    std::string name;                  // of the last part, as the CRM spells it
};

/// A query bound to its object. Keeps no row: each page reads them anew.
struct Plan {
    Query query;
    const Object* object = nullptr;
    std::vector<Column> columns{};
    bool all = false;  // queryAll
};

/// Throws Refusal: INVALID_TYPE, INVALID_FIELD, INVALID_QUERY_FILTER_OPERATOR, MALFORMED_QUERY.
Plan make_plan(const Org& org, std::string_view soql, bool all);

/// The matching rows in the query's order, offset and limit applied.
std::vector<Row> run(const Org& org, const Plan& plan);

Value value_of(const Org& org, const Object& object, const Row& row, const Column& column);

/// One row as JSON: its attributes, then the columns, those of one reference as one nested object.
void write_row(loopback::JsonWriter& json, const Org& org, const Plan& plan, const Row& row,
               std::string_view version);

}  // namespace nudged::crmsim::salesforce
