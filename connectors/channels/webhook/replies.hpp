// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/net/http.hpp"

#include <optional>

namespace nudged::channels::webhook {

/// What a receiver's answers mean (delivery reference §5.5). Some do not mean the same at once as
/// after a while: it is one receiver's memory, from its first try on. Never follows or quotes
/// anything.
class Replies {
public:
    SendOutcome classify(const net::HttpResponse& response, Instant now);

private:
    Outcome outcome_of(const net::HttpResponse& response, Instant now);

    int redirects_ = 0;  // in a row
    std::optional<Instant> denied_since_;
};

}  // namespace nudged::channels::webhook
