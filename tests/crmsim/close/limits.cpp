// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/close/limits.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::close {
namespace {

constexpr std::chrono::seconds window{5};
constexpr int unlimited = 1'000;

std::string group_of(const Request& request) {
    const auto parts = split(request.path, '/');
    return parts.size() > 3 ? std::string(parts[3]) : "";
}

}  // namespace

std::optional<Reply> Limits::refuse(const Request& request, Instant now) {
    if (limit_ == 0) return std::nullopt;
    if (now >= window_end_) {
        window_end_ = now + window;
        used_.clear();
    }
    int& group = used_[group_of(request)];
    int& all = used_[""];
    if (group >= limit_ || all >= 3 * limit_)
        return failure(429, "API call count exceeded for this 5 second window").reply;
    ++group;
    ++all;
    return std::nullopt;
}

void Limits::add_headers(const Request& request, Reply& reply, Instant now) const {
    const auto used = used_.find(group_of(request));
    const int limit = limit_ == 0 ? unlimited : limit_;
    const int count = used == used_.end() ? 0 : used->second;
    const int remaining = reply.status == 429 ? 0 : std::max(0, limit - count);
    const std::chrono::duration<double> reset =
        limit_ == 0 || window_end_ <= now ? Instant::duration{window} : window_end_ - now;
    reply.headers.emplace_back("RateLimit", fmt::format("limit={}, remaining={}, reset={:g}", limit,
                                                        remaining, reset.count()));
}

}  // namespace nudged::crmsim::close
