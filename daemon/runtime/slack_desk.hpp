// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/slack/socket_mode.hpp"
#include "daemon/alerts/answer_button.hpp"
#include "daemon/alerts/notice.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/slack_commitments.hpp"
#include "daemon/runtime/task_group.hpp"
#include "daemon/warehouse/findings.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace nudged::runtime {

/// What stands behind a finding that is stored, much as `nudged explain` prints it, for somebody
/// who may answer so much. Evaluates nothing. Blocks: a worker's.
using Explain =
    std::function<std::string(const config::Config& config, const warehouse::Finding& finding,
                              Instant now, alerts::MayAnswer asker)>;

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
        /// Has a source read again, and the checks run, in the background; an empty name: only
        /// that. False when that was done just now.
        std::function<bool(const std::string& source)> check_again;
        Explain explain;
        std::function<void()> on_message;  // there is one in the outbox
    };

    SlackDesk(const channels::ChannelOptions& channel, Context context,
              channels::slack::SocketModeLimits limits = {});

    /// Connects, and answers, until cancelled. The desk must outlive `tasks`' tasks.
    void start(TaskGroup& tasks);
    /// Before they are cancelled: what people asked for already is done, within seconds.
    asio::awaitable<void> finish();
    /// Why people cannot answer until somebody acts; empty: they can, as far as known.
    std::string needs_person() const;

private:
    using Interaction = channels::slack::Interaction;

    /// The finding that a button is below, and what whoever clicked it may answer.
    struct Found {
        warehouse::StoredFinding stored;
        alerts::MayAnswer may{};
    };

    void take(Interaction interaction);
    asio::awaitable<void> act(Interaction interaction);
    asio::awaitable<void> turn_away(Interaction interaction);
    asio::awaitable<void> reply(const Interaction& interaction, std::string message);
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
    asio::awaitable<std::string> explain(const Found& found);
    asio::awaitable<void> note_socket(bool is_down, std::string why);
    asio::awaitable<void> note_rights(std::string lacks);
    asio::awaitable<void> tell_admin(alerts::Notice notice);
    void look_at_rights(bool is_done);
    void on_connected();
    void on_failure(FailureKind kind, const std::string& why);

    std::string name_;
    Context context_;
    channels::slack::WebClient web_;
    channels::slack::SocketMode socket_;
    SlackCommitments commitments_;
    /// A form has to be open within 3 s, and the workers may be busy for longer.
    asio::thread_pool look_ups_{1};
    asio::thread_pool explaining_{1};  // one at a time, and none of the workers' time
    TaskGroup* tasks_ = nullptr;
    int acting_ = 0;
    int turning_away_ = 0;
    std::string needs_person_;
    std::optional<std::string> lacks_;  // what the app may not, as told; nullopt: not known yet
    asio::steady_timer ended_;          // cancelled when somebody was answered
};

}  // namespace nudged::runtime
