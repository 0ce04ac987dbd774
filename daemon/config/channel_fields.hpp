// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/options.hpp"
#include "daemon/config/field.hpp"

/// channels.d/*.toml.
namespace nudged::config {

template <>
inline constexpr auto names<channels::Audience> =
    std::to_array<std::pair<std::string_view, channels::Audience>>({
        {"shared", channels::Audience::shared},
        {"manager", channels::Audience::manager},
    });

template <>
inline constexpr auto fields<channels::SlackOptions> = std::tuple{
    field("url", &channels::SlackOptions::url, "the incoming webhook's URL, a secret", required),
};

template <>
inline constexpr auto fields<channels::FileOptions> = std::tuple{
    field("path", &channels::FileOptions::path,
          "the file that messages are appended to; relative to the state folder", required,
          not_blank),
    field("format", &channels::FileOptions::format, "text, or json with one line a message",
          one_of("text", "json")),
};

template <>
inline constexpr auto fields<channels::SlackWorkflowOptions> = std::tuple{
    field("url", &channels::SlackWorkflowOptions::url, "the workflow's URL, a secret", required),
};

template <>
inline constexpr auto fields<channels::TeamsOptions> = std::tuple{
    field("url", &channels::TeamsOptions::url, "the URL of the flow's web request, a secret",
          required),
};

template <>
inline constexpr auto fields<channels::WebhookOptions> = std::tuple{
    field("url", &channels::WebhookOptions::url, "where messages are posted to, a secret",
          required),
    field("secret", &channels::WebhookOptions::secret,
          "the key that signs: whsec_… for HMAC-SHA256, whsk_… for Ed25519", required),
    field("old_secret", &channels::WebhookOptions::old_secret,
          "the key before it, which signs too while receivers change over"),
    field("private_addresses", &channels::WebhookOptions::private_addresses,
          "whether url may lead to this machine or a private network"),
};

template <>
inline constexpr auto fields<channels::GoogleChatOptions> = std::tuple{
    field("url", &channels::GoogleChatOptions::url, "the space's incoming webhook, a secret",
          required),
    field("format", &channels::GoogleChatOptions::format, "card, or text", one_of("card", "text")),
    field("thread_key", &channels::GoogleChatOptions::thread_key,
          "one thread of this name for all messages; empty: each stands for itself"),
};

template <>
inline constexpr auto fields<channels::AlertmanagerOptions> = std::tuple{
    field("url", &channels::AlertmanagerOptions::url, "where Alertmanager is", required, not_blank),
    field("token", &channels::AlertmanagerOptions::token,
          "the bearer token of the proxy before it, a secret"),
    field("labels", &channels::AlertmanagerOptions::labels, "labels that every alert gets"),
    field("keep_for", &channels::AlertmanagerOptions::keep_for,
          "how long an alert stands that nothing ends", at_least(std::chrono::hours{1})),
};

template <>
inline constexpr auto fields<channels::CommandOptions> = std::tuple{
    field("command", &channels::CommandOptions::command,
          "the program and its arguments; no shell reads them", required),
    field("timeout", &channels::CommandOptions::timeout, "how long it may take",
          between(std::chrono::seconds{1}, std::chrono::seconds{90})),
};

template <>
inline constexpr auto fields<channels::ChannelOptions> = std::tuple{
    field("name", &channels::ChannelOptions::name, "what teams call the channel", required,
          identifier),
    field("kind", &channels::ChannelOptions::kind, "slack, file, teams, …: a kind of channel",
          required),
    field("audience", &channels::ChannelOptions::audience,
          "who can read it: \"manager\" only, or \"shared\""),
};

/// The keys of the kind stand beside those that every channel has.
template <>
struct Codec<channels::ChannelOptions> {
    static bool read(const toml::node& node, channels::ChannelOptions& out, const Spot& spot);
    static std::optional<Value> write(const channels::ChannelOptions& channel);
};

/// One file of channels.d.
struct ChannelFile {
    channels::ChannelOptions channel;
};
template <>
inline constexpr auto fields<ChannelFile> = std::tuple{
    field("channel", &ChannelFile::channel, "the one [channel] of this file", required),
};

}  // namespace nudged::config
