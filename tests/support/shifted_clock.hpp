// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/process.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nudged::tests {

/// The clocks of one program that runs beside the test, moved by the test while it runs. What is
/// waited for in the kernel takes its time all the same: timers that are due by then are late.
class ShiftedClock {
public:
    ShiftedClock();

    /// The same command, on these clocks.
    std::vector<std::string> command(std::vector<std::string> arguments) const;

    /// From what the system's clocks say; the other one stays.
    void shift_time_of_day(std::chrono::seconds by) { set(0, by); }
    void shift_steady(std::chrono::seconds by) { set(1, by); }

private:
    void set(std::size_t which, std::chrono::seconds by);

    TempFolder folder_;
    std::int64_t shifts_[2] = {0, 0};
};

}  // namespace nudged::tests
