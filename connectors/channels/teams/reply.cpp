// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/teams/reply.hpp"

#include "connectors/channels/post.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace nudged::channels::teams {
namespace {

/// Codes of Power Automate's errors, and what they mean where the status does not say it.
struct KnownCode {
    std::string_view code;
    std::optional<Outcome> outcome;
};
constexpr std::array<KnownCode, 9> known_codes{{
    {"WorkflowTriggerIsNotEnabled", Outcome::refused_destination},  // the flow is turned off
    {"WorkflowNotFound", Outcome::refused_destination},
    {"DirectApiAuthorizationRequired", Outcome::refused_destination},
    {"DirectApiInvalidAuthorizationScheme", Outcome::refused_destination},
    {"AuthorizationFailed", Outcome::refused_destination},
    {"TriggerInputSchemaMismatch", Outcome::refused_payload},
    {"InvalidRequestContent", Outcome::refused_payload},
    {"BadRequest", std::nullopt},
    {"TooManyRequests", Outcome::throttled},
}};

const KnownCode* find_code(const std::string& body) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
    if (document.HasParseError()) return nullptr;
    const auto* code = rapidjson::Pointer("/error/code").Get(document);
    if (!code || !code->IsString()) return nullptr;
    const auto* known = std::find_if(known_codes.begin(), known_codes.end(), [&](const auto& row) {
        return row.code == code->GetString();
    });
    return known == known_codes.end() ? nullptr : known;
}

}  // namespace

SendOutcome classify(const net::HttpResponse& response, Instant now) {
    SendOutcome result;
    result.status = response.status;
    result.retry_after = response.retry_after(now);
    result.outcome =
        chat_outcome(response.status, result.retry_after.has_value(), Outcome::accepted);
    if (result.outcome == Outcome::accepted) {
        result.reason =
            fmt::format("{}: the flow took it, and posts it by itself", response.status);
        return result;
    }
    const auto* code = find_code(response.body);
    if (code && code->outcome && response.status < 500) result.outcome = *code->outcome;
    result.reason = code ? fmt::format("{} {}", response.status, code->code) : describe(response);
    return result;
}

}  // namespace nudged::channels::teams
