// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/slack.hpp"

#include "connectors/channels/post.hpp"
#include "connectors/channels/slack/render.hpp"
#include "connectors/channels/slack/reply.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace nudged::channels::slack {
namespace {

class SlackChannel : public Channel {
public:
    SlackChannel(Secret url, net::HttpClient& http) : url_(std::move(url)), http_(http) {}

    std::string render(const model::Message& message) const override {
        return slack::render(message);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return slack::simplify(payload);
    }
    /// One a second, and three at once (delivery reference §2.5).
    Pace pace() const override { return {3, std::chrono::seconds{3}}; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string&) override {
        return try_once(http_, json_post(url_.reveal(), payload), classify);
    }

private:
    Secret url_;
    net::HttpClient& http_;
};

/// What is wrong with a webhook's URL, and what to do; two empty texts when nothing is. Never
/// quotes the URL, which is a secret.
std::pair<std::string, std::string> problem_of(std::string_view url) {
    if (url.empty())
        return {"the Slack channel has no url", "set url to where the incoming webhook is kept: "
                                                "{ file = \"…\" } or { credential = \"…\" }"};
    const auto origin = net::origin_of(url);
    if (origin.empty())
        return {"the secret of url is no https URL",
                "copy the incoming webhook's whole URL from Slack, without quotes or spaces"};
    if (origin.starts_with("http:") && !net::is_loopback(url))
        return {"the webhook's URL begins with http:", "use https: the URL itself is the secret"};
    const auto path = url.substr(std::min(url.size(), url.find('/', url.find("://") + 3)));
    if (path.starts_with("/triggers/") || path.starts_with("/workflows/"))
        return {"the URL is one of a Slack workflow, which takes no digests",
                "use kind = \"slack_workflow\", or make an incoming webhook: its path begins with "
                "/services/"};
    return {};
}

std::string_view url_of(const ChannelOptions& options) {
    const auto* slack = std::get_if<SlackOptions>(&options.kind_options);
    return slack ? slack->url.reveal() : std::string_view{};
}

}  // namespace

void check(const ChannelOptions& options, Diagnostics& problems) {
    if (url_of(options).empty()) return;  // not looked at: who needs it has been told already
    auto [what, remedy] = problem_of(url_of(options));
    if (!what.empty())
        problems.error(options.place, fmt::format("channel '{}': {}", options.name, what),
                       std::move(remedy));
}

std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http) {
    const auto [what, remedy] = problem_of(url_of(options));
    if (!what.empty())
        throw Failure(FailureKind::needs_person,
                      fmt::format("channel '{}': {}: {}", options.name, what, remedy));
    return std::make_unique<SlackChannel>(Secret{std::string{url_of(options)}}, http);
}

}  // namespace nudged::channels::slack
