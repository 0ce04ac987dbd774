// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/salesforce/org.hpp"

namespace nudged::crmsim::salesforce {

/// GET /sobjects: every object that the user sees.
loopback::Reply describe_all(const Org& org, std::string_view version);
/// GET /sobjects/X/describe: columns that the user cannot see are not there.
loopback::Reply describe_object(const Org& org, const Object& object, std::string_view version);
/// GET /sobjects/X/deleted and /updated, for ?start= and &end=. Throws Refusal for wrong ranges.
loopback::Reply deleted_rows(const Org& org, const Object& object,
                             const loopback::Request& request);
loopback::Reply updated_rows(const Org& org, const Object& object,
                             const loopback::Request& request);

}  // namespace nudged::crmsim::salesforce
