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
inline constexpr auto fields<channels::ChannelOptions> = std::tuple{
    field("name", &channels::ChannelOptions::name, "what teams call the channel", required,
          identifier),
    field("kind", &channels::ChannelOptions::kind, "slack or file", required),
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
