// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "connectors/sources/mapping/lookup_tables.hpp"
#include "connectors/sources/mapping/record_plan.hpp"

#include <set>
#include <string_view>

namespace nudged::sources {

/// A row of an answer on its way to a record.
struct Row {
    json::Located place;
    model::Entity entity;
    std::string_view id;  // for telling what is malformed

    const json::Value* at(const json::Path& path) const {
        return path.find(place.element, &place.parent, place.key);
    }
};

/// Makes values of rows, one after the other, on one thread.
class ValueMaker {
public:
    ValueMaker(const LookupTables& tables, model::Page& page) : tables_(tables), page_(page) {}

    /// Null, and told and counted, when it does not convert.
    model::Value value(const ValuePlan& plan, const Row& row);
    /// Tables that lacked a key that they were asked for.
    const std::set<std::size_t>& unknown() const { return unknown_; }

private:
    model::Value value_of_one(const ValuePlan& plan, const Row& row);
    model::Value seconds_between(const ValuePlan& plan, const Row& row);
    model::Value value_as_told(const ValuePlan& plan, const Row& row);
    model::Value latest(const ValuePlan& plan, const Row& row);
    model::Value converted(const ValuePlan& plan, const Row& row, Raw raw);
    model::Value malformed(const ValuePlan& plan, const Row& row);

    const LookupTables& tables_;
    model::Page& page_;
    std::set<std::size_t> unknown_;
};

bool all_hold(const std::vector<Condition>& conditions, const Row& row);

}  // namespace nudged::sources
