// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <functional>
#include <string>
#include <string_view>

/// What the channels that post over HTTP have in common (delivery reference §§1.4, 1.6).
namespace nudged::channels {

/// A POST of JSON: 10 s to connect, 30 s in all, 64 KiB of answer.
net::HttpRequest json_post(std::string_view url, const std::string& payload);

/// What it means that no answer came.
SendOutcome without_answer(const net::TransferFailure& failure);

/// What an answer means that came at this moment.
using Classify = std::function<SendOutcome(const net::HttpResponse&, Instant)>;
/// Tries once: the outcome by `classify`, or without_answer(). `http` outlives it.
asio::awaitable<SendOutcome> try_once(net::HttpClient& http, net::HttpRequest request,
                                      Classify classify);

/// "400 with a body of 12 bytes": of an answer whose words are not known, which may quote anything.
std::string describe(const net::HttpResponse& response);

/// What a chat's webhook means by a status that no word explains: delivery reference §§2.4, 3.4.
/// A success is `success`.
Outcome chat_outcome(int status, bool has_retry_after, Outcome success);

/// What is wrong and what to do; both empty when nothing is.
struct Complaint {
    std::string what;
    std::string remedy;
};

/// Of a URL that is a secret: never quotes it. `whose` names it: "the flow's URL".
Complaint complain_of_url(std::string_view url, std::string_view whose);

/// For check() and make() of a kind: tells the complaint under the channel's name and place, or
/// throws it as Failure(needs_person). Neither does anything without one.
void report(const Complaint& complaint, const ChannelOptions& options, Diagnostics& problems);
void refuse(const Complaint& complaint, const ChannelOptions& options);

}  // namespace nudged::channels
