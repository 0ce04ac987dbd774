// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/quota.hpp"

#include <algorithm>

namespace nudged::net {
namespace {

using std::chrono::milliseconds;

/// A span is counted in so many parts: the memory is small, and what was spent counts a little
/// longer than it must.
constexpr int parts = 24;

/// So many times our whole share fills the book.
constexpr double charges_per_share = 100;

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

milliseconds Quota::missing(double cost, Instant now, double part) {
    while (!spent_.empty() && spent_.front().until <= now) {
        ours_ -= spent_.front().cost;
        spent_.pop_front();
    }
    if (closed_until_ > now) return closed_until_ - now;
    // What costs more than the whole share goes when nothing else counts: never is not an answer.
    double too_much = ours_ + cost - options_.capacity * options_.share * part;
    auto until = now;
    for (const auto& spent : spent_) {
        if (too_much <= 0) break;
        too_much -= spent.cost;
        until = spent.until;
    }
    return until - now;
}

/// A clock that was set back charges what is newest: it must not count for too short.
Quota::Spent& Quota::spent_until(Instant until) {
    if (spent_.empty() || spent_.back().until < until) spent_.push_back({until, 0, 0});
    return spent_.back();
}

void Quota::spend(double cost, Instant now) {
    spent_until(counts_until(now)).cost += cost;
    ours_ += cost;
}

void Quota::restore(const QuotaCharges& charges) {
    for (const auto& [until, charge] : charges) {
        spent_.push_back({until, charge, charge});
        ours_ += charge;
    }
    // Never charged unless the far end had told a greater capacity than the stated one. What that
    // was the next answer tells again: so much is left for it.
    const double share = options_.capacity * options_.share;
    if (ours_ <= share) return;
    const double question = std::max(1.0, share / charges_per_share);
    options_.capacity = (ours_ + question) / options_.share;
}

std::optional<QuotaCharges::value_type> Quota::charge_for(double cost, Instant now) const {
    Spent newest{.until = counts_until(now)};
    if (!spent_.empty() && spent_.back().until >= newest.until) newest = spent_.back();
    if (newest.cost + cost <= newest.charged) return std::nullopt;
    const double share = options_.capacity * options_.share;
    const double ahead = std::min(share / charges_per_share, share - ours_);
    return QuotaCharges::value_type{newest.until, newest.cost + std::max(cost, ahead)};
}

void Quota::note_charged(const QuotaCharges::value_type& charge) {
    spent_until(charge.first).charged = charge.second;
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
