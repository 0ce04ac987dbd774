// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/net/http.hpp"

namespace nudged::channels::teams {

/// What a flow's answer means (delivery reference §3.4): at best that it took the message, which it
/// posts later. The reason quotes an error's code only where it is one that is known.
SendOutcome classify(const net::HttpResponse& response, Instant now);

}  // namespace nudged::channels::teams
