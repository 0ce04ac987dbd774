// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/web_api.hpp"

#include "connectors/channels/post.hpp"
#include "connectors/channels/slack/place.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace nudged::channels::slack {
namespace {

/// Words of `chat.postMessage`, `chat.update`, `users.lookupByEmail` and every method, as Slack's
/// reference lists them. Another one concerns the message, since a channel that is broken hurts
/// more.
constexpr std::array<std::pair<std::string_view, Outcome>, 32> known_words{{
    {"access_denied", Outcome::refused_destination},
    {"accesslimited", Outcome::refused_destination},
    {"account_inactive", Outcome::refused_destination},
    {"channel_not_found", Outcome::refused_destination},
    {"ekm_access_denied", Outcome::refused_destination},
    {"enterprise_is_restricted", Outcome::refused_destination},
    {"invalid_auth", Outcome::refused_destination},
    {"is_archived", Outcome::refused_destination},
    {"messages_tab_disabled", Outcome::refused_destination},
    {"method_deprecated", Outcome::refused_destination},
    {"missing_scope", Outcome::refused_destination},
    {"no_permission", Outcome::refused_destination},
    {"not_allowed_token_type", Outcome::refused_destination},
    {"not_authed", Outcome::refused_destination},
    {"not_in_channel", Outcome::refused_destination},
    {"org_login_required", Outcome::refused_destination},
    {"restricted_action", Outcome::refused_destination},
    {"restricted_action_read_only_channel", Outcome::refused_destination},
    {"restricted_action_thread_only_channel", Outcome::refused_destination},
    {"team_access_not_granted", Outcome::refused_destination},
    {"token_expired", Outcome::refused_destination},
    {"token_revoked", Outcome::refused_destination},
    {"two_factor_setup_required", Outcome::refused_destination},
    {"message_limit_exceeded", Outcome::throttled},
    {"rate_limited", Outcome::throttled},
    {"ratelimited", Outcome::throttled},
    // The request did not come through whole.
    {"request_timeout", Outcome::transient},
    {"service_unavailable", Outcome::transient},
    // The workspace is being moved.
    {"team_added_to_org", Outcome::transient},
    {"update_failed", Outcome::transient},
    // Part of the work may have been done.
    {"fatal_error", Outcome::ambiguous},
    {"internal_error", Outcome::ambiguous},
}};

/// An answer may hold anything: only what looks like one of Slack's words is quoted.
bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 48 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_';
    });
}

std::string_view text_in(const rapidjson::Value& object, const char* name) {
    if (!object.IsObject()) return {};
    const auto found = object.FindMember(name);
    if (found == object.MemberEnd() || !found->value.IsString()) return {};
    return {found->value.GetString(), found->value.GetStringLength()};
}

bool is_ok(const rapidjson::Value& object) {
    const auto ok = object.FindMember("ok");
    return ok != object.MemberEnd() && ok->value.IsBool() && ok->value.GetBool();
}

Outcome outcome_of(std::string_view word) {
    const auto known = std::find_if(known_words.begin(), known_words.end(),
                                    [&](const auto& row) { return row.first == word; });
    return known == known_words.end() ? Outcome::refused_payload : known->second;
}

/// No answer of the Web API: something between us and Slack, or Slack in trouble.
SendOutcome without_json(const net::HttpResponse& response, SendOutcome outcome) {
    const bool is_success = response.status >= 200 && response.status < 300;
    outcome.outcome = is_success ? Outcome::ambiguous
                                 : chat_outcome(response.status, outcome.retry_after.has_value(),
                                                Outcome::ambiguous);
    outcome.reason = describe(response);
    return outcome;
}

}  // namespace

Answer read_answer(const net::HttpResponse& response, Instant now) {
    Answer answer;
    answer.outcome.status = response.status;
    answer.outcome.retry_after = response.retry_after(now);
    rapidjson::Document json;
    json.Parse(response.body.data(), response.body.size());
    if (json.HasParseError() || !json.IsObject() || !json.HasMember("ok")) {
        answer.outcome = without_json(response, std::move(answer.outcome));
        return answer;
    }
    if (is_ok(json)) {
        answer.outcome.outcome = Outcome::delivered;
        if (const auto user = json.FindMember("user"); user != json.MemberEnd())
            answer.user = text_in(user->value, "id");
        answer.outcome.receipt =
            to_text({std::string{text_in(json, "channel")}, std::string{text_in(json, "ts")}});
        return answer;
    }
    const auto word = text_in(json, "error");
    if (is_word(word)) answer.word = word;
    answer.outcome.outcome = response.status == 429 ? Outcome::throttled : outcome_of(answer.word);
    answer.outcome.reason =
        fmt::format("{} {}", response.status, answer.word.empty() ? "an error" : answer.word);
    if (const auto needed = text_in(json, "needed"); answer.word == "missing_scope") {
        const bool is_scope = std::all_of(needed.begin(), needed.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == ':' || c == '.' || c == ',' || c == '_';
        });
        if (is_scope && !needed.empty() && needed.size() <= 200)
            answer.outcome.reason += fmt::format(": give the app {}, and install it again", needed);
    }
    return answer;
}

}  // namespace nudged::channels::slack
