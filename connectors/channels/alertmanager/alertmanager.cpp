// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/alertmanager/alertmanager.hpp"

#include "connectors/channels/alertmanager/render.hpp"
#include "connectors/channels/post.hpp"
#include "connectors/net/url.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace nudged::channels::alertmanager {
namespace {

constexpr std::string_view path = "/api/v2/alerts";

/// 200 is all that Alertmanager says of what it took; the rest is that of the proxies before it.
SendOutcome classify(const net::HttpResponse& response, Instant now) {
    SendOutcome result;
    result.status = response.status;
    result.retry_after = response.retry_after(now);
    result.outcome =
        chat_outcome(response.status, result.retry_after.has_value(), Outcome::delivered);
    if (result.outcome != Outcome::delivered) result.reason = describe(response);
    return result;
}

class AlertmanagerChannel : public Channel {
public:
    AlertmanagerChannel(std::string name, AlertmanagerOptions options, net::HttpClient& http)
        : name_(std::move(name)), options_(std::move(options)), http_(http) {}

    std::string render(const model::Message& message) const override {
        return alertmanager::render(message, name_, options_);
    }
    std::optional<std::string> simplify(const std::string&) const override { return std::nullopt; }
    Pace pace() const override { return {5, std::chrono::seconds{1}}; }
    /// By their labels: the same alert twice is one.
    bool knows_repeats() const override { return true; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string&) override {
        auto url = options_.url;
        while (url.ends_with('/')) url.pop_back();
        auto request = json_post(url.append(path), payload);
        if (!options_.token.empty())
            request.headers.emplace_back("Authorization",
                                         fmt::format("Bearer {}", options_.token.reveal()));
        return try_once(http_, std::move(request), classify);
    }

private:
    std::string name_;
    AlertmanagerOptions options_;
    net::HttpClient& http_;
};

const AlertmanagerOptions& options_of(const ChannelOptions& options) {
    static const AlertmanagerOptions none;
    const auto* manager = std::get_if<AlertmanagerOptions>(&options.kind_options);
    return manager ? *manager : none;
}

Complaint complain(const ChannelOptions& options) {
    const auto& manager = options_of(options);
    if (manager.url.empty())
        return {"url is not set", "set it to where Alertmanager is: \"http://localhost:9093\""};
    if (auto complaint = complain_of_url(manager.url, "url"); !complaint.what.empty())
        return complaint;
    if (manager.url.ends_with(path) || manager.url.find_first_of("?#") != std::string::npos)
        return {"url is more than where Alertmanager is",
                "leave out the path /api/v2/alerts and whatever follows"};
    for (const auto& [name, text] : manager.labels) {
        if (!is_label_name(name))
            return {fmt::format("\"{}\" is no name of a label", name),
                    "use letters, digits and _, beginning with a letter"};
        if (name == "alertname" || name == "channel" || name == "subject" || name == "finding" ||
            name == "check")
            return {fmt::format("the label {} is set by nudged", name), "choose another name"};
    }
    return {};
}

}  // namespace

void check(const ChannelOptions& options, Diagnostics& problems) {
    report(complain(options), options, problems);
}

std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http) {
    refuse(complain(options), options);
    return std::make_unique<AlertmanagerChannel>(options.name, options_of(options), http);
}

}  // namespace nudged::channels::alertmanager
