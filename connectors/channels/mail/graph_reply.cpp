// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/graph_reply.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace nudged::channels::mail {
namespace {

struct Known {
    std::string_view code;
    Outcome outcome;
    bool concerns_all;
    std::string_view meaning;
};

constexpr std::string_view permission =
    "the application needs Mail.Send, with an administrator's consent, and access to this mailbox";
constexpr std::string_view mailbox = "there is no mailbox of the address in from";

constexpr std::array<Known, 21> known_codes{{
    {"ErrorInvalidRecipients", Outcome::refused_destination, false, "the address takes no mail"},
    {"ErrorAccessDenied", Outcome::refused_destination, true, permission},
    {"Authorization_RequestDenied", Outcome::refused_destination, true, permission},
    {"ErrorSendAsDenied", Outcome::refused_destination, true, permission},
    {"InvalidAuthenticationToken", Outcome::refused_destination, true, "the token is not taken"},
    {"ErrorInvalidUser", Outcome::refused_destination, true, mailbox},
    {"ErrorItemNotFound", Outcome::refused_destination, true, mailbox},
    {"ErrorNonExistentMailbox", Outcome::refused_destination, true, mailbox},
    {"MailboxNotEnabledForRESTAPI", Outcome::refused_destination, true, mailbox},
    {"MailboxNotSupportedForRESTAPI", Outcome::refused_destination, true, mailbox},
    {"Request_ResourceNotFound", Outcome::refused_destination, true, mailbox},
    {"ErrorMessageSubmissionBlocked", Outcome::refused_destination, true,
     "the mailbox may not send any more"},
    {"ErrorMessageSizeExceeded", Outcome::refused_payload, true, "the mail is too large"},
    {"ErrorMimeContentInvalid", Outcome::refused_payload, true, ""},
    {"ErrorMimeContentInvalidBase64String", Outcome::refused_payload, true, ""},
    {"ErrorExceededMessageLimit", Outcome::throttled, true, "the mailbox's limit is used up"},
    {"ApplicationThrottled", Outcome::throttled, true, ""},
    {"ErrorServerBusy", Outcome::throttled, true, ""},
    {"TooManyRequests", Outcome::throttled, true, ""},
    {"ErrorMailboxStoreUnavailable", Outcome::transient, true, ""},
    {"ErrorMailboxMoveInProgress", Outcome::transient, true, ""},
}};

/// "" when the body is no error of Graph's.
std::string code_of(const std::string& body) {
    rapidjson::Document json;
    if (json.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size()).HasParseError() ||
        !json.IsObject())
        return {};
    const auto error = json.FindMember("error");
    if (error == json.MemberEnd() || !error->value.IsObject()) return {};
    const auto code = error->value.FindMember("code");
    if (code == error->value.MemberEnd() || !code->value.IsString()) return {};
    return {code->value.GetString(), code->value.GetStringLength()};
}

Outcome by_status(int status, bool has_retry_after) {
    if (status == 202) return Outcome::accepted;
    if (status == 429) return Outcome::throttled;
    if (status == 503) return has_retry_after ? Outcome::throttled : Outcome::transient;
    if (status >= 500) return Outcome::ambiguous;
    if (status == 408 || status == 425 || status == 409) return Outcome::transient;
    if (status == 400 || status == 413 || status == 422) return Outcome::refused_payload;
    // Another 4xx, a redirect, or a 2xx that is no "accepted": nobody that we know.
    return Outcome::refused_destination;
}

}  // namespace

Verdict classify(const net::HttpResponse& response, Instant now) {
    Verdict verdict;
    auto& outcome = verdict.outcome;
    outcome.status = response.status;
    outcome.retry_after = response.retry_after(now);
    outcome.outcome = by_status(response.status, outcome.retry_after.has_value());
    if (outcome.outcome == Outcome::accepted) return verdict;
    const auto code = code_of(response.body);
    const auto known = std::find_if(known_codes.begin(), known_codes.end(),
                                    [&](const auto& row) { return row.code == code; });
    if (known == known_codes.end()) {
        outcome.reason = fmt::format("Microsoft Graph answered {}", response.status);
        return verdict;
    }
    outcome.outcome = known->outcome;
    verdict.concerns_all = known->concerns_all;
    outcome.reason = fmt::format("{} {}", response.status, known->code);
    if (!known->meaning.empty()) outcome.reason.append(": ").append(known->meaning);
    return verdict;
}

Verdict classify(const net::TransferFailure& failure) {
    Verdict verdict;
    verdict.outcome.reason = shorten(clean_line(failure.what()), 500);
    const bool is_impossible = failure.kind() == FailureKind::needs_person ||
                               (failure.kind() == FailureKind::refused && !failure.sent());
    if (is_impossible)
        verdict.outcome.outcome = Outcome::refused_destination;
    else
        verdict.outcome.outcome = failure.sent() ? Outcome::ambiguous : Outcome::transient;
    return verdict;
}

}  // namespace nudged::channels::mail
