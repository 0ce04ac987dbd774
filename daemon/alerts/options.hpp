// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/texts.hpp"

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

/// The brief of the week, the card before a 1:1 and the sheet for a scrum: each at its local hour.
struct BriefOptions {
    bool enabled = true;  // false: the week's first digest tells what it would
    std::chrono::minutes at{7 * 60 + 30};
    int weekday = 1;  // from Monday: 1; on the first day worked from this one on
    int max_items = 7;
    int max_per_rep = 2;
};
struct CardOptions {
    std::chrono::minutes at{7 * 60};
    int max_items = 3;
};
struct ScrumOptions {
    std::chrono::minutes at{8 * 60 + 30};
};

struct AlertOptions {
    DigestOptions digest;
    BriefOptions brief;
    CardOptions card;
    ScrumOptions scrum;
    Catalogue texts;  // templates/, over those that ship
    std::chrono::hours expires_after{
        24};                // a digest that could not be sent by then is dead, not late
    int repeat_after = 10;  // working days after which what still holds is told again; 0: never
    int reopen_days = 7;    // a finding that comes back within these continues its episode
};

}  // namespace nudged::alerts
