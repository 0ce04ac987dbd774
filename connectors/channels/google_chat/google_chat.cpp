// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/google_chat/google_chat.hpp"

#include "connectors/channels/google_chat/render.hpp"
#include "connectors/channels/google_chat/reply.hpp"
#include "connectors/channels/post.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace nudged::channels::google_chat {
namespace {

class GoogleChatChannel : public Channel {
public:
    GoogleChatChannel(GoogleChatOptions options, net::HttpClient& http)
        : options_(std::move(options)), http_(http) {}

    std::string render(const model::Message& message) const override {
        return options_.format == "text" ? render_text(message, options_.thread_key)
                                         : render_card(message, options_.thread_key);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return google_chat::simplify(payload);
    }
    /// One a second: what a space takes of all its webhooks together.
    Pace pace() const override { return {1, std::chrono::seconds{1}}; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string&) override {
        return try_once(http_, json_post(url(), payload), classify);
    }

private:
    std::string url() const {
        std::string url{options_.url.reveal()};
        // Without it a thread key is not looked at.
        if (!options_.thread_key.empty())
            url += fmt::format("{}messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
                               url.find('?') == url.npos ? '?' : '&');
        return url;
    }

    GoogleChatOptions options_;
    net::HttpClient& http_;
};

const GoogleChatOptions& options_of(const ChannelOptions& options) {
    static const GoogleChatOptions none;
    const auto* chat = std::get_if<GoogleChatOptions>(&options.kind_options);
    return chat ? *chat : none;
}

Complaint complain(const ChannelOptions& options) {
    const auto& chat = options_of(options);
    if (chat.format != "card" && chat.format != "text")
        return {fmt::format("there is no format '{}'", chat.format), "use card or text"};
    if (chat.thread_key.size() > 4'000)
        return {"thread_key is longer than 4,000 characters", "choose a short name"};
    return complain_of_url(chat.url.reveal(), "the webhook's URL");
}

}  // namespace

void check(const ChannelOptions& options, Diagnostics& problems) {
    if (options_of(options).url.empty()) return;  // who needs it has been told already
    report(complain(options), options, problems);
}

std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http) {
    refuse(complain(options), options);
    return std::make_unique<GoogleChatChannel>(options_of(options), http);
}

}  // namespace nudged::channels::google_chat
