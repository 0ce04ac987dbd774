// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/limits.hpp"

#include "tests/crmsim/hubspot/answers.hpp"

#include <algorithm>

namespace nudged::crmsim {
namespace {

using namespace std::chrono_literals;

/// Whether the window has room for one more.
bool has_room(std::deque<Instant>& window, int capacity, std::chrono::milliseconds length,
              Instant now) {
    while (!window.empty() && window.front() + length <= now) window.pop_front();
    return capacity == 0 || window.size() < static_cast<std::size_t>(capacity);
}

}  // namespace

std::optional<loopback::Reply> RateLimits::refuse(bool is_search, Instant now) {
    if (now - day_begin_ >= 24h) {
        day_begin_ = std::chrono::floor<std::chrono::days>(now);
        today_ = 0;
    }
    if (quotas_.per_day > 0 && today_ >= quotas_.per_day) return too_many_requests("DAILY");
    if (!has_room(requests_, quotas_.per_ten_seconds, 10s, now))
        return too_many_requests("TEN_SECONDLY_ROLLING");
    if (is_search && !has_room(searches_, quotas_.search_per_second, 1s, now))
        return too_many_requests("SECONDLY");
    ++today_;
    if (quotas_.per_ten_seconds > 0) requests_.push_back(now);
    if (is_search && quotas_.search_per_second > 0) searches_.push_back(now);
    return std::nullopt;
}

void RateLimits::add_headers(loopback::Reply& reply) const {
    const auto add = [&](const char* name, int value) {
        reply.headers.emplace_back(name, std::to_string(value));
    };
    if (quotas_.per_ten_seconds > 0) {
        add("X-HubSpot-RateLimit-Max", quotas_.per_ten_seconds);
        add("X-HubSpot-RateLimit-Remaining",
            std::max(0, quotas_.per_ten_seconds - static_cast<int>(requests_.size())));
        add("X-HubSpot-RateLimit-Interval-Milliseconds", 10'000);
    }
    if (quotas_.per_day > 0) {
        add("X-HubSpot-RateLimit-Daily", quotas_.per_day);
        add("X-HubSpot-RateLimit-Daily-Remaining", std::max(0, quotas_.per_day - today_));
    }
}

}  // namespace nudged::crmsim
