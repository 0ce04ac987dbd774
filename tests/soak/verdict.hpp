// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/soak/arrivals.hpp"
#include "tests/soak/measures.hpp"
#include "tests/soak/scenario.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace nudged::soak {

/// All that was seen in the weeks.
struct Seen {
    std::vector<Arrival> arrivals;
    std::vector<Event> events;
    std::vector<Sample> samples;  // of the daemon's last life, one a day
    std::chrono::minutes poll{};
};

/// What it comes to.
struct Verdict {
    std::vector<std::pair<std::string, std::string>> figures;  // a row each
    std::vector<std::string> faults;                           // empty: all is as promised
};

void judge_messages(const Scenario& scenario, const Seen& seen, Verdict& verdict);
void judge_events(const Scenario& scenario, const Seen& seen, Verdict& verdict);
void judge_schedules(const Scenario& scenario, const Seen& seen, Verdict& verdict);
void judge_resources(const Seen& seen, Verdict& verdict);

}  // namespace nudged::soak
