// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/quota.hpp"

#include <algorithm>

namespace nudged::net {
namespace {

using std::chrono::milliseconds;

/// A span is counted in so many parts: the memory is small, and what was spent counts a little
/// longer than it must.
constexpr int parts = 24;

}  // namespace

Instant Quota::next_midnight(Instant now) const {
    const auto& zone = *options_.midnight;
    return zone.instant(LocalTime{zone.local_day(now) + std::chrono::days{1}});
}

Instant Quota::counts_until(Instant now) const {
    if (options_.midnight) return next_midnight(now);
    const auto part = std::max(options_.per / parts, milliseconds{1});
    const auto since_epoch = now.time_since_epoch();
    return Instant{since_epoch - since_epoch % part + part + options_.per};
}

milliseconds Quota::missing(double cost, Instant now) {
    while (!spent_.empty() && spent_.front().until <= now) {
        ours_ -= spent_.front().cost;
        spent_.pop_front();
    }
    if (closed_until_ > now) return closed_until_ - now;
    // What costs more than the whole share goes when nothing else counts: never is not an answer.
    double too_much = ours_ + cost - options_.capacity * options_.share;
    auto until = now;
    for (const auto& spent : spent_) {
        if (too_much <= 0) break;
        too_much -= spent.cost;
        until = spent.until;
    }
    return until - now;
}

void Quota::spend(double cost, Instant now) {
    const auto until = counts_until(now);
    if (spent_.empty() || spent_.back().until < until) spent_.push_back({until, 0});
    spent_.back().cost += cost;
    ours_ += cost;
}

void Quota::note(std::optional<double> used, std::optional<double> limit,
                 std::optional<milliseconds> reset, Instant now) {
    if (limit && *limit > 0) options_.capacity = *limit;
    if (!used || *used < options_.capacity * (1 - options_.reserve)) return;
    // Without a word on when it comes back, one request a part finds out.
    const auto wait = options_.midnight ? next_midnight(now) - now
                                        : std::max(options_.per / parts, milliseconds{1});
    close(reset.value_or(wait), now);
}

void Quota::close(milliseconds wait, Instant now) {
    closed_until_ = std::max(closed_until_, now + wait);
}

}  // namespace nudged::net
