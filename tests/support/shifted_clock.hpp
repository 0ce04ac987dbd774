// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/clock_file.hpp"
#include "tests/support/process.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nudged::tests {

/// A ClockFile of a test; zero at first.
class MappedClockFile {
public:
    explicit MappedClockFile(const std::string& path);
    ~MappedClockFile();
    MappedClockFile(const MappedClockFile&) = delete;
    MappedClockFile& operator=(const MappedClockFile&) = delete;

    ClockFile* operator->() const { return file_; }

private:
    ClockFile* file_;
};

/// The same command, on the clocks of that ClockFile.
std::vector<std::string> on_clock(const std::string& file, std::vector<std::string> arguments);

/// The clocks of one program that runs beside the test, moved by the test while it runs. What is
/// waited for in the kernel takes its time all the same: timers that are due by then are late.
class ShiftedClock {
public:
    ShiftedClock();

    /// The same command, on these clocks.
    std::vector<std::string> command(std::vector<std::string> arguments) const;

    /// From what the system's clocks say; the other one stays.
    void shift_time_of_day(std::chrono::nanoseconds by) { file_->realtime = by.count(); }
    void shift_steady(std::chrono::nanoseconds by) { file_->monotonic = by.count(); }

private:
    TempFolder folder_;
    MappedClockFile file_;
};

}  // namespace nudged::tests
