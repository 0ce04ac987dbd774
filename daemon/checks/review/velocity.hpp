// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/book.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::checks {

/// What decides how fast open deals become money (sales practice §5).
enum class Lever { open, win_rate, value, cycle };
std::string_view to_string(Lever lever);

struct Levers {
    double open = 0;      // deals that are open and real, by the mandatory criteria
    double win_rate = 0;  // 0 to 1
    double value = 0;     // mean of what was won, in the team's currency
    double cycle = 0;     // days from creation to the win, the median; above 0
};
/// Money a day: 40 open × 0.25 × 20,000 / 60 days are 3,333.33.
double velocity(const Levers& levers);

/// Whose lever is furthest behind the others', and what it would be worth to have theirs.
struct Gain {
    Lever lever{};
    double velocity = 0;  // with the other levers as they are
};
/// nullopt where none is behind.
std::optional<Gain> largest_gain(const Levers& own, const Levers& others);

struct RepVelocity {
    const warehouse::Rep* rep = nullptr;
    Levers levers;  // the win rate drawn towards the team's by 20 cases, as everywhere
    std::size_t won = 0, closed = 0;
    bool has_own_value = false;  // else too little was won: value and cycle are the team's
    std::optional<Gain> gain;    // against the team's, of which `open` is the mean a rep
};

struct TeamVelocity {
    std::string team;
    std::string currency;      // that of most won deals; others are left out
    std::size_t left_out = 0;  // won deals of another currency, or without an amount
    std::size_t won = 0, closed = 0;
    std::optional<Levers> levers;   // of all reps together; empty: too few have closed
    std::vector<RepVelocity> reps;  // in the roster's order; empty with `levers`
};

/// Of each team, or of one, over the months that win rates look back (`rep.coverage_gap`). Teams
/// that show no figures of their members have no reps here, and no levers.
std::vector<TeamVelocity> read_velocity(const Scene& scene, std::string_view team = {});

}  // namespace nudged::checks
