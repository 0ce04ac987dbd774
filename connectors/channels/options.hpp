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

struct SlackBotOptions {
    Secret token;         // "xoxb-…"
    std::string channel;  // its ID; empty: to the person a message is for, by their e-mail address
    std::string api_url = "https://slack.com/api";  // or loopback
    Secret app_token{};  // "xapp-…": answers come by Socket Mode; empty: none do
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

/// What every way of sending mail shares.
struct MailOptions {
    std::string from;  // the address that it comes from
    std::string from_name = "nudged";
    std::vector<std::string> to;  // one mail to each; empty: to the person a message is for
    std::string reply_to;         // empty: answers go to `from`
    std::string unsubscribe;      // mailto: or https:; empty: none
};

/// A token by OAuth's client credentials (RFC 6749 §4.4).
struct TokenOptions {
    std::string token_url;  // https, http only for loopback
    std::string client_id;
    Secret client_secret;
    std::string scope;
};

struct SmtpOptions {
    std::string host;
    int port = 587;
    std::string security = "starttls";  // starttls, tls (port 465) or none (loopback only)
    std::string hello;                  // the name for EHLO; empty: the domain of `from`
    std::string ca_file;                // beside the system's; empty: the system's alone
    std::string auth = "plain";         // plain, login or xoauth2; used once there is a user
    std::string user;                   // empty: no login
    Secret password;
    TokenOptions token;  // of xoauth2
    MailOptions mail;
};

/// Microsoft Graph.
struct GraphOptions {
    std::string tenant;  // the directory's id or domain
    std::string client_id;
    Secret client_secret;
    std::string login_url = "https://login.microsoftonline.com";  // or loopback
    std::string api_url = "https://graph.microsoft.com";          // or loopback
    MailOptions mail;
};

/// One `[channel]`.
struct ChannelOptions {
    std::string name;
    std::string kind;  // "slack", "file", …: a name in catalog.cpp
    Audience audience = Audience::shared;
    std::string fallback;  // the channel that takes its messages while it is broken; or empty
    std::chrono::hours expires_after{0};  // 0: as the kind has it (catalog.cpp)
    std::variant<std::monostate, SlackOptions, FileOptions, TeamsOptions, WebhookOptions,
                 GoogleChatOptions, AlertmanagerOptions, CommandOptions, SlackWorkflowOptions,
                 SlackBotOptions, SmtpOptions, GraphOptions>
        kind_options;
    Place place;
};

}  // namespace nudged::channels
