// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/webhook/webhook.hpp"

#include "connectors/channels/document.hpp"
#include "connectors/channels/post.hpp"
#include "connectors/channels/webhook/replies.hpp"
#include "connectors/channels/webhook/signature.hpp"
#include "connectors/net/address.hpp"
#include "connectors/net/url.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::channels::webhook {
namespace {

constexpr std::size_t max_bytes = 19'999;  // "under 20 kB"

class WebhookChannel : public Channel {
public:
    WebhookChannel(WebhookOptions options, std::vector<SigningKey> keys, net::HttpClient& http)
        : options_(std::move(options)), keys_(std::move(keys)), http_(http) {}

    std::string render(const model::Message& message) const override {
        return render_document(message, max_bytes);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return thin_document(payload);
    }
    Pace pace() const override { return {5, std::chrono::seconds{1}}; }
    bool knows_repeats() const override { return true; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string& key) override {
        auto request = json_post(options_.url.reveal(), payload);
        request.timeout = std::chrono::seconds{20};
        request.public_only = !options_.private_addresses;
        add_signatures(request.headers, payload, message_id(key));
        const auto classify = [this](const net::HttpResponse& response, Instant now) {
            return replies_.classify(response, now);
        };
        return try_once(http_, std::move(request), classify);
    }

private:
    /// Over the bytes that are sent, and the moment of this try.
    void add_signatures(net::Headers& headers, const std::string& payload,
                        const std::string& id) const {
        const auto now = std::chrono::floor<std::chrono::seconds>(system_now());
        const auto timestamp = fmt::format("{}", now.time_since_epoch().count());
        std::string signatures;
        for (const auto& key : keys_)
            signatures += (signatures.empty() ? "" : " ") + sign(key, id, timestamp, payload);
        headers.emplace_back("webhook-id", id);
        headers.emplace_back("webhook-timestamp", timestamp);
        headers.emplace_back("webhook-signature", signatures);
    }

    WebhookOptions options_;
    std::vector<SigningKey> keys_;  // the old one too, while receivers change over
    net::HttpClient& http_;
    Replies replies_;
};

Complaint complain_of_key(const Secret& secret, std::string_view name) {
    if (parse_key(secret.reveal())) return {};
    return {fmt::format("{} is no signing key", name),
            "make one: echo \"whsec_$(openssl rand -base64 32)\"; a private key for Ed25519 begins "
            "with whsk_"};
}

Complaint complain_of_place(const WebhookOptions& webhook) {
    if (auto complaint = complain_of_url(webhook.url.reveal(), "the webhook's URL");
        !complaint.what.empty())
        return complaint;
    const auto place = net::parse_place(webhook.url.reveal());
    auto host = place->host;
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    boost::system::error_code is_name;
    const auto address = asio::ip::make_address(host, is_name);
    const bool is_private = place->is_loopback() || (!is_name && !net::is_public(address));
    if (is_private && !webhook.private_addresses)
        return {"the webhook's URL leads to this machine or a private network",
                "if that is meant, set private_addresses = true"};
    return {};
}

const WebhookOptions& options_of(const ChannelOptions& options) {
    static const WebhookOptions none;
    const auto* webhook = std::get_if<WebhookOptions>(&options.kind_options);
    return webhook ? *webhook : none;
}

/// Secrets that were not read are not judged, unless they are needed now.
Complaint complain(const ChannelOptions& options, bool all_needed) {
    const auto& webhook = options_of(options);
    if (all_needed || !webhook.url.empty())
        if (auto complaint = complain_of_place(webhook); !complaint.what.empty()) return complaint;
    if (all_needed || !webhook.secret.empty())
        if (auto complaint = complain_of_key(webhook.secret, "secret"); !complaint.what.empty())
            return complaint;
    if (!webhook.old_secret.empty()) return complain_of_key(webhook.old_secret, "old_secret");
    return {};
}

}  // namespace

void check(const ChannelOptions& options, Diagnostics& problems) {
    report(complain(options, false), options, problems);
}

std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http) {
    refuse(complain(options, true), options);
    const auto& webhook = options_of(options);
    std::vector<SigningKey> keys{parse_key(webhook.secret.reveal()).value()};
    if (!webhook.old_secret.empty()) keys.push_back(parse_key(webhook.old_secret.reveal()).value());
    return std::make_unique<WebhookChannel>(webhook, std::move(keys), http);
}

}  // namespace nudged::channels::webhook
