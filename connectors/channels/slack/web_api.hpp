// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/net/http.hpp"

#include <string>

namespace nudged::channels::slack {

/// What an answer of Slack's Web API says: a JSON object whose `ok` decides, nearly always under
/// 200, with a word in `error`.
struct Answer {
    SendOutcome outcome;  // delivered: it was done; with a receipt where a message came of it
    std::string word;     // of an error; empty: none, or none that is one
    std::string user;     // the `id` of a `user`, where one was asked for
};

/// The reason quotes Slack's word and never anything else of the answer, which repeats the message.
Answer read_answer(const net::HttpResponse& response, Instant now);

}  // namespace nudged::channels::slack
