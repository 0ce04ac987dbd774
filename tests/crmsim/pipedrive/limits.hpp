// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/pipedrive/account.hpp"

#include <deque>
#include <string>

namespace nudged::crmsim::pipedrive {

/// The burst limit over rolling two seconds, and the day's budget of tokens.
class Limits {
public:
    /// A fifth of what ten seconds allow, and as many tokens as requests a day.
    explicit Limits(const Quotas& quotas);

    /// Takes a request that costs `tokens` into account; the refusal where it is one too many.
    std::optional<Reply> refuse(int tokens, Instant now);
    void add_headers(Reply& reply, Instant now) const;

private:
    std::size_t burst_;
    std::int64_t budget_;
    std::deque<Instant> requests_;
    std::deque<Instant> refused_;
    std::int64_t spent_ = 0;
    std::chrono::sys_days day_{};
};

/// What a request costs in tokens, by Pipedrive's own table.
int token_cost(const Request& request);

}  // namespace nudged::crmsim::pipedrive
