// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/secret.hpp"

#include <chrono>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace nudged::channels {

/// Who can read a channel. Items about one person never go to a shared one.
enum class Audience { shared, manager };

struct SlackOptions {
    Secret url;  // an incoming webhook; https, http only for loopback
};

struct FileOptions {
    std::string path;             // messages are appended to it
    std::string format = "text";  // text or json (one line a message)
};

struct TeamsOptions {
    Secret url;  // of a flow's web request; https, http only for loopback
};

struct WebhookOptions {
    Secret url;
    Secret secret;                   // "whsec_…" for HMAC-SHA256, or "whsk_…" for Ed25519
    Secret old_secret;               // signs beside it while receivers change over; may be empty
    bool private_addresses = false;  // whether it may lead to this machine or a private network
};

struct GoogleChatOptions {
    Secret url;                   // a space's incoming webhook
    std::string format = "card";  // card or text
    std::string thread_key;       // one thread for all of the channel's messages; may be empty
};

struct AlertmanagerOptions {
    std::string url;  // without the path of its API
    Secret token;     // for the proxy before it, as a bearer; may be empty
    std::map<std::string, std::string> labels;  // beside those that nudged sets
    std::chrono::hours keep_for{24};            // how long an alert stands that nobody ends
};

struct CommandOptions {
    std::vector<std::string> command;  // argv; no shell reads it
    std::chrono::seconds timeout{30};
};

struct SlackWorkflowOptions {
    Secret url;  // of a workflow that starts from a webhook
};

/// One `[channel]`.
struct ChannelOptions {
    std::string name;
    std::string kind;  // "slack", "file", …: a name in catalog.cpp
    Audience audience = Audience::shared;
    std::variant<std::monostate, SlackOptions, FileOptions, TeamsOptions, WebhookOptions,
                 GoogleChatOptions, AlertmanagerOptions, CommandOptions, SlackWorkflowOptions>
        kind_options;
    Place place;
};

}  // namespace nudged::channels
