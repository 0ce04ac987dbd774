// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/activities.hpp"

namespace nudged::crmsim::salesforce {

Value archived(const Org& org, const Row& row) {
    return is_archived(org, row.type == ObjectType::meetings ? event_object : task_object, row);
}

Value who(const Org& org, const Row& row) {
    return first_link(org, row, ObjectType::contacts, contact_prefix);
}

Value what(const Org& org, const Row& row) {
    Value deal = first_link(org, row, ObjectType::deals, opportunity_prefix);
    return is_null(deal) ? first_link(org, row, ObjectType::companies, account_prefix) : deal;
}

Value account(const Org& org, const Row& row) {
    return first_link(org, row, ObjectType::companies, account_prefix);
}

Value who_count(const Org& org, const Row& row) {
    const auto contacts = org.data.linked(row.type, row.record->id, ObjectType::contacts);
    return static_cast<std::int64_t>(contacts.size());
}

Value what_count(const Org& org, const Row& row) {
    return std::int64_t{is_null(what(org, row)) ? 0 : 1};
}

}  // namespace nudged::crmsim::salesforce
