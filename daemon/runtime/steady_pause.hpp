// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace nudged::runtime {

using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

/// A channel's pause as long as this process runs: it lasts as long as it was meant to, whatever
/// is done to the wall clock by which the warehouse keeps it for the next process. Without a steady
/// clock it follows the wall clock.
class SteadyPause {
public:
    explicit SteadyPause(SteadyClock clock) : clock_(std::move(clock)) {}

    /// It has just been decided that the channel rests until then, or rests no longer.
    void begin(std::optional<Instant> until, Instant now);
    /// What the warehouse has to say, given what it says: the same, unless the wall clock was set.
    std::optional<Instant> correct(std::optional<Instant> stored, Instant now);

private:
    SteadyClock clock_;
    std::optional<Instant> until_;  // as the warehouse has it
    std::chrono::steady_clock::time_point ends_{};
};

}  // namespace nudged::runtime
