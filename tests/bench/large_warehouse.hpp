// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/people.hpp"

#include <cstdint>
#include <string>

namespace nudged::bench {

inline constexpr Instant as_of =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{12};
inline constexpr int reps_a_team = 12;

struct LargeWarehouse {
    std::string path;
    std::int64_t calls = 1'000'000;
    int reps = 500;
    int weeks = 104;  // over which the calls are spread
    int accounts = 50'000;
    int opportunities = 20'000;
};

std::string rep_email(int rep);

/// Teams of reps_a_team in five time zones.
warehouse::Roster make_roster(int reps);

/// Makes the file by the real schema: users, accounts, opportunities and tasks by the code that
/// stores pages, calls by one statement, and counts the calls by recounting.
void make_large_warehouse(const LargeWarehouse& size);

}  // namespace nudged::bench
