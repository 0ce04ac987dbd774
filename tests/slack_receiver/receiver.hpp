// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/crmsim/faults.hpp"
#include "tests/crmsim/loopback.hpp"
#include "tests/slack_receiver/validate.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <rapidjson/document.h>
#include <string>
#include <vector>

namespace nudged::slack_receiver {

/// One post, and how it was answered.
struct Received {
    Instant at;
    std::string path;
    std::string body;
    int status;                          // 0: the connection was dropped
    std::optional<Objection> objection;  // what was wrong with it, if anything
};

/// Told of every post as it comes, with the parsed message.
using Listener = std::function<void(const Received&, const rapidjson::Value& message)>;

/// Slack's end of incoming webhooks. Posts to /services/… are answered as Slack does; control
/// requests:
///   POST /_sim/reply     the next replies, in order: {"status", "headers", "body", "times"}, or
///                        {"kind": "drop"} (no answer at all) or a kind of faults.hpp
///   GET  /_sim/messages  everything that was posted
/// Safe to call from any thread.
class Receiver {
public:
    explicit Receiver(Listener listener = {}, Clock clock = system_now)
        : listener_(std::move(listener)), clock_(std::move(clock)) {}

    loopback::Reply answer(const loopback::Request& request);
    std::vector<Received> received() const;

private:
    loopback::Reply accept(const loopback::Request& request);
    loopback::Reply add_reply(const loopback::Request& request);
    loopback::Reply messages() const;

    mutable std::mutex mutex_;
    Listener listener_;
    Clock clock_;
    loopback::Faults replies_;
    std::vector<Received> received_;
};

}  // namespace nudged::slack_receiver
