// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"

#include <chrono>
#include <deque>
#include <optional>

namespace nudged::net {

struct QuotaOptions {
    double capacity = 1;                             // of the whole account
    std::chrono::milliseconds per{24 * 3'600'000L};  // a rolling span …
    std::optional<Zone> midnight;                    // … or the calendar day of this zone
    double share = 0.2;                              // of the capacity is ours
    double reserve = 0.1;  // of it is left to others, whoever used the rest
};

/// A budget for a long time, which others draw on, too. Nobody waits for it: whoever finds it used
/// up comes back when told. What is used up is counted here, and corrected by what the far end
/// says of the account as a whole. Lives on the loop; a restart forgets our own count, not theirs.
class Quota {
public:
    explicit Quota(QuotaOptions options) : options_(options) {}

    /// How long until `cost` may be spent; 0: now.
    std::chrono::milliseconds missing(double cost, Instant now);
    void spend(double cost, Instant now);
    /// What the account as a whole has used of its limit, and in how long that comes back, as far
    /// as the far end says.
    void note(std::optional<double> used, std::optional<double> limit,
              std::optional<std::chrono::milliseconds> reset, Instant now);
    /// Nothing may be spent before `wait` is over: the far end has said so.
    void close(std::chrono::milliseconds wait, Instant now);

private:
    /// What was spent in a part of the span, and when that counts no more.
    struct Spent {
        Instant until;
        double cost = 0;
    };
    Instant counts_until(Instant now) const;
    Instant next_midnight(Instant now) const;

    QuotaOptions options_;
    std::deque<Spent> spent_;  // the oldest first
    double ours_ = 0;          // their sum
    Instant closed_until_{};
};

}  // namespace nudged::net
