// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/soak/teams.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nudged::soak {

/// Something that does not work for some hours.
struct Outage {
    std::string what;
    Instant from;
    Instant to;
    std::optional<std::size_t> team;  // whose channel it is; nullopt: it may touch all
};

/// Something that happens at its time.
struct Step {
    Instant at;
    std::string what;
    std::function<void()> act;
};

/// What the story of the weeks does; the soak says how.
struct Hands {
    enum class Part { hubspot, pipedrive, salesforce, slack, webhook, teams_flow, mail, disk };
    std::function<void(Part part, int round)> take_down;
    std::function<void(Part part)> bring_back;
    std::function<void()> work_a_day;
    std::function<void()> revoke_token;
    std::function<void()> give_token;
    std::function<void()> end_access_tokens;
    std::function<void()> stop_daemon;  // SIGTERM
    std::function<void()> kill_daemon;  // SIGKILL
    std::function<void()> start_daemon;
    std::function<void()> measure;
};

struct Scenario {
    Instant begin;
    Instant end;
    std::vector<Step> steps;  // in the order of time
    std::vector<Outage> outages;
};

/// From Sunday, 2027-10-17, 12:00 UTC on: the weeks that are asked for from Monday on, and a day
/// more. What fails does so in the first two weeks, and again each fourth week; the daemon is
/// restarted and killed in the first one alone.
Scenario make_scenario(int weeks, const Hands& hands, bool has_own_disk);

/// The first Monday's day.
std::chrono::local_days first_day();

}  // namespace nudged::soak
