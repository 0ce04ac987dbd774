// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/slack/envelope.hpp"
#include "connectors/channels/slack/web_client.hpp"
#include "daemon/runtime/care.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::runtime {

/// Does a command of the control socket (care.hpp); nullopt for one that it does not know.
using AnswerCommand =
    std::function<std::optional<asio::awaitable<CareReport>>(const ControlRequest&)>;

/// `/nudged commit`: the manager proposes, the rep is asked in a direct message, and only what the
/// rep confirms is stored. What was proposed stands in the buttons of that message, which Slack
/// gives back as they are. Lives on the loop. Each throws Failure(refused) with what to do instead.
class SlackCommitments {
public:
    /// All of them outlive it.
    SlackCommitments(const config::Config& config, channels::slack::WebClient& web, Clock clock,
                     AnswerCommand answer);

    /// Asks the rep; what the one who proposes is told. `text` is what stands behind "commit".
    asio::awaitable<std::string> propose(std::string member, std::string mail, std::string text);

    /// Whether a button is one of ours.
    static bool is_answer(std::string_view value);
    /// Takes the rep's answer; what they are told, in the place of the question.
    asio::awaitable<std::string> decide(std::string value, std::string mail);

private:
    asio::awaitable<CareReport> run(ControlRequest request);
    asio::awaitable<bool> tell_proposer(std::string member, std::string text);

    const config::Config& config_;
    channels::slack::WebClient& web_;
    Clock clock_;
    AnswerCommand answer_;
};

}  // namespace nudged::runtime
