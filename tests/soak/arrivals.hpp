// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/soak/teams.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::soak {

/// A message that a receiver took.
struct Arrival {
    std::size_t team = 0;
    Instant at;
    Kind kind = Kind::other;
    std::string rep;
};

/// What it is goes by the first of our titles in its bytes; a card's rep by the name behind it.
Arrival recognise(std::size_t team, Instant at, std::string_view text);

/// All of them, in order. Any thread.
class Arrivals {
public:
    void add(Arrival arrival);
    std::vector<Arrival> all() const;

private:
    mutable std::mutex mutex_;
    std::vector<Arrival> all_;
};

}  // namespace nudged::soak
