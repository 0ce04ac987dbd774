// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/close/organization.hpp"

#include <map>
#include <optional>
#include <string>

namespace nudged::crmsim::close {

/// So many requests in every five seconds for each group of end points, and three times as many in
/// all.
class Limits {
public:
    /// Half of what ten seconds allow.
    explicit Limits(const Quotas& quotas)
        : limit_(quotas.per_ten_seconds == 0 ? 0 : std::max(1, quotas.per_ten_seconds / 2)) {}

    std::optional<Reply> refuse(const Request& request, Instant now);
    /// On every answer, refused or not.
    void add_headers(const Request& request, Reply& reply, Instant now) const;

private:
    int limit_;
    Instant window_end_{};
    std::map<std::string, int, std::less<>> used_;  // by group; "" is all together
};

}  // namespace nudged::crmsim::close
