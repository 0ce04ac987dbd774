// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace nudged::sources {

/// A number in an answer's header: the whole of it, or a member of a list such as
/// "limit=100, remaining=50, reset=5".
struct HeaderValue {
    std::string header;  // in lower case
    std::string member;  // empty: the whole
};

enum class ResetForm : std::uint8_t {
    seconds,  // from now on, perhaps with a fraction
    epoch_s,
    epoch_ms,
};

/// What answers tell of a limiter.
struct LimiterFeedback {
    std::optional<HeaderValue> remaining;
    std::optional<HeaderValue> limit;
    std::optional<HeaderValue> used_of;  // "18/15000"
    std::optional<HeaderValue> reset;
    ResetForm reset_form = ResetForm::seconds;
};

enum class LimiterKind : std::uint8_t {
    pace,   // a bucket that is waited for
    quota,  // a budget for a long time, whose end ends the turn
};

/// One `[[limiter]]`.
struct LimiterPlan {
    std::string name;
    LimiterKind kind = LimiterKind::pace;
    double capacity = 1;
    std::chrono::milliseconds per{1000};
    bool is_paced = true;         // false: it bounds concurrency alone
    bool counts_seconds = false;  // of the CRM's work, which answers take, not requests
    int concurrent = 0;           // requests under way at once; 0: any number
    double share = 0.2;           // of a quota, is ours
    double reserve = 0.1;         // of a quota, is left to others
    bool until_midnight = false;  // a quota for a day of the account, not for a rolling span
    LimiterFeedback feedback;
};

/// What a request draws on a limiter.
struct LimiterUse {
    std::size_t limiter = 0;
    double cost = 1;
};

}  // namespace nudged::sources
