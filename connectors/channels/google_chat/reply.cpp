// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/google_chat/reply.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/post.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace nudged::channels::google_chat {
namespace {

/// The canonical codes of Google's APIs (google.rpc.Code).
constexpr std::array<std::pair<std::string_view, Outcome>, 10> known_words{{
    {"INVALID_ARGUMENT", Outcome::refused_payload},
    {"OUT_OF_RANGE", Outcome::refused_payload},
    {"FAILED_PRECONDITION", Outcome::refused_destination},
    {"PERMISSION_DENIED", Outcome::refused_destination},
    {"UNAUTHENTICATED", Outcome::refused_destination},
    {"NOT_FOUND", Outcome::refused_destination},
    {"RESOURCE_EXHAUSTED", Outcome::throttled},
    {"ABORTED", Outcome::transient},
    {"INTERNAL", Outcome::ambiguous},
    {"DEADLINE_EXCEEDED", Outcome::ambiguous},
}};

}  // namespace

SendOutcome classify(const net::HttpResponse& response, Instant now) {
    SendOutcome result;
    result.status = response.status;
    result.retry_after = response.retry_after(now);
    result.outcome =
        chat_outcome(response.status, result.retry_after.has_value(), Outcome::delivered);
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(response.body.data(), response.body.size());
    const bool is_object = !document.HasParseError() && document.IsObject();
    if (result.outcome == Outcome::delivered) {
        if (is_object) return result;
        // A page to sign in at, or a proxy's: no message came of it.
        result.outcome = Outcome::refused_payload;
        result.reason = describe(response);
        return result;
    }
    const auto* word = is_object ? rapidjson::Pointer("/error/status").Get(document) : nullptr;
    const auto known = std::find_if(known_words.begin(), known_words.end(), [&](const auto& row) {
        return word && word->IsString() && row.first == word->GetString();
    });
    result.reason = known == known_words.end()
                        ? describe(response)
                        : fmt::format("{} {}", response.status, known->first);
    if (known != known_words.end()) result.outcome = known->second;
    // A key that was taken back is told as a bad argument.
    if (response.status == 400 && response.body.find("API_KEY_INVALID") != std::string::npos) {
        result.outcome = Outcome::refused_destination;
        result.reason = "400 API_KEY_INVALID";
    }
    return result;
}

}  // namespace nudged::channels::google_chat
