// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/teams/teams.hpp"

#include "connectors/channels/post.hpp"
#include "connectors/channels/teams/render.hpp"
#include "connectors/channels/teams/reply.hpp"
#include "connectors/net/url.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace nudged::channels::teams {
namespace {

class TeamsChannel : public Channel {
public:
    TeamsChannel(Secret url, net::HttpClient& http) : url_(std::move(url)), http_(http) {}

    std::string render(const model::Message& message) const override {
        return teams::render(message);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return teams::simplify(payload);
    }
    /// One a second, and two at once (delivery reference §3.3).
    Pace pace() const override { return {2, std::chrono::seconds{2}}; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string&) override {
        return try_once(http_, json_post(url_.reveal(), payload), classify);
    }

private:
    Secret url_;
    net::HttpClient& http_;
};

std::string_view url_of(const ChannelOptions& options) {
    const auto* teams = std::get_if<TeamsOptions>(&options.kind_options);
    return teams ? teams->url.reveal() : std::string_view{};
}

Complaint complain(const ChannelOptions& options) {
    const auto url = url_of(options);
    if (auto complaint = complain_of_url(url, "the flow's URL"); !complaint.what.empty())
        return complaint;
    const auto place = net::parse_place(url);
    // Both are switched off; no other host is looked for, since Microsoft moves them.
    if (place->host.ends_with(".webhook.office.com") || place->host == "outlook.office.com")
        return {
            "the URL is one of an Office connector, which Microsoft has retired",
            "make a flow in Teams: Workflows, \"When a Teams webhook request is received\", and "
            "copy its URL"};
    if (place->host.ends_with(".logic.azure.com"))
        return {"the URL is an old one of a flow, which stopped on 30 November 2025",
                "open the flow in Power Automate and copy the URL that its trigger shows now"};
    return {};
}

}  // namespace

void check(const ChannelOptions& options, Diagnostics& problems) {
    if (url_of(options).empty()) return;  // not looked at: who needs it has been told already
    report(complain(options), options, problems);
}

std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http) {
    refuse(complain(options), options);
    return std::make_unique<TeamsChannel>(Secret{std::string{url_of(options)}}, http);
}

}  // namespace nudged::channels::teams
