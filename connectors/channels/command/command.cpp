// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/command/command.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/channels/command/run.hpp"
#include "connectors/channels/command/verdict.hpp"
#include "connectors/channels/document.hpp"
#include "connectors/channels/post.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace nudged::channels::command {
namespace {

constexpr std::size_t max_bytes = 256u << 10;
// Below the lease of a message: nobody else may take it while the program runs.
constexpr std::chrono::seconds longest_timeout{90};

class CommandChannel : public Channel {
public:
    explicit CommandChannel(CommandOptions options) : options_(std::move(options)) {}

    std::string render(const model::Message& message) const override {
        return render_document(message, max_bytes);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return thin_document(payload);
    }
    Pace pace() const override { return {5, std::chrono::seconds{1}}; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string& key) override {
        const process::Launch launch{
            .command = options_.command,
            .folder = "/",
            .input = payload,
            .variables = {fmt::format("NUDGED_MESSAGE_ID={}", key)},
        };
        SendOutcome result;
        try {
            const auto ended = co_await run(launch, options_.timeout, workers_);
            result = judge(ended, payload);
        } catch (const Failure& failure) {
            result.outcome = failure.kind() == FailureKind::needs_person
                                 ? Outcome::refused_destination
                                 : Outcome::transient;
            result.reason = failure.what();
        }
        co_return result;
    }

private:
    SendOutcome judge(const Ended& ended, const std::string& payload) const {
        SendOutcome result;
        if (ended.timed_out) {
            result.outcome = Outcome::ambiguous;
            result.reason = fmt::format("the program was stopped after {} s, without a verdict",
                                        options_.timeout.count());
            return result;
        }
        result.outcome = outcome_of(ended.status);
        if (result.outcome == Outcome::delivered) return result;
        result.reason = ended.status > 128
                            ? fmt::format("signal {} ended the program", ended.status - 128)
                            : fmt::format("the program ended with status {}", ended.status);
        const auto words = redact(ended.first_error, payload);
        if (!words.empty()) result.reason += ": " + words;
        return result;
    }

    CommandOptions options_;
    asio::thread_pool workers_{1};  // starting and stopping programs must not stop the loop
};

Complaint complain(const ChannelOptions& options) {
    const auto* command = std::get_if<CommandOptions>(&options.kind_options);
    if (!command || command->command.empty() || command->command.front().empty())
        return {"the channel names no program", "add command = [\"/usr/local/bin/…\"]"};
    const auto& program = command->command.front();
    if (program.find('/') != std::string::npos && !program.starts_with('/'))
        return {fmt::format("the path {} is not absolute", program),
                "begin it with /, as a daemon has no folder of its own"};
    if (command->timeout < std::chrono::seconds{1} || command->timeout > longest_timeout)
        return {"timeout is not between 1 s and 90 s", "a program that takes longer should hand "
                                                       "the message on and end"};
    return {};
}

}  // namespace

void check(const ChannelOptions& options, Diagnostics& problems) {
    report(complain(options), options, problems);
}

std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient&) {
    refuse(complain(options), options);
    return std::make_unique<CommandChannel>(std::get<CommandOptions>(options.kind_options));
}

}  // namespace nudged::channels::command
