// SPDX-License-Identifier: Apache-2.0
// What each kind of channel would send, for readers that know nothing of nudged (judge.mjs):
//   write_messages samples              a few messages with known content
//   write_messages hostile FIRST COUNT  messages of hostile values, from that seed on, until they
//                                       hold so many values
// A JSON object a line: the channel, what was asked of it (render, simplify, repeat, mail, reply,
// edit, edit simplified), the number of the message, and the bytes in base64, since whether they
// are UTF-8 is to be judged too.
#include "connectors/base/crypto.hpp"
#include "connectors/channels/catalog.hpp"
#include "connectors/channels/mail/render.hpp"
#include "connectors/channels/mail/round.hpp"
#include "tests/connectors/channels/hostile.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

using namespace nudged;
using channels::ChannelOptions;
using model::Message;

namespace {

template <typename Options>
ChannelOptions of(const char* name, const char* kind, Options kind_options) {
    ChannelOptions options;
    options.name = name;
    options.kind = kind;
    options.kind_options = std::move(kind_options);
    return options;
}

channels::MailOptions mail_options() {
    channels::MailOptions mail;
    mail.from = "nudged@example.com";
    mail.from_name = "nudged für Köln";
    mail.to = {"mara.voss@example.com"};
    mail.reply_to = "ops@example.com";
    mail.unsubscribe = "mailto:leave@example.com";
    return mail;
}

/// One of each form that a message can take; `graph` sends the mails that `smtp` sends.
std::vector<ChannelOptions> every_channel() {
    using namespace channels;
    const Secret hook{"https://hooks.example.com/triggers/x"};
    SmtpOptions smtp;
    smtp.host = "mail.example.com";
    smtp.mail = mail_options();
    AlertmanagerOptions alertmanager;
    alertmanager.url = "https://alerts.example.com";
    return {
        of("slack", "slack", SlackOptions{Secret{"https://hooks.example.com/services/T/B/x"}}),
        of("slack_workflow", "slack_workflow", SlackWorkflowOptions{hook}),
        of("slack_bot", "slack_bot",
           SlackBotOptions{Secret{"xoxb-1-a"}, "C0123456789", "https://slack.com/api",
                           Secret{"xapp-1-a"}}),
        of("teams", "teams", TeamsOptions{hook}),
        of("google_chat", "google_chat", GoogleChatOptions{hook, "card", ""}),
        of("google_chat_text", "google_chat", GoogleChatOptions{hook, "text", ""}),
        of("webhook", "webhook",
           WebhookOptions{hook, Secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, Secret{}, false}),
        of("alertmanager", "alertmanager", alertmanager),
        of("command", "command", CommandOptions{{"/bin/true"}, std::chrono::seconds{30}}),
        of("file", "file", FileOptions{"/nowhere/messages.txt", "text"}),
        of("mail", "smtp", smtp),
    };
}

class Output {
public:
    Output() {
        for (auto& options : every_channel())
            channels_.push_back(
                {options.name, channels::find_kind(options.kind)->make(options, http_)});
    }

    void write(const Message& message, std::size_t number) {
        for (const auto& [name, channel] : channels_) {
            const auto full = channel->render(message);
            line(name, "render", number, full);
            if (const auto poorer = channel->simplify(full))
                line(name, "simplify", number, *poorer);
            if (name == "mail") write_mails(message, full, number);
            if (channel->can_edit()) write_later(name, *channel, message, number);
        }
    }

private:
    /// The mail itself, of the first try and of one after it that may be a repeat.
    void write_mails(const Message& message, const std::string& full, std::size_t number) {
        for (const char* what : {"mail", "mail again"}) {
            const auto payload = channels::mail::parse_payload(
                what == std::string{"mail"} ? full : channels::mail::repeat(full));
            line("mail", what, number,
                 channels::mail::compose_for(payload, payload.to.at(0), mail_options(),
                                             fmt::format("key-{}", number),
                                             message.decided_at.value_or(Instant{})));
        }
    }

    /// What comes after a message that was delivered: a reply to it, and what takes its place.
    static void write_later(const std::string& name, const channels::Channel& channel,
                            Message message, std::size_t number) {
        message.thread = "C0123456789 1503435956.000247";
        line(name, "reply", number, channel.render(message));
        message.replaces = std::exchange(message.thread, {});
        const auto edit = channel.render(message);
        line(name, "edit", number, edit);
        if (const auto poorer = channel.simplify(edit))
            line(name, "edit simplified", number, *poorer);
    }

    static void line(const std::string& channel, const char* what, std::size_t number,
                     const std::string& bytes) {
        fmt::print("{{\"channel\":\"{}\",\"what\":\"{}\",\"number\":{},\"bytes\":\"{}\"}}\n",
                   channel, what, number, crypto::base64(bytes));
    }

    struct Named {
        std::string name;
        std::unique_ptr<channels::Channel> channel;
    };
    boost::asio::io_context loop_;
    net::HttpClient http_{loop_.get_executor()};
    std::vector<Named> channels_;
};

/// Known to judge.mjs word by word.
Message sample(Message::Kind kind) {
    Message message;
    message.kind = kind;
    message.title = "Zoë's team · week 2026-W47\r\nBcc: eve@evil.example";
    message.subtitle = "5 working days · HubSpot as of Mon 07:10\nNothing was held back";
    auto& praise = message.sections.emplace_back();
    praise.heading = "Worth praising";
    praise.items.push_back({"↗",
                            "Ana Díaz",
                            "https://crm.example/users/7?a=1&b=2",
                            "52 dials a day (agreed 50, from 40).",
                            "",
                            {}});
    auto& table = message.sections.emplace_back();
    table.heading = "Team";
    table.columns = {"Person", "Dials", "Meetings"};
    table.rows = {{"Ana Díaz ↗", "260 / 250", "4 / 5"}, {"Ben O'Hara →", "190 / 250", "6 / 5"}};
    auto& talk = message.sections.emplace_back();
    talk.heading = "Worth a conversation";
    talk.items.push_back({"◆",
                          "Acme <!channel> & Söhne",
                          "https://crm.example/deals/1",
                          "The close date moved a second time (31 Mar → 30 Apr → 29 May).",
                          "What has to happen at the customer before that date is real?",
                          {{"amount", "€ 120,000", ""},
                           {"history", "open", "https://crm.example/deals/1/history"}}});
    for (const char* what : {"ack", "why", "week", "facts", "recheck", "wrong"})
        talk.items.back().answers.push_back(
            {"Quiet for <!channel> & a week", fmt::format("finding {} 9f3c2a1b77 1", what)});
    talk.more = "and 3 more: nudged evaluate --owner ana@example.com";
    message.footer = "Held back: nothing.";
    message.recipient = "mara.voss@example.com";
    message.reference = "3f2a91bc";
    message.series = "brief/North";
    message.about = "week 2026-W47";
    message.decided_at = parse_instant("2026-11-23T07:30:00Z");
    return message;
}

int run(const std::vector<std::string>& arguments) {
    Output output;
    if (arguments == std::vector<std::string>{"samples"}) {
        std::size_t number = 0;
        for (const auto kind : {Message::Kind::brief, Message::Kind::digest, Message::Kind::card,
                                Message::Kind::scrum, Message::Kind::nudge, Message::Kind::resolved,
                                Message::Kind::test})
            output.write(sample(kind), number++);
        return 0;
    }
    if (arguments.size() != 3 || arguments[0] != "hostile")
        throw std::runtime_error("write_messages samples | write_messages hostile FIRST COUNT");
    const auto first = std::stoul(arguments[1]);
    const auto wanted = std::stoul(arguments[2]);
    std::size_t values = 0;
    for (auto seed = first; values < wanted; ++seed) {
        tests::Hostile hostile(static_cast<unsigned>(seed));
        const auto message = hostile.message();
        values += hostile.made();
        output.write(message, seed);
    }
    fmt::print("{{\"values\":{}}}\n", values);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        fmt::print(stderr, "write_messages: {}\n", error.what());
        return 1;
    }
}
