// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/web_client.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/channels/post.hpp"
#include "connectors/channels/slack/place.hpp"
#include "connectors/channels/slack/web_api.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace nudged::channels::slack {
namespace {

using namespace std::chrono_literals;

/// As long as bot.cpp believes an address.
constexpr auto longest_known = 24h;
constexpr std::size_t most_known = 10'000;
constexpr std::size_t longest_answer = 256u << 10;
constexpr const char* open_method = "apps.connections.open";

FailureKind kind_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::refused_destination: return FailureKind::needs_person;
    case Outcome::refused_payload: return FailureKind::refused;
    case Outcome::throttled: return FailureKind::throttled;
    default: return FailureKind::transient;
    }
}

std::string text_at(const std::string& answer, const char* pointer) {
    rapidjson::Document json;
    json.Parse(answer.data(), answer.size());
    if (json.HasParseError()) return {};
    const auto* value = rapidjson::Pointer(pointer).Get(json);
    return value != nullptr && value->IsString()
               ? std::string{value->GetString(), value->GetStringLength()}
               : std::string{};
}

/// Who is no person, or has not confirmed their address, may have made it up.
bool is_confirmed(const std::string& answer) {
    rapidjson::Document json;
    json.Parse(answer.data(), answer.size());
    const auto says = [&](const char* pointer, bool what) {
        const auto* value = rapidjson::Pointer(pointer).Get(json);
        return value != nullptr && value->IsBool() && value->GetBool() == what;
    };
    return !json.HasParseError() && !says("/user/is_stranger", true) &&
           !says("/user/deleted", true) && !says("/user/is_bot", true) &&
           !says("/user/is_email_confirmed", false);
}

/// Words that stand for the token, and not for what the call was about.
bool is_of_token(const std::string& word) {
    static constexpr std::array<std::string_view, 11> words{"missing_scope",
                                                            "invalid_auth",
                                                            "not_authed",
                                                            "account_inactive",
                                                            "token_revoked",
                                                            "token_expired",
                                                            "no_permission",
                                                            "team_access_not_granted",
                                                            "not_allowed_token_type",
                                                            "ekm_access_denied",
                                                            "org_login_required"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// `message` with one member more.
std::string with(const std::string& message, const char* name, const std::string& text) {
    rapidjson::Document json;
    json.Parse(message.data(), message.size());
    auto& allocator = json.GetAllocator();
    json.AddMember(rapidjson::StringRef(name), rapidjson::Value{text, allocator}, allocator);
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    json.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

WebClient::WebClient(SlackBotOptions options, net::HttpClient& http)
    : options_(std::move(options)), http_(http) {}

asio::awaitable<std::string> WebClient::open_connection() {
    auto request = post_request(open_method, "{}", options_.app_token);
    std::string answer;
    std::string refused;
    try {
        answer = co_await call(std::move(request));
    } catch (const Failure& failure) {
        // Nothing of ours is in it: what Slack refuses here, it goes on refusing.
        if (failure.kind() != FailureKind::refused) throw;
        refused = failure.what();
    }
    if (!refused.empty()) throw Failure(FailureKind::needs_person, refused);
    auto url = text_at(answer, "/url");
    if (url.empty())
        throw Failure(FailureKind::transient, "apps.connections.open: Slack named no URL");
    co_return url;
}

asio::awaitable<std::string> WebClient::find_mail(std::string member) {
    if (!is_id(member)) throw Failure(FailureKind::refused, "users.info: that is no member's ID");
    if (const auto* mail = known(member)) co_return *mail;
    auto request = get("users.info?user=" + member);
    const auto answer = co_await call(std::move(request));
    const bool is_known = co_await is_trusted(answer);
    auto mail = is_known ? to_lower_ascii(text_at(answer, "/user/profile/email")) : std::string{};
    if (!mail.empty()) learn(member, mail);
    co_return mail;
}

asio::awaitable<std::string> WebClient::find_member(std::string mail) {
    if (const auto* member = known(mail)) co_return *member;
    auto request = get("users.lookupByEmail?email=" + net::url_encode(mail));
    const auto answer = co_await call(std::move(request));
    auto member = text_at(answer, "/user/id");
    if (!is_id(member))
        throw Failure(FailureKind::transient, "users.lookupByEmail: Slack named no member");
    if (!co_await is_trusted(answer))
        throw Failure(
            FailureKind::refused,
            "whoever has that e-mail address in Slack is not of your organisation, or has "
            "not confirmed it");
    learn(mail, member);
    co_return member;
}

asio::awaitable<void> WebClient::post(std::string channel, std::string message) {
    auto request =
        post_request("chat.postMessage", with(message, "channel", channel), options_.token);
    co_await call(std::move(request));
}

asio::awaitable<void> WebClient::open_view(std::string trigger, std::string view) {
    const auto body = fmt::format(R"({{"view":{}}})", view);
    auto request = post_request("views.open", with(body, "trigger_id", trigger), options_.token);
    co_await call(std::move(request));
}

asio::awaitable<void> WebClient::respond(std::string response_url, std::string message) {
    // It comes with what was clicked, and nothing but Slack's own is believed.
    const auto origin = net::origin_of(response_url);
    const bool is_slack =
        origin == "https://hooks.slack.com:443" || origin == "https://hooks.slack-gov.com:443";
    if (!is_slack && origin != net::origin_of(options_.api_url))
        throw Failure(FailureKind::refused, "the response_url is not one of Slack's");
    auto request = json_post(response_url, message);
    request.is_private = true;
    const auto response = co_await http_.send(std::move(request));
    if (response.status < 200 || response.status >= 300)
        throw Failure(FailureKind::refused, "response_url: " + describe(response));
}

std::string WebClient::lacks() const {
    std::vector<std::string> reasons;
    for (const auto& [method, why] : lacking_) reasons.push_back(why);
    return fmt::format("{}", fmt::join(reasons, "; "));
}

/// Somebody of another organisation, met in a shared channel, has an address that their own admins
/// may have made up. Slack's "is_stranger" is only for those who share no channel with the app.
asio::awaitable<bool> WebClient::is_trusted(const std::string& answer) {
    if (!is_confirmed(answer)) co_return false;
    if (!own_) {
        auto request = get("auth.test");
        const auto said = co_await call(std::move(request));
        Organisation own{text_at(said, "/team_id"), text_at(said, "/enterprise_id")};
        if (own.team.empty())
            throw Failure(FailureKind::transient, "auth.test: Slack named no workspace");
        own_ = std::move(own);
    }
    const auto enterprise = text_at(answer, "/user/enterprise_user/enterprise_id");
    const bool is_of_enterprise = !enterprise.empty() && enterprise == own_->enterprise;
    co_return is_of_enterprise || text_at(answer, "/user/team_id") == own_->team;
}

net::HttpRequest WebClient::get(const std::string& method_and_query) const {
    net::HttpRequest request;
    request.url = fmt::format("{}/{}", options_.api_url, method_and_query);
    request.headers.emplace_back("Authorization", "Bearer " + std::string{options_.token.reveal()});
    request.timeout = 20s;
    request.max_body_bytes = longest_answer;
    request.is_private = true;
    return request;
}

net::HttpRequest WebClient::post_request(const std::string& method, std::string body,
                                         const Secret& token) const {
    auto request = json_post(fmt::format("{}/{}", options_.api_url, method), body);
    request.headers.emplace_back("Authorization", "Bearer " + std::string{token.reveal()});
    request.max_body_bytes = longest_answer;
    request.is_private = true;
    return request;
}

/// The answer, once it says that it was done.
asio::awaitable<std::string> WebClient::call(net::HttpRequest request) {
    const auto begin = options_.api_url.size() + 1;
    const auto method = request.url.substr(begin, request.url.find('?', begin) - begin);
    auto response = co_await http_.send(std::move(request));
    const auto answer = read_answer(response, system_now());
    if (answer.outcome.outcome != Outcome::delivered) {
        const auto why = fmt::format("{}: {}", method, answer.outcome.reason);
        const auto kind = kind_of(answer.outcome.outcome);
        if (method != open_method && is_of_token(answer.word)) lacking_[method] = why;
        if (answer.outcome.retry_after) throw Failure(kind, why, *answer.outcome.retry_after);
        throw Failure(kind, why);
    }
    lacking_.erase(method);
    co_return std::move(response.body);
}

const std::string* WebClient::known(const std::string& key) const {
    const auto found = known_.find(key);
    const bool is_good =
        found != known_.end() && found->second.good_until > std::chrono::steady_clock::now();
    return is_good ? &found->second.text : nullptr;
}

void WebClient::learn(const std::string& key, std::string text) {
    if (known_.size() >= most_known) known_.clear();
    known_.insert_or_assign(
        key, Known{std::move(text), std::chrono::steady_clock::now() + longest_known});
}

}  // namespace nudged::channels::slack
