// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/net/http.hpp"

namespace nudged::channels::google_chat {

/// What an answer means: the status word in the body decides, then the status. The reason quotes
/// only words that are known.
SendOutcome classify(const net::HttpResponse& response, Instant now);

}  // namespace nudged::channels::google_chat
