// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"
#include "connectors/net/quota_book.hpp"

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
/// says of the account as a whole. Lives on the loop.
///
/// The count outlives the process by way of a book in which more is charged than has been spent, a
/// hundredth of our share at a time: so it is written rarely, and whatever a crash forgets was not
/// spent. Each restart costs at most that hundredth of each part of the span.
class Quota {
public:
    explicit Quota(QuotaOptions options) : options_(options) {}

    /// What the book held at the start, before anything is spent.
    void restore(const QuotaCharges& charges);
    /// What has to be in the book before `cost` is spent; nullopt when that is there already.
    std::optional<QuotaCharges::value_type> charge_for(double cost, Instant now) const;
    /// That is in the book now.
    void note_charged(const QuotaCharges::value_type& charge);

    /// How long until `cost` may be spent of that part of our share; 0: now.
    std::chrono::milliseconds missing(double cost, Instant now, double part = 1);
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
        double charged = 0;  // in the book
    };
    Spent& spent_until(Instant until);
    Instant counts_until(Instant now) const;
    Instant next_midnight(Instant now) const;

    QuotaOptions options_;
    std::deque<Spent> spent_;  // the oldest first
    double ours_ = 0;          // their sum
    Instant closed_until_{};
};

}  // namespace nudged::net
