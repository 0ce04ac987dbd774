// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/catalog.hpp"

#include "connectors/channels/file/file.hpp"
#include "connectors/channels/slack/slack.hpp"

#include <algorithm>
#include <array>

namespace nudged::channels {

std::span<const ChannelKind> catalog() {
    static constexpr std::array kinds{
        ChannelKind{"slack", slack::check, slack::make},
        ChannelKind{"file", file::check, file::make},
    };
    return kinds;
}

const ChannelKind* find_kind(std::string_view name) {
    const auto kinds = catalog();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const auto& kind) { return kind.name == name; });
    return found == kinds.end() ? nullptr : &*found;
}

}  // namespace nudged::channels
