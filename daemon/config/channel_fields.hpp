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
inline constexpr auto fields<channels::SlackBotOptions> = std::tuple{
    field("token", &channels::SlackBotOptions::token, "the bot's token, a secret", required),
    field("channel", &channels::SlackBotOptions::channel,
          "the ID of the channel that it writes to; empty: to each person directly"),
    field("api_url", &channels::SlackBotOptions::api_url, "where Slack's Web API is", not_blank),
    field("app_token", &channels::SlackBotOptions::app_token,
          "the app's token for Socket Mode, by which people answer in Slack; a secret"),
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
inline constexpr auto fields<channels::MailOptions> = std::tuple{
    field("from", &channels::MailOptions::from, "the address that mails come from", required,
          not_blank),
    field("from_name", &channels::MailOptions::from_name, "the name beside it; may be empty"),
    field("to", &channels::MailOptions::to,
          "who gets the mails, each one of their own; empty: the manager a message is for"),
    field("reply_to", &channels::MailOptions::reply_to, "where answers go; empty: to from"),
    field("unsubscribe", &channels::MailOptions::unsubscribe,
          "what List-Unsubscribe leads to, mailto: or https:; empty: no such header"),
};

template <>
inline constexpr auto fields<channels::TokenOptions> = std::tuple{
    field("token_url", &channels::TokenOptions::token_url,
          "where tokens for auth = \"xoauth2\" are given"),
    field("client_id", &channels::TokenOptions::client_id, "the registered application's id"),
    field("client_secret", &channels::TokenOptions::client_secret, "its secret"),
    field("scope", &channels::TokenOptions::scope, "what the token is for"),
};

template <>
inline constexpr auto fields<channels::SmtpOptions> = std::tuple{
    field("host", &channels::SmtpOptions::host, "the mail server", required, not_blank),
    field("port", &channels::SmtpOptions::port, "its port: 587, or 465 with security = \"tls\"",
          between(1, 65'535)),
    field("security", &channels::SmtpOptions::security,
          "starttls (it must succeed), tls from the first byte, or none on this machine",
          one_of("starttls", "tls", "none")),
    field("hello", &channels::SmtpOptions::hello,
          "this machine's full name for EHLO; empty: the domain of from"),
    field("ca_file", &channels::SmtpOptions::ca_file,
          "certificates of a private authority, beside the system's"),
    field("auth", &channels::SmtpOptions::auth, "how to log in: plain, login or xoauth2",
          one_of("plain", "login", "xoauth2")),
    field("user", &channels::SmtpOptions::user, "who logs in; empty: nobody"),
    field("password", &channels::SmtpOptions::password, "the user's password"),
};

template <>
inline constexpr auto fields<channels::GraphOptions> = std::tuple{
    field("tenant", &channels::GraphOptions::tenant, "the directory's id or domain", required,
          not_blank),
    field("client_id", &channels::GraphOptions::client_id, "the registered application's id",
          required, not_blank),
    field("client_secret", &channels::GraphOptions::client_secret, "its secret", required),
    field("login_url", &channels::GraphOptions::login_url, "where tokens are given"),
    field("api_url", &channels::GraphOptions::api_url, "where Microsoft Graph is"),
};

template <>
inline constexpr auto fields<channels::ChannelOptions> = std::tuple{
    field("name", &channels::ChannelOptions::name, "what teams call the channel", required,
          identifier),
    field("kind", &channels::ChannelOptions::kind, "slack, file, teams, …: a kind of channel",
          required),
    field("audience", &channels::ChannelOptions::audience,
          "who can read it: \"manager\" only, or \"shared\""),
    field("fallback", &channels::ChannelOptions::fallback,
          "the channel that takes its messages while it is broken; empty: they wait"),
    field("expires_after", &channels::ChannelOptions::expires_after,
          "what could not be sent by then is given up as too late; 0s: as alerts.expires_after, or "
          "else the kind, has it",
          between(std::chrono::hours{0}, std::chrono::hours{24 * 30})),
};

/// The keys of the kind stand beside those that every channel has.
template <>
struct Codec<channels::ChannelOptions> {
    static bool read(const toml::node& node, channels::ChannelOptions& out, const Spot& spot);
    static std::optional<Value> write(const channels::ChannelOptions& channel);
    static Shape shape();
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
