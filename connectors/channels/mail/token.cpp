// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/token.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace nudged::channels::mail {
namespace {

/// RFC 6749 §5.2, with what stands for a secret that is wrong or over.
constexpr std::array<std::string_view, 6> known_errors{
    "invalid_client", "invalid_grant",       "invalid_request",
    "invalid_scope",  "unauthorized_client", "unsupported_grant_type"};

using Json = rapidjson::Document;

Json parse(const std::string& body) {
    Json json;
    if (json.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size()).HasParseError())
        json.SetNull();
    return json;
}

std::string text_at(const Json& json, const char* name) {
    if (!json.IsObject()) return {};
    const auto found = json.FindMember(name);
    if (found == json.MemberEnd() || !found->value.IsString()) return {};
    return {found->value.GetString(), found->value.GetStringLength()};
}

std::chrono::seconds life_of(const Json& json) {
    const auto found = json.FindMember("expires_in");
    constexpr std::chrono::seconds usual{3'600};
    if (found == json.MemberEnd() || !found->value.IsInt64()) return usual;
    return std::clamp(std::chrono::seconds{found->value.GetInt64()}, std::chrono::seconds{0},
                      std::chrono::seconds{86'400});
}

TokenAnswer refused(Outcome outcome, int status, std::string reason) {
    TokenAnswer answer;
    answer.outcome.outcome = outcome;
    answer.outcome.status = status;
    answer.outcome.reason = "no access token: " + std::move(reason);
    return answer;
}

/// A token stands in a header or a command: visible ASCII only.
bool is_token(std::string_view text) {
    return !text.empty() && text.size() < 16'384 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

TokenKeeper::TokenKeeper(TokenOptions options, net::HttpClient& http)
    : options_(std::move(options)), http_(http) {}

asio::awaitable<TokenAnswer> TokenKeeper::take() {
    if (token_ && std::chrono::steady_clock::now() < good_until_)
        co_return TokenAnswer{.token = token_};
    token_.reset();
    net::HttpRequest request;
    request.method = "POST";
    request.url = options_.token_url;
    request.is_private = true;
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("Accept", "application/json");
    request.body = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}",
                               net::url_encode(options_.client_id),
                               net::url_encode(options_.client_secret.reveal()));
    if (!options_.scope.empty()) request.body += "&scope=" + net::url_encode(options_.scope);
    request.connect_timeout = std::chrono::seconds{10};
    request.timeout = std::chrono::seconds{20};
    request.max_body_bytes = 64u << 10;
    try {
        const auto response = co_await http_.send(std::move(request));
        co_return keep(response);
    } catch (const net::TransferFailure& failure) {
        // Whatever became of the request: the mail has certainly not been sent.
        const bool needs_person = failure.kind() == FailureKind::needs_person;
        co_return refused(needs_person ? Outcome::refused_destination : Outcome::transient, 0,
                          shorten(clean_line(failure.what()), 400));
    }
}

TokenAnswer TokenKeeper::keep(const net::HttpResponse& response) {
    const auto json = parse(response.body);
    const auto status = response.status;
    if (status == 200) {
        const auto token = text_at(json, "access_token");
        if (!is_token(token))
            return refused(Outcome::transient, status, "the answer of the token server has none");
        const auto now = std::chrono::steady_clock::now();
        token_ = Secret{token};
        good_until_ = now + life_of(json) / 2;
        return {.token = token_};
    }
    const auto error = text_at(json, "error");
    const bool is_known =
        std::find(known_errors.begin(), known_errors.end(), error) != known_errors.end();
    const bool may_pass = status == 408 || status == 425 || status == 429 || status >= 500;
    auto answer =
        refused(may_pass && !is_known ? Outcome::transient : Outcome::refused_destination, status,
                is_known ? fmt::format("{} {}", status, error)
                         : fmt::format("the token server answered {}", status));
    answer.outcome.retry_after = response.retry_after(system_now());
    return answer;
}

}  // namespace nudged::channels::mail
