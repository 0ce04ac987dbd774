// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/http/limiter_plan.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace nudged::sources {

/// What one answer says of a limiter. What is absent, no number, negative or beyond reason is not
/// there.
struct Told {
    std::optional<double> remaining;
    std::optional<double> limit;
    std::optional<double> used;
    std::optional<std::chrono::milliseconds> reset;  // from now on

    bool is_used_up() const { return remaining && *remaining < 1; }
};

/// `now` is by the server's clock, which its epochs count on.
Told read_feedback(const LimiterFeedback& feedback, const net::Headers& headers, Instant now);

/// A number of at least 0; nullopt for anything else, infinity included.
std::optional<double> parse_count(std::string_view text);

}  // namespace nudged::sources
