// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/support/shifted_clock.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::tests {

/// The time of a test that runs through weeks in minutes: that of the system, from a moment of the
/// test's choice on, and with leaps. In the program that follows it, what is waited for by a timer
/// comes earlier by each leap, as if the time had passed. One program follows it at a time; others
/// may have it for their clock.
class LeapingClock {
public:
    explicit LeapingClock(Instant begin);

    /// Any thread.
    Instant now() const;
    /// The same command, on this clock.
    std::vector<std::string> command(std::vector<std::string> arguments) const;
    /// … and with timers that follow it.
    std::vector<std::string> following_command(std::vector<std::string> arguments);

    /// Returns once the timers of the program that follows are set anew; at once where none does.
    void leap(std::chrono::nanoseconds by);
    /// When the next timer of that program is due, from now on; nullopt where none is armed. May be
    /// in the past for a moment, and for a timer that is not used any more.
    std::optional<std::chrono::nanoseconds> next_due() const;
    /// The program that followed has ended.
    void stop_following() { is_followed_ = false; }

private:
    TempFolder folder_;
    MappedClockFile file_;
    bool is_followed_ = false;
};

}  // namespace nudged::tests
