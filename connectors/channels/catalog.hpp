// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace nudged::channels {

/// One kind of destination that ships.
struct ChannelKind {
    std::string_view name;
    void (*check)(const ChannelOptions&, Diagnostics&);
    /// `http` outlives the channel. Throws Failure(needs_person) for options that check() would
    /// refuse.
    std::unique_ptr<Channel> (*make)(const ChannelOptions&, net::HttpClient& http);
};

/// Everything that ships, one row a kind.
std::span<const ChannelKind> catalog();
const ChannelKind* find_kind(std::string_view name);

}  // namespace nudged::channels
