// SPDX-License-Identifier: Apache-2.0
#include "tests/support/leaping_clock.hpp"

#include <climits>
#include <linux/futex.h>
#include <stdexcept>
#include <sys/syscall.h>
#include <unistd.h>

namespace nudged::tests {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr std::chrono::seconds patience{30};

/// Waits at most a second for another value than `seen`.
void wait_for_change(const std::atomic<std::uint32_t>& counter, std::uint32_t seen) {
    const timespec at_most{1, 0};
    ::syscall(SYS_futex, &counter, FUTEX_WAIT, seen, &at_most, nullptr, 0);
}

}  // namespace

LeapingClock::LeapingClock(Instant begin) : file_(folder_.file("clock")) {
    file_->realtime = nanoseconds{begin - std::chrono::system_clock::now()}.count();
    file_->next_due = ClockFile::nothing;
}

Instant LeapingClock::now() const {
    const auto shifted = std::chrono::system_clock::now() + nanoseconds{file_->realtime.load()};
    return std::chrono::floor<std::chrono::milliseconds>(shifted);
}

std::vector<std::string> LeapingClock::command(std::vector<std::string> arguments) const {
    return on_clock(folder_.file("clock"), std::move(arguments));
}

std::vector<std::string> LeapingClock::following_command(std::vector<std::string> arguments) {
    file_->next_due = ClockFile::nothing;
    is_followed_ = true;
    arguments.insert(arguments.begin(), {"/usr/bin/env", "NUDGED_TEST_LEAPS=1"});
    return command(std::move(arguments));
}

void LeapingClock::leap(nanoseconds by) {
    file_->realtime += by.count();
    file_->monotonic += by.count();
    const auto leap = ++file_->leaps;
    if (!is_followed_) return;
    ::syscall(SYS_futex, &file_->leaps, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
    const auto began = steady_clock::now();
    for (auto seen = file_->followed.load(); seen != leap; seen = file_->followed.load()) {
        if (steady_clock::now() - began > patience)
            throw std::runtime_error("the program does not follow its clock");
        wait_for_change(file_->followed, seen);
    }
}

std::optional<nanoseconds> LeapingClock::next_due() const {
    const auto due = file_->next_due.load();
    if (due == ClockFile::nothing) return std::nullopt;
    const auto now = steady_clock::now().time_since_epoch() + nanoseconds{file_->monotonic.load()};
    return nanoseconds{due} - now;
}

}  // namespace nudged::tests
