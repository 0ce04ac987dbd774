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
    using std::chrono::hours;
    using std::chrono::seconds;
    constexpr Patience chat{};
    constexpr Patience mail_server{seconds{60}, hours{2}, hours{1}, hours{48}};
    constexpr Patience program{seconds{5}, seconds{600}, hours{1}, hours{24}};
    constexpr Patience receiver{seconds{5}, seconds{600}, hours{24}, hours{76}};
    static constexpr std::array kinds{
        ChannelKind{"slack", Hears::news, chat, slack::check, slack::make},
        ChannelKind{"file", Hears::news, chat, file::check, file::make},
        ChannelKind{"slack_workflow", Hears::news, chat, slack::check_workflow,
                    slack::make_workflow},
        ChannelKind{"slack_bot", Hears::news, chat, slack::check_bot, slack::make_bot},
        ChannelKind{"teams", Hears::news, chat, teams::check, teams::make},
        ChannelKind{"webhook", Hears::ends, receiver, webhook::check, webhook::make},
        ChannelKind{"google_chat", Hears::news, chat, google_chat::check, google_chat::make},
        ChannelKind{"alertmanager", Hears::ends, program, alertmanager::check, alertmanager::make},
        ChannelKind{"command", Hears::ends, program, command::check, command::make},
        ChannelKind{"smtp", Hears::news, mail_server, mail::check_smtp, mail::make_smtp},
        ChannelKind{"graph", Hears::news, mail_server, mail::check_graph, mail::make_graph},
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
