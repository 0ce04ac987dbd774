// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/steady_pause.hpp"

#include <algorithm>

namespace nudged::runtime {

using namespace std::chrono_literals;

void SteadyPause::begin(std::optional<Instant> until, Instant now) {
    if (!clock_) return;
    until_ = until;
    constexpr std::chrono::hours longest{24 * 365};  // whatever a damaged row says
    if (until) ends_ = clock_() + std::clamp<Instant::duration>(*until - now, 0ms, longest);
}

std::optional<Instant> SteadyPause::correct(std::optional<Instant> stored, Instant now) {
    if (!clock_) return stored;
    if (stored != until_) {  // of the process before, or ended by somebody
        begin(stored, now);
        return stored;
    }
    if (!stored) return stored;
    const auto left = std::max(std::chrono::ceil<std::chrono::milliseconds>(ends_ - clock_()),
                               std::chrono::milliseconds{});
    const bool is_over = left == 0ms && *stored <= now;
    const auto until = now + left;
    // The two clocks never agree to the millisecond.
    constexpr auto tolerance = 1s;
    if (!is_over && (until > *stored + tolerance || until < *stored - tolerance)) until_ = until;
    return until_;
}

}  // namespace nudged::runtime
