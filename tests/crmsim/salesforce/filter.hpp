// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/salesforce/plan.hpp"

#include <vector>

namespace nudged::crmsim::salesforce {

/// The column of that name; throws Refusal (INVALID_FIELD) for one that this user cannot see.
Column bind_column(const Org& org, const Query& query, const Object& object, const Word& name);

/// A condition whose columns were looked up and whose literals were read, in their field's type.
struct Filter {
    Condition::Kind kind = Condition::Kind::comparison;
    std::vector<Filter> children{};
    Column column{};
    Operator op = Operator::equal;
    std::vector<Value> values{};
};

Filter bind_filter(const Org& org, const Query& query, const Object& object,
                   const Condition& condition);
/// Below, equal, above: of ids byte by byte, of texts without regard to case.
int compare_keys(const Column& column, const Value& a, const Value& b);
bool matches(const Org& org, const Object& object, const Row& row, const Filter& filter);

}  // namespace nudged::crmsim::salesforce
