// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/net/http.hpp"

namespace nudged::channels::slack {

/// What an incoming webhook's answer means (delivery reference §2.4): the word in the body decides,
/// then the status. The reason quotes the body only where it is one of Slack's plain words.
SendOutcome classify(const net::HttpResponse& response, Instant now);

}  // namespace nudged::channels::slack
