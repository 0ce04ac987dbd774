// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/bot.hpp"

#include "connectors/channels/post.hpp"
#include "connectors/channels/slack/place.hpp"
#include "connectors/channels/slack/render.hpp"
#include "connectors/channels/slack/web_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace nudged::channels::slack {
namespace {

using namespace std::chrono_literals;

/// People change their addresses, and leave: whom one belongs to is asked again after a day.
constexpr auto longest_known = 24h;
/// The answer repeats the message.
constexpr std::size_t longest_answer = 256u << 10;

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& words, const Answer& answer) {
    return std::find(words.begin(), words.end(), answer.word) != words.end();
}

/// Where the trouble is the one person's, the channel goes on working for all others.
bool concerns_one(const Answer& answer) {
    static constexpr std::array<std::string_view, 6> words{"channel_not_found", "cannot_dm_bot",
                                                           "is_archived",       "user_disabled",
                                                           "user_not_found",    "users_not_found"};
    return is_one_of(words, answer);
}

/// Where the message of before stands nobody can change it, or it is gone; others can be.
bool concerns_that_message(const Answer& answer) {
    static constexpr std::array<std::string_view, 3> words{"channel_not_found", "is_archived",
                                                           "not_in_channel"};
    return is_one_of(words, answer);
}

/// The conversation takes messages, and no reply to that one.
bool concerns_thread(const Answer& answer) {
    static constexpr std::array<std::string_view, 5> words{
        "cannot_reply_to_message", "invalid_thread_ts", "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked", "thread_not_found"};
    return is_one_of(words, answer);
}

SendOutcome refused(std::string reason) {
    SendOutcome outcome;
    outcome.outcome = Outcome::refused_payload;
    outcome.reason = std::move(reason);
    return outcome;
}

class BotChannel : public Channel {
public:
    BotChannel(SlackBotOptions options, net::HttpClient& http)
        : options_(std::move(options)), http_(http) {}

    std::string render(const model::Message& message) const override {
        const auto answers =
            options_.app_token.reveal().empty() ? Answers::left_out : Answers::shown;
        return put(place_of(message), slack::render(message, answers));
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        const auto poorer = slack::simplify(payload);
        return poorer ? std::optional{put(read_place(payload), *poorer)} : std::nullopt;
    }
    bool can_edit() const override { return true; }
    /// One a second to a conversation, and three at once (delivery reference §2.5).
    Pace pace() const override { return {3, 3s}; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string&) override {
        auto place = read_place(payload);
        if (place.is_edit) co_return co_await edit(payload, place);
        if (!options_.channel.empty()) co_return co_await post(payload, false);
        if (place.channel.empty())
            co_return refused("there is nobody to send it to: neither the channel nor the message "
                              "has an address");
        // A reply knows the conversation; it needs nobody's address.
        if (is_id(place.channel)) co_return co_await post(payload, true);
        auto member = co_await find_member(place.channel);
        if (member.id.empty()) co_return member.outcome;
        place.channel = member.id;
        const auto body = put(place, payload);
        co_return co_await post(body, true);
    }

private:
    struct Member {
        std::string id;
        SendOutcome outcome{};  // looked at when there is no id
        std::chrono::steady_clock::time_point good_until{};
    };

    /// A message of before that stands elsewhere than those of now go is not replied to, but can
    /// still be edited there.
    Place place_of(const model::Message& message) const {
        if (!message.replaces.empty()) {
            const auto before = parse_receipt(message.replaces).value_or(Receipt{});
            return {.channel = before.channel, .message = before.ts, .is_edit = true};
        }
        const bool is_to_person = options_.channel.empty();
        const auto before = parse_receipt(message.thread);
        // IDs of conversations with one person begin so.
        const bool is_there = before && (is_to_person ? before->channel.starts_with('D')
                                                      : before->channel == options_.channel);
        if (is_there) return {.channel = before->channel, .thread = before->ts};
        return {.channel = is_to_person ? message.recipient : options_.channel};
    }

    void authorize(net::HttpRequest& request) const {
        request.headers.emplace_back("Authorization",
                                     fmt::format("Bearer {}", options_.token.reveal()));
        request.is_private = true;
    }

    asio::awaitable<SendOutcome> post(const std::string& body, bool is_to_person) {
        auto request = json_post(options_.api_url + "/chat.postMessage", body);
        request.max_body_bytes = longest_answer;
        authorize(request);
        const Classify classify = [&](const net::HttpResponse& response, Instant now) {
            auto answer = read_answer(response, now);
            const auto place = read_place(body);
            if (!place.thread.empty() && concerns_thread(answer)) {
                answer.outcome.outcome = Outcome::transient;
                answer.outcome.left = put({.channel = place.channel}, body);
            } else if (is_to_person && concerns_one(answer)) {
                answer.outcome.outcome = Outcome::refused_payload;
            }
            return answer.outcome;
        };
        co_return co_await try_once(http_, std::move(request), classify);
    }

    /// Never becomes a new message, whatever is wrong with it.
    asio::awaitable<SendOutcome> edit(const std::string& payload, const Place& place) {
        if (!is_id(place.channel) || !is_timestamp(place.message))
            co_return refused("it is not known which message it takes the place of");
        auto request = json_post(options_.api_url + "/chat.update", payload);
        request.max_body_bytes = longest_answer;
        authorize(request);
        const Classify classify = [](const net::HttpResponse& response, Instant now) {
            auto answer = read_answer(response, now);
            if (concerns_that_message(answer)) answer.outcome.outcome = Outcome::refused_payload;
            return answer.outcome;
        };
        co_return co_await try_once(http_, std::move(request), classify);
    }

    /// Nothing has been posted yet: whatever happens here may be tried again without doubling.
    asio::awaitable<Member> find_member(const std::string& mail) {
        const auto now = std::chrono::steady_clock::now();
        if (const auto known = members_.find(mail);
            known != members_.end() && known->second.good_until > now)
            co_return known->second;
        net::HttpRequest request;
        request.url =
            fmt::format("{}/users.lookupByEmail?email={}", options_.api_url, net::url_encode(mail));
        request.connect_timeout = 10s;
        request.timeout = 20s;
        request.max_body_bytes = longest_answer;
        authorize(request);
        Member member;
        const Classify classify = [&](const net::HttpResponse& response, Instant at) {
            auto answer = read_answer(response, at);
            member.id = answer.user;
            if (concerns_one(answer))
                return refused("nobody in Slack has the address of the person that it is for");
            return answer.outcome;
        };
        auto outcome = co_await try_once(http_, std::move(request), classify);
        if (outcome.outcome == Outcome::delivered && !is_id(member.id)) {
            outcome.outcome = Outcome::transient;
            outcome.reason = "Slack named no member";
        }
        if (outcome.outcome != Outcome::delivered) member.id.clear();
        if (outcome.outcome == Outcome::ambiguous) outcome.outcome = Outcome::transient;
        member.outcome = std::move(outcome);
        member.good_until = now + longest_known;
        if (!member.id.empty()) members_.insert_or_assign(mail, member);
        co_return member;
    }

    SlackBotOptions options_;
    net::HttpClient& http_;
    std::map<std::string, Member> members_;  // by e-mail address: at most as many as are written to
};

const SlackBotOptions& options_of(const ChannelOptions& options) {
    static const SlackBotOptions none;
    const auto* bot = std::get_if<SlackBotOptions>(&options.kind_options);
    return bot ? *bot : none;
}

Complaint complain_of_token(std::string_view token) {
    if (token.empty())
        return {"the bot's token is not set",
                "set token to where it is kept: { file = \"…\" } or { credential = \"…\" }"};
    if (token.starts_with("xoxb-") || token.starts_with("xoxe.xoxb-")) return {};
    return {"the token is not one of a bot",
            "copy the Bot User OAuth Token, which begins with xoxb-, from the app's page OAuth & "
            "Permissions"};
}

Complaint complain_of_app_token(std::string_view token) {
    if (token.empty() || token.starts_with("xapp-")) return {};
    return {"app_token is not one of an app",
            "make an App-Level Token with the scope connections:write at the app's page Basic "
            "Information; it begins with xapp-"};
}

Complaint complain(const ChannelOptions& options) {
    const auto& bot = options_of(options);
    const auto origin = net::origin_of(bot.api_url);
    const bool is_slack =
        origin == "https://slack.com:443" || origin == "https://slack-gov.com:443";
    // The token goes there.
    if (!is_slack && !net::is_loopback(bot.api_url))
        return {"api_url is not Slack's", "leave it out, or write https://slack-gov.com/api"};
    if (!bot.channel.empty() && !is_id(bot.channel))
        return {"channel is no channel's ID",
                "write the ID that stands at the bottom of the channel's details in Slack, such "
                "as C0123456789; leave it out to write to each person directly"};
    return {};
}

}  // namespace

void check_bot(const ChannelOptions& options, Diagnostics& problems) {
    report(complain(options), options, problems);
    report(complain_of_app_token(options_of(options).app_token.reveal()), options, problems);
    const auto token = options_of(options).token.reveal();
    if (token.empty()) return;  // not looked at: who needs it has been told already
    report(complain_of_token(token), options, problems);
}

std::unique_ptr<Channel> make_bot(const ChannelOptions& options, net::HttpClient& http) {
    refuse(complain(options), options);
    refuse(complain_of_token(options_of(options).token.reveal()), options);
    refuse(complain_of_app_token(options_of(options).app_token.reveal()), options);
    return std::make_unique<BotChannel>(options_of(options), http);
}

}  // namespace nudged::channels::slack
