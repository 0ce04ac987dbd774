// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/webhook/replies.hpp"

#include "connectors/channels/post.hpp"

namespace nudged::channels::webhook {
namespace {

constexpr int patience_with_redirects = 3;
constexpr std::chrono::hours patience_with_denials{24};

}  // namespace

Outcome Replies::outcome_of(const net::HttpResponse& response, Instant now) {
    const int status = response.status;
    const bool is_redirect = status >= 300 && status < 400;
    if (!is_redirect) redirects_ = 0;
    if (status >= 200 && status < 300) {
        denied_since_.reset();
        return Outcome::delivered;
    }
    if (is_redirect)
        return ++redirects_ <= patience_with_redirects ? Outcome::transient
                                                       : Outcome::refused_destination;
    switch (status) {
    case 400:
    case 413:
    case 422: return Outcome::refused_payload;
    case 408:
    case 425: return Outcome::transient;
    case 410: return Outcome::refused_destination;
    case 429:
    case 502:
    case 504: return Outcome::throttled;
    default: break;
    }
    if (status >= 500) return Outcome::transient;
    // Denied, or not there: a deployment that is under way, until it has lasted for a day.
    denied_since_ = denied_since_.value_or(now);
    return now - *denied_since_ < patience_with_denials ? Outcome::transient
                                                        : Outcome::refused_destination;
}

SendOutcome Replies::classify(const net::HttpResponse& response, Instant now) {
    SendOutcome result;
    result.status = response.status;
    result.retry_after = response.retry_after(now);
    result.outcome = outcome_of(response, now);
    if (result.outcome != Outcome::delivered) result.reason = describe(response);
    return result;
}

}  // namespace nudged::channels::webhook
