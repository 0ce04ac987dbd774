// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::channels {

namespace asio = boost::asio;

/// What came of one try (delivery reference §1.3).
enum class Outcome {
    delivered,            // the far end confirmed it
    accepted,             // the far end took it for later work
    throttled,            // certainly not processed: wait as told, for the whole channel
    transient,            // certainly not processed, may pass: back-off
    ambiguous,            // bytes went out, no verdict came back
    refused_payload,      // this message can never pass
    refused_destination,  // every message will fail until a person acts
};
std::string_view to_string(Outcome outcome);

struct SendOutcome {
    Outcome outcome = Outcome::transient;
    int status = 0;      // HTTP status; 0 when there was none
    std::string reason;  // short, redacted, at most 512 characters
    std::optional<std::chrono::milliseconds> retry_after;
    /// What the next try sends instead, where a part has arrived already: a mail to those who have
    /// not got it. Says by itself what may be a repeat.
    std::optional<std::string> left{};
    /// Where the far end keeps what it has taken, in the channel's own words: by this a later
    /// message replies to it or takes its place. Empty: there is no such thing.
    std::string receipt{};
};

/// What the far end wants us to keep to.
struct Pace {
    double burst = 3;
    std::chrono::milliseconds per{3'000};  // `burst` messages per this long
};

/// One configured destination. Lives on the loop; one message in flight at a time.
class Channel {
public:
    virtual ~Channel() = default;
    /// The bytes to send: escaped, within the far end's limits, in its form. Pure; any thread.
    virtual std::string render(const model::Message& message) const = 0;
    /// A poorer form for a payload that was refused, or nullopt when the channel has none.
    virtual std::optional<std::string> simplify(const std::string& payload) const = 0;
    /// The payload for a try after one without a verdict, where it is more than the message says:
    /// some of it may have been done already. nullopt: the message is rendered as a possible
    /// repeat.
    virtual std::optional<std::string> repeat(const std::string& /*payload*/) const {
        return std::nullopt;
    }
    /// Tries once. Never throws for what the far end does; `key` is the idempotency key. Both
    /// arguments must live until it is done.
    virtual asio::awaitable<SendOutcome> send(const std::string& payload,
                                              const std::string& key) = 0;
    virtual Pace pace() const = 0;
    /// Whether the far end knows a message again by its key: what ended without a verdict is then
    /// sent again as it is, until there is one.
    virtual bool knows_repeats() const { return false; }
    /// Whether it can put a message in the place of one that was delivered (Message::replaces);
    /// where it cannot, no such message is rendered.
    virtual bool can_edit() const { return false; }
};

}  // namespace nudged::channels
