// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Row of the table `away`.
enum class AwayId : std::int64_t { none = 0 };

/// Days on which somebody is away. There is no place for a reason, on purpose.
struct Away {
    AwayId id{};
    PersonId person{};  // as whom they count
    std::string name;
    std::chrono::local_days from{};
    std::chrono::local_days to{};  // the last day
    double share = 1;              // of each day: 1 or 0.5
    std::string origin{};          // the source whose sheet tells it; empty: said by command
};

/// Inside a write transaction. The same days a second time: the share is replaced; what was said by
/// command once does not become a sheet's.
AwayId store_away(Database& database, PersonId person, std::chrono::local_days from,
                  std::chrono::local_days to, double share, Instant now,
                  std::string_view origin = {});
/// False when there is none of that id.
bool remove_away(Database& database, AwayId id);

/// All of them, by first day.
std::vector<Away> read_away(const Database& database);

/// Day by day; where two overlap, the larger share.
std::map<PersonId, std::map<std::chrono::local_days, double>> read_days_off(
    const Database& database);

}  // namespace nudged::warehouse
