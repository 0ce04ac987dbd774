// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/reply.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace nudged::channels::slack {
namespace {

constexpr std::array<std::pair<std::string_view, Outcome>, 20> known_words{{
    {"invalid_payload", Outcome::refused_payload},
    {"user_not_found", Outcome::refused_payload},
    {"invalid_blocks", Outcome::refused_payload},
    {"invalid_blocks_format", Outcome::refused_payload},
    {"msg_blocks_too_long", Outcome::refused_payload},
    {"no_text", Outcome::refused_payload},
    {"too_many_attachments", Outcome::refused_payload},
    {"action_prohibited", Outcome::refused_destination},
    {"posting_to_general_channel_denied", Outcome::refused_destination},
    {"invalid_token", Outcome::refused_destination},
    {"team_disabled", Outcome::refused_destination},
    {"channel_not_found", Outcome::refused_destination},
    {"no_service", Outcome::refused_destination},
    {"no_service_id", Outcome::refused_destination},
    {"no_active_hooks", Outcome::refused_destination},
    {"no_team", Outcome::refused_destination},
    {"channel_is_archived", Outcome::refused_destination},
    {"rate_limited", Outcome::throttled},
    {"ratelimited", Outcome::throttled},
    {"rollup_error", Outcome::ambiguous},
}};

/// What the body says: Slack's word, and how long to wait where it is JSON that says so.
struct Body {
    std::string word;
    std::optional<std::chrono::milliseconds> retry_after;
};

Body read_body(const std::string& body) {
    const auto text = trim(body);
    if (!text.starts_with('{')) return {std::string{text}, std::nullopt};
    Body read;
    rapidjson::Document json;
    if (json.Parse(text.data(), text.size()).HasParseError() || !json.IsObject()) return read;
    if (const auto error = json.FindMember("error");
        error != json.MemberEnd() && error->value.IsString())
        read.word = error->value.GetString();
    if (const auto wait = json.FindMember("retry_after");
        wait != json.MemberEnd() && wait->value.IsUint())
        read.retry_after = std::chrono::seconds{wait->value.GetUint()};
    return read;
}

Outcome by_status(int status, bool has_retry_after) {
    if (status == 429) return Outcome::throttled;
    if (status == 503) return has_retry_after ? Outcome::throttled : Outcome::transient;
    if (status >= 500) return Outcome::ambiguous;
    if (status == 408 || status == 425) return Outcome::transient;
    if (status == 400 || status == 413 || status == 422) return Outcome::refused_payload;
    // Another 4xx, or a redirect, which is never followed: this is not the webhook that it was.
    if (status >= 300) return Outcome::refused_destination;
    return Outcome::refused_payload;  // 2xx without `ok`
}

}  // namespace

SendOutcome classify(const net::HttpResponse& response, Instant now) {
    SendOutcome result;
    result.status = response.status;
    const auto body = read_body(response.body);
    // The longer of the two waits is the safe one; an absent one compares as the shorter.
    result.retry_after = std::max(body.retry_after, response.retry_after(now));
    const bool is_success = response.status >= 200 && response.status < 300;
    if (is_success && body.word == "ok") {
        result.outcome = Outcome::delivered;
        return result;
    }
    const auto known = std::find_if(known_words.begin(), known_words.end(),
                                    [&](const auto& row) { return row.first == body.word; });
    if (known != known_words.end()) {
        result.outcome = known->second;
        result.reason = fmt::format("{} {}", response.status, known->first);
        return result;
    }
    result.outcome = by_status(response.status, result.retry_after.has_value());
    result.reason = response.body.empty() ? fmt::format("{} with an empty body", response.status)
                                          : fmt::format("{} with an unexpected body of {} bytes",
                                                        response.status, response.body.size());
    return result;
}

}  // namespace nudged::channels::slack
