// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <chrono>
#include <string>

namespace nudged::alerts {

/// When a manager's digest goes out, and how much of it there is (sales practice §12.1).
struct DigestOptions {
    std::chrono::minutes at{8 * 60};  // local time of the team's zone
    bool every_day = false;           // false: on the team's working days
    int max_items = 7;
    int max_per_rep = 2;
};

struct AlertOptions {
    DigestOptions digest;
    std::chrono::hours expires_after{
        24};                // a digest that could not be sent by then is dead, not late
    int repeat_after = 10;  // working days after which what still holds is told again; 0: never
    int reopen_days = 7;    // a finding that comes back within these continues its episode
};

}  // namespace nudged::alerts
