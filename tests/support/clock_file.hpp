// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace nudged::tests {

/// What a test and the program whose clocks it moves have in common: a file in the memory of both.
/// All times are in nanoseconds.
struct ClockFile {
    static constexpr std::int64_t nothing = std::numeric_limits<std::int64_t>::max();

    // Added to what the system says.
    std::atomic<std::int64_t> realtime;
    std::atomic<std::int64_t> monotonic;
    // Only of a leaping clock. The two counters are futexes.
    std::atomic<std::uint32_t> leaps;     // how often both clocks have leaped
    std::atomic<std::uint32_t> followed;  // the last leap to which the program's timers are set
    std::atomic<std::int64_t> next_due;   // of its timers, on its monotonic clock
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free);

}  // namespace nudged::tests
