// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <chrono>
#include <deque>

namespace nudged::crmsim {

/// So many requests in any span of time; 0: any number.
class RollingLimit {
public:
    RollingLimit(int requests, std::chrono::milliseconds span) : requests_(requests), span_(span) {}

    /// Counts one more, unless that is too many.
    bool take(Instant now) {
        if (requests_ == 0) return true;
        while (!times_.empty() && times_.front() + span_ <= now) times_.pop_front();
        if (times_.size() >= static_cast<std::size_t>(requests_)) return false;
        times_.push_back(now);
        return true;
    }

private:
    int requests_;
    std::chrono::milliseconds span_;
    std::deque<Instant> times_;
};

}  // namespace nudged::crmsim
