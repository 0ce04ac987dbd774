// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nudged::soak {

/// What a program holds while it is idle.
struct Sample {
    Instant at;
    long resident_kib = 0;  // VmRSS
    long descriptors = 0;
};
Sample measure(pid_t program, Instant at);

/// An event of the daemon's log.
struct Event {
    Instant at;
    std::string level;
    std::string name;
    std::string source;
    std::string stream;
    std::string line;
};
std::vector<Event> parse_log(const std::string& log);

}  // namespace nudged::soak
