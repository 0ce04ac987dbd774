// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/store.hpp"
#include "tests/bench/large_warehouse.hpp"

namespace nudged::bench {

// What a large warehouse holds beside its calls, told page by page as a source tells it. The ids of
// users, accounts and opportunities:
std::string user_id(int rep);
std::string account_id(int number);
std::string opportunity_id(int number);

void tell_users(warehouse::Database& database, warehouse::SourceId source, int reps);
/// Accounts, opportunities and what is planned for them.
void tell_book(warehouse::Database& database, warehouse::SourceId source,
               const LargeWarehouse& size);
/// Meetings, e-mails and who has a part in which deal; one e-mail went to thousands at once.
void tell_touches(warehouse::Database& database, warehouse::SourceId source,
                  const LargeWarehouse& size);
/// What a poll brings at noon and some minutes: `count` records of people from the first on, ten of
/// each, calls and tasks of their accounts, and of each a deal that they have set a new date for.
void tell_changes(warehouse::Database& database, warehouse::SourceId source,
                  const LargeWarehouse& size, int count, int minutes);
/// A commitment and a 1:1 a week for each rep, in the weeks before.
void note_coaching(warehouse::Database& database, const warehouse::Roster& roster);

}  // namespace nudged::bench
