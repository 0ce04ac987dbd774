// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/loopback.hpp"

#include <deque>
#include <optional>

namespace nudged::crmsim {

/// Counts requests over rolling windows. A refused request counts for nothing but itself.
class RateLimits {
public:
    explicit RateLimits(Quotas quotas) : quotas_(quotas) {}

    /// Takes one request into account; the 429 to answer when it is one too many.
    std::optional<loopback::Reply> refuse(bool is_search, Instant now);
    /// The headers of an answer. Those of searches carry none.
    void add_headers(loopback::Reply& reply) const;

private:
    Quotas quotas_;
    std::deque<Instant> searches_;
    std::deque<Instant> requests_;
    int today_ = 0;
    Instant day_begin_{};
};

}  // namespace nudged::crmsim
