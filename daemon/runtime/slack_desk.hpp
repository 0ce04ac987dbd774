// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/slack/socket_mode.hpp"
#include "daemon/alerts/answer_button.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/slack_commitments.hpp"
#include "daemon/runtime/task_group.hpp"
#include "daemon/warehouse/findings.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace nudged::runtime {

/// What stands behind a finding, as `nudged explain` prints it. Blocks: a worker's.
using Explain = std::function<std::string(const config::Config& config,
                                          const warehouse::Finding& finding, Instant now)>;

/// What people click and type in Slack, of one bot's channel with Socket Mode. Whoever it was is
/// looked up by their Slack account's e-mail address, and may do what the links of messages would
/// let them (answer_rights.hpp); what came of it, or why not, is told to them alone. Lives on the
/// loop.
class SlackDesk {
public:
    /// All of it outlives the desk.
    struct Context {
        asio::any_io_executor loop;
        const config::Config& config;
        net::HttpClient& http;
        warehouse::Writer& writer;
        asio::thread_pool& workers;
        Clock clock;
        /// Does the commands "finding" and "commit".
        AnswerCommand answer;
        /// Reads a source again, and has the checks run; an empty name: only that.
        std::function<asio::awaitable<void>(std::string source)> check_again;
        Explain explain;
        std::function<void()> on_message;  // there is one in the outbox
    };

    SlackDesk(const channels::ChannelOptions& channel, Context context,
              channels::slack::SocketModeLimits limits = {});

    /// Connects, and answers, until cancelled. The desk must outlive `tasks`' tasks.
    void start(TaskGroup& tasks);
    /// Why people cannot answer until somebody acts; empty: they can, as far as known.
    const std::string& needs_person() const { return needs_person_; }

private:
    using Interaction = channels::slack::Interaction;

    /// The finding that a button is below, and what whoever clicked it may answer.
    struct Found {
        warehouse::StoredFinding stored;
        alerts::MayAnswer may{};
    };

    void take(Interaction interaction);
    asio::awaitable<void> act(Interaction interaction);
    asio::awaitable<std::string> answer(const Interaction& interaction, const std::string& mail);
    asio::awaitable<std::string> answer_finding(const Interaction& interaction,
                                                const alerts::ButtonClaim& claim,
                                                const std::string& mail);
    asio::awaitable<std::string> take_form(const Interaction& interaction, const std::string& mail);
    asio::awaitable<std::string> take_command(const Interaction& interaction,
                                              const std::string& mail);
    asio::awaitable<Found> find(const alerts::ButtonClaim& claim, const std::string& mail);
    asio::awaitable<std::string> give(std::map<std::string, std::string> arguments);
    asio::awaitable<void> ask_what_is_wrong(const Interaction& interaction, const Found& found,
                                            const alerts::ButtonClaim& claim,
                                            const std::string& mail);
    asio::awaitable<void> note_socket(bool is_down, std::string why);
    void on_connected();
    void on_failure(FailureKind kind, const std::string& why);

    std::string name_;
    Context context_;
    channels::slack::WebClient web_;
    channels::slack::SocketMode socket_;
    SlackCommitments commitments_;
    /// A form has to be open within 3 s, and the workers may be busy for longer.
    asio::thread_pool look_ups_{1};
    TaskGroup* tasks_ = nullptr;
    int acting_ = 0;
    std::string needs_person_;
};

}  // namespace nudged::runtime
