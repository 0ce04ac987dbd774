// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace nudged::runtime {

/// A value by its name; "" for one that is not given.
using Values = std::function<std::string(std::string_view name)>;

[[noreturn]] void refuse(const std::string& what);

/// "2026-11-20", of the option that is called `name`; throws Failure(refused) for another text.
std::chrono::local_days read_day(std::string_view name, std::string_view text);
/// A whole number from `least` to `most`.
std::int64_t read_number(std::string_view name, std::string_view text, std::int64_t least,
                         std::int64_t most);

/// The person of a line of the roster; takes the roster in first where that was not done yet.
/// Inside a write transaction.
warehouse::PersonId settle_person(warehouse::Database& database, const config::Config& config,
                                  const warehouse::OnRoster& somebody);

/// Who managed the team on that day.
warehouse::OnRoster manager_on(const warehouse::RosterTeam& team, std::chrono::local_days day);

/// A note from what was said of it by command or on a line of a file: type, rep or team, manager,
/// held, written, text, agreed, opportunity, minutes, skill, kpi. Throws Failure(refused) with what
/// is wrong and what to do. Inside a write transaction.
warehouse::NoteDraft read_draft(warehouse::Database& database, const config::Config& config,
                                const Values& values, Instant now);

}  // namespace nudged::runtime
