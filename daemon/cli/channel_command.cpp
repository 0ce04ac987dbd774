// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/channels/catalog.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/runtime/workplace.hpp"

#include <algorithm>
#include <cstdio>

namespace nudged::cli {
namespace {

const channels::ChannelOptions& channel_named(const config::Config& config,
                                              const std::string& name) {
    std::vector<std::string> names;
    for (const auto& channel : config.channels) {
        if (channel.name == name) return channel;
        names.push_back(channel.name);
    }
    const auto near = nearest(name, names);
    give_up(exit_usage, fmt::format("no channel is called \"{}\"{}", name,
                                    near.empty() ? "; channels.d has one file for each"
                                                 : fmt::format("; did you mean {}?", near)));
}

model::Message test_message() {
    model::Message message;
    message.kind = model::Message::Kind::test;
    message.title = "A test message from nudged";
    message.subtitle = "What is worth a conversation will be told here.";
    message.footer = "Sent by `nudged channel test`; nothing has to be done.";
    message.reference = "test";
    message.decided_at = system_now();
    return message;
}

runtime::asio::awaitable<void> send(channels::Channel& channel, std::string payload,
                                    std::string key, channels::SendOutcome& outcome) {
    outcome = co_await channel.send(payload, key);
}

void print_outcome_json(const std::string& channel, const channels::SendOutcome& outcome,
                        bool is_taken) {
    Json json;
    json.begin_object()
        .field("channel", channel)
        .field("taken", is_taken)
        .field("outcome", to_string(outcome.outcome))
        .field("reason", outcome.reason)
        .end_object();
    fmt::print("{}\n", json.str());
}

void send_test(const channels::ChannelOptions& options, const std::string& recipient, bool json,
               Context& context) {
    runtime::Workplace place;
    const auto* kind = channels::find_kind(options.kind);
    const auto channel = kind->make(options, place.http());
    auto message = test_message();
    message.recipient = recipient;
    channels::SendOutcome outcome;
    const auto key = fingerprint(options.name + format_instant(system_now()));
    place.run(send(*channel, channel->render(message), key, outcome));
    const bool is_taken = outcome.outcome == channels::Outcome::delivered ||
                          outcome.outcome == channels::Outcome::accepted;
    if (json)
        print_outcome_json(options.name, outcome, is_taken);
    else
        fmt::print(is_taken ? stdout : stderr, "channel {}: {}{}\n", options.name,
                   to_string(outcome.outcome), outcome.reason.empty() ? "" : ": " + outcome.reason);
    context.status = is_taken ? exit_ok : exit_failure;
}

}  // namespace

void add_channel(Parser app, Context& context) {
    struct Options {
        std::string name;
        std::string to;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto group = app.add_subcommand("channel", "Try where messages go");
    group.require_subcommand();
    auto test = group.add_subcommand("test", "Send a test message now, past the outbox");
    test.add_option("NAME", options->name, "the channel").required();
    test.add_option("--to", options->to,
                    "whom it is for, where the channel writes to each person: an e-mail address");
    test.add_flag("--json", options->json, "an object: channel, taken, outcome, reason");
    test.callback([options, &context] {
        const auto config = context.load(config::Secrets::required);
        send_test(channel_named(*config, options->name), options->to, options->json, context);
    });
}

}  // namespace nudged::cli
