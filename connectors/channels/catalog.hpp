// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string_view>

namespace nudged::channels {

/// How long, and how often, a kind of destination is tried (delivery reference §1.5).
struct Patience {
    std::chrono::seconds first{2};         // the longest wait after one failure; doubled each time
    std::chrono::seconds longest{600};     // and no longer than that
    std::chrono::hours longest_asked{1};   // however long the far end asks for
    std::chrono::hours expires_after{24};  // what has not been sent by then is given up
};

/// Whether a kind of destination keeps account of what it was told: one that does hears that it is
/// over as well.
enum class Hears { news, ends };

/// One kind of destination that ships.
struct ChannelKind {
    std::string_view name;
    Hears hears;
    Patience patience;
    void (*check)(const ChannelOptions&, Diagnostics&);
    /// `http` outlives the channel. Throws Failure(needs_person) for options that check() would
    /// refuse.
    std::unique_ptr<Channel> (*make)(const ChannelOptions&, net::HttpClient& http);
};

/// Everything that ships, one row a kind.
std::span<const ChannelKind> catalog();
const ChannelKind* find_kind(std::string_view name);

}  // namespace nudged::channels
