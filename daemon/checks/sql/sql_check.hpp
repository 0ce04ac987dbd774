// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/warehouse/view_queries.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::checks {

/// What is missing in the columns of a query to make findings of its rows; nullopt when it will do.
/// `entity`, `source`, `id`, `owner` and `message` must be there; `name`, `url`, `amount`, `since`
/// and `aspect` have their meaning; X_url is the link of the column X; the others are evidence.
std::optional<std::string> find_missing_column(const std::vector<std::string>& columns);

/// What must have been read freshly before rows that are not there mean something: the records of
/// the views that are read.
Feed feed_of(const std::set<std::string>& views);

/// Whether any of the views is made of sums, which may be being counted anew.
bool reads_sums(const std::set<std::string>& views);

/// Runs the admin's checks that are switched on, or the one of id `only`. One that does not work,
/// takes too much or gives rows that cannot be read is held whole, so that nothing is resolved by
/// its failing; so is what is of a source that is behind.
void run_sql_checks(const Scene& scene, std::string_view only, Findings& findings,
                    std::vector<Held>& held);

}  // namespace nudged::checks
