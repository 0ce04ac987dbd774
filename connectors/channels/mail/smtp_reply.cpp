// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/smtp_reply.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace nudged::channels::mail {
namespace {

using namespace std::chrono_literals;
using net::SmtpReply;
using net::SmtpStage;

// The least wait before the next try; greylisting servers want five minutes, a full mailbox longer.
constexpr auto soon = 60s;
constexpr auto greylisted = 5min;
constexpr auto mailbox_full = 60min;

std::string_view name_of(SmtpStage stage) {
    switch (stage) {
    case SmtpStage::connect: return "connecting";
    case SmtpStage::greeting: return "the greeting";
    case SmtpStage::hello: return "EHLO";
    case SmtpStage::tls: return "STARTTLS";
    case SmtpStage::auth: return "AUTH";
    case SmtpStage::sender: return "MAIL FROM";
    case SmtpStage::recipient: return "RCPT TO";
    case SmtpStage::data: return "DATA";
    case SmtpStage::body: return "the mail";
    case SmtpStage::end: return "the end of the mail";
    }
    return "connecting";
}

/// What a person should know of an enhanced status (RFC 3463); the longest prefix that is known.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> meanings{{
    {".1.1", "there is no such mailbox"},
    {".1.2", "there is no such domain"},
    {".1.8", "the sender's domain is not known to it"},
    {".1.", "it does not take this address"},
    {".2.1", "the mailbox is disabled"},
    {".2.2", "the mailbox is full"},
    {".2.3", "the mail is too large for the mailbox"},
    {".3.4", "the mail is too large for the server"},
    {".4.", "the server cannot reach where the mail goes"},
    {".5.3", "too many recipients"},
    {".7.8", "the login is wrong"},
    {".7.30",
     "this server takes no passwords any more: set auth = \"xoauth2\", or use a channel of "
     "kind \"graph\""},
    {".7.60", "the login may not send as this sender"},
    {".7.", "the server's policy is against it"},
}};

std::string_view meaning_of(std::string_view enhanced) {
    if (enhanced.empty()) return {};
    const auto rest = enhanced.substr(1);
    std::string_view best;
    std::size_t length = 0;
    for (const auto& [code, meaning] : meanings) {
        const bool fits = code.ends_with('.') ? rest.starts_with(code) : rest == code;
        if (!fits || code.size() <= length) continue;
        best = meaning;
        length = code.size();
    }
    return best;
}

bool is_subject(const SmtpReply& reply, std::string_view code) {
    return reply.enhanced.size() > 1 && std::string_view{reply.enhanced}.substr(1) == code;
}
bool is_about_address(const SmtpReply& reply) {
    return reply.enhanced.size() > 1 &&
           std::string_view{reply.enhanced}.substr(1).starts_with(".1.");
}
bool is_too_large(const SmtpReply& reply) {
    return is_subject(reply, ".3.4") || is_subject(reply, ".2.3");
}

std::string reason_of(const SmtpReply& reply) {
    if (reply.stopped) return fmt::format("stopped at {}", name_of(reply.stage));
    if (reply.status < 400)
        return fmt::format("at {}: {}", name_of(reply.stage),
                           curl_easy_strerror(static_cast<CURLcode>(reply.curl_code)));
    auto reason = fmt::format("{}{}{} at {}", reply.status, reply.enhanced.empty() ? "" : " ",
                              reply.enhanced, name_of(reply.stage));
    if (const auto meaning = meaning_of(reply.enhanced); !meaning.empty())
        reason.append(": ").append(meaning);
    return reason;
}

Verdict verdict(const SmtpReply& reply, Outcome outcome, bool concerns_all = true,
                std::optional<std::chrono::milliseconds> wait = {}) {
    Verdict result;
    result.outcome.outcome = outcome;
    result.outcome.status = reply.status;
    result.outcome.reason = reason_of(reply);
    result.outcome.retry_after = wait;
    result.concerns_all = concerns_all;
    return result;
}

Verdict transient(const SmtpReply& reply, std::chrono::milliseconds wait = soon,
                  bool concerns_all = true) {
    return verdict(reply, Outcome::transient, concerns_all, wait);
}

Verdict of_recipient(const SmtpReply& reply) {
    // 552 is the old way of saying 452: the mailbox is full (RFC 5321 §4.5.3.1.10).
    const bool is_full = is_subject(reply, ".2.2") ||
                         (reply.enhanced.empty() && (reply.status == 552 || reply.status == 452));
    if (is_full) return transient(reply, mailbox_full, false);
    // The server is closing the connection, or wants fewer of them: nothing about this address.
    if (reply.status == 421) return transient(reply, greylisted);
    if (reply.status < 500) return transient(reply, greylisted, false);
    if (is_too_large(reply)) return verdict(reply, Outcome::refused_payload);
    return verdict(reply, Outcome::refused_destination, false);
}

/// The server has the whole mail, or refuses to take it in.
Verdict of_mail(const SmtpReply& reply) {
    if (is_subject(reply, ".2.2")) return transient(reply, mailbox_full, false);
    if (reply.status < 500) return transient(reply, greylisted);
    if (is_about_address(reply)) return verdict(reply, Outcome::refused_destination, false);
    return verdict(reply, Outcome::refused_payload);
}

Verdict of_status(const SmtpReply& reply) {
    const bool may_pass = reply.status < 500;
    switch (reply.stage) {
    case SmtpStage::recipient: return of_recipient(reply);
    case SmtpStage::data:
    case SmtpStage::body:
    case SmtpStage::end: return of_mail(reply);
    case SmtpStage::sender:
        // By SIZE, which goes with the sender (RFC 1870 §6.1).
        if (!may_pass && (is_too_large(reply) || (reply.status == 552 && reply.enhanced.empty())))
            return verdict(reply, Outcome::refused_payload);
        break;
    default: break;
    }
    return may_pass ? transient(reply) : verdict(reply, Outcome::refused_destination);
}

Verdict of_failure(const SmtpReply& reply) {
    switch (reply.curl_code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED:  // STARTTLS is not offered, or was stripped on the way
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_NOT_BUILT_IN:
    case CURLE_LOGIN_DENIED:  // no verdict: the server offers no way that we may use
        return verdict(reply, Outcome::refused_destination);
    default: break;
    }
    // Before the final dot a server must not deliver (RFC 5321 §4.1.1.4).
    if (reply.stage == SmtpStage::end) return verdict(reply, Outcome::ambiguous);
    return transient(reply);
}

}  // namespace

Verdict classify(const SmtpReply& reply) {
    if (reply.accepted) return verdict(reply, Outcome::accepted);
    // A verdict is one, whatever libcurl calls it.
    return reply.status >= 400 ? of_status(reply) : of_failure(reply);
}

bool is_login_refused(const SmtpReply& reply) {
    return reply.stage == SmtpStage::auth && reply.status >= 500;
}

}  // namespace nudged::channels::mail
