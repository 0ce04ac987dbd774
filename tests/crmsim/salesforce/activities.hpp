// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/salesforce/columns.hpp"

namespace nudged::crmsim::salesforce {

// What Task and Event have in common.

Value archived(const Org& org, const Row& row);
Value who(const Org& org, const Row& row);
/// The opportunity, else the account.
Value what(const Org& org, const Row& row);
Value account(const Org& org, const Row& row);
Value who_count(const Org& org, const Row& row);
Value what_count(const Org& org, const Row& row);

inline constexpr std::string_view who_objects = "Contact,Lead";
inline constexpr std::string_view what_objects = "Account,Opportunity";

}  // namespace nudged::crmsim::salesforce
