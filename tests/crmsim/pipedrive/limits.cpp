// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/pipedrive/limits.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>
#include <cctype>

namespace nudged::crmsim::pipedrive {
namespace {

using namespace std::chrono_literals;

constexpr auto burst_window = 2s;
/// Whoever is refused so often within a minute is shut out by the edge for that long.
constexpr std::size_t patience = 50;
constexpr auto patience_window = 60s;

void forget_before(std::deque<Instant>& times, Instant limit) {
    while (!times.empty() && times.front() <= limit) times.pop_front();
}

/// The edge answers for itself, and not in JSON.
Reply shut_out() {
    return {.status = 403,
            .content_type = "text/html; charset=UTF-8",
            .body = "<!DOCTYPE html><html><head><title>Access denied</title></head></html>"};
}

}  // namespace

Limits::Limits(const Quotas& quotas)
    : burst_(quotas.per_ten_seconds == 0
                 ? 0
                 : static_cast<std::size_t>(std::max(1, quotas.per_ten_seconds / 5))),
      budget_(quotas.per_day) {}

std::optional<Reply> Limits::refuse(int tokens, Instant now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    if (today != day_) {
        day_ = today;
        spent_ = 0;
    }
    forget_before(requests_, now - burst_window);
    forget_before(refused_, now - patience_window);
    if (refused_.size() >= patience) return shut_out();
    const bool over_budget = budget_ > 0 && spent_ + tokens > budget_;
    if (over_budget || (burst_ > 0 && requests_.size() >= burst_)) {
        refused_.push_back(now);
        return failure(429, "request over limit").reply;
    }
    if (burst_ > 0) requests_.push_back(now);
    spent_ += tokens;
    return std::nullopt;
}

void Limits::add_headers(Reply& reply, Instant now) const {
    if (burst_ == 0 && budget_ == 0) return;
    const bool over_budget = reply.status == 429 && requests_.size() < burst_;
    Instant free = requests_.empty() ? now + burst_window : requests_.front() + burst_window;
    if (over_budget || burst_ == 0) free = day_ + std::chrono::days{1};
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(free - now).count();
    const std::size_t left = burst_ - std::min(burst_, requests_.size());
    reply.headers.emplace_back("x-ratelimit-limit", std::to_string(burst_));
    reply.headers.emplace_back("x-ratelimit-remaining", std::to_string(over_budget ? 0 : left));
    // From now, not an instant.
    reply.headers.emplace_back("x-ratelimit-reset", std::to_string(seconds));
}

int token_cost(const Request& request) {
    const std::string_view path = request.path;
    const bool is_v2 = path.starts_with("/api/v2/");
    if (path.ends_with("/archived") || path.ends_with("/changelog")) return 20;
    const auto parts = split(path, '/');
    const std::string_view last = parts.back();
    const bool single = last == "me" || std::ranges::any_of(last, [](unsigned char c) {
                            return std::isdigit(c) != 0;
                        });
    if (single) return is_v2 ? 1 : 2;
    if (!is_v2) return 20;
    return last == "stages" || last == "pipelines" ? 5 : 10;
}

}  // namespace nudged::crmsim::pipedrive
