// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/message_format.hpp"

#include "connectors/channels/google_chat/render.hpp"
#include "connectors/channels/mail/html.hpp"
#include "connectors/channels/slack/render.hpp"
#include "connectors/channels/teams/render.hpp"
#include "connectors/channels/text.hpp"
#include "daemon/cli/parser.hpp"

namespace nudged::cli {

void add_message_format(Parser command, std::string& format) {
    command
        .add_option("--format", format,
                    "slack, teams and google_chat are the JSON that is posted, html what a mail "
                    "shows, json the message before any channel's form")
        .one_of({"text", "slack", "teams", "google_chat", "html", "json"})
        .show_default();
}

std::string render_as(const model::Message& message, const std::string& format) {
    if (format == "slack") return channels::slack::render(message) + "\n";
    if (format == "teams") return channels::teams::render(message) + "\n";
    if (format == "google_chat") return channels::google_chat::render_card(message, "") + "\n";
    if (format == "html") return channels::mail::render_html(message);
    if (format == "json") return model::to_json(message) + "\n";
    return channels::render_text(message);
}

}  // namespace nudged::cli
