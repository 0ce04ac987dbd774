// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/catalog.hpp"

#include "connectors/channels/alertmanager/alertmanager.hpp"
#include "connectors/channels/command/command.hpp"
#include "connectors/channels/file/file.hpp"
#include "connectors/channels/google_chat/google_chat.hpp"
#include "connectors/channels/mail/graph.hpp"
#include "connectors/channels/mail/smtp.hpp"
#include "connectors/channels/slack/bot.hpp"
#include "connectors/channels/slack/slack.hpp"
#include "connectors/channels/slack/workflow.hpp"
#include "connectors/channels/teams/teams.hpp"
#include "connectors/channels/webhook/webhook.hpp"

#include <algorithm>
#include <array>

namespace nudged::channels {

std::span<const ChannelKind> catalog() {
    static constexpr std::array kinds{
        ChannelKind{"slack", slack::check, slack::make},
        ChannelKind{"file", file::check, file::make},
        ChannelKind{"slack_workflow", slack::check_workflow, slack::make_workflow},
        ChannelKind{"slack_bot", slack::check_bot, slack::make_bot},
        ChannelKind{"teams", teams::check, teams::make},
        ChannelKind{"webhook", webhook::check, webhook::make},
        ChannelKind{"google_chat", google_chat::check, google_chat::make},
        ChannelKind{"alertmanager", alertmanager::check, alertmanager::make},
        ChannelKind{"command", command::check, command::make},
        ChannelKind{"smtp", mail::check_smtp, mail::make_smtp},
        ChannelKind{"graph", mail::check_graph, mail::make_graph},
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
