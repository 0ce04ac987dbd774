// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/mapping/json.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace nudged::sources {

/// What an answer means for whoever asked. There are as many classes as there are reactions.
enum class ErrorClass : std::uint8_t {
    none,              // an answer to be read
    refresh_auth,      // the credential has run out; with one that cannot be renewed: auth_dead
    auth_dead,         // a person must give a new credential
    forbidden_stream,  // the account may not see this entity
    not_found,
    bad_request,     // the same request will never succeed
    split_window,    // too many results: ask for less time at once
    restart_stream,  // the page's token has run out: begin the walk again
    throttle_short,  // wait seconds
    throttle_quota,  // wait until a quota comes back
    transient,       // try again after a back-off
    empty,           // an answer without records
    smaller_page,    // the page is too large: ask for half as many records at once
    drop_field,      // a field that this account does not have: ask without it
};
std::string_view to_string(ErrorClass kind);
std::optional<ErrorClass> error_class_of(std::string_view name);
std::vector<std::string> error_class_names();

struct StatusRange {
    int first = 0;
    int last = 0;
    bool holds(int status) const { return first <= status && status <= last; }
};

/// A condition on an answer: on a place in its body, on a header, or on the text of a body that is
/// no JSON. What is stated must hold of one value there; `*` in a place leads to several.
struct ErrorMatch {
    std::optional<json::Path> at;
    std::string header;  // in lower case
    bool text = false;
    std::vector<std::string> in;        // it is one of these
    std::vector<std::string> contains;  // one of these stands somewhere in it
    std::optional<double> above;        // it is a number, and greater
    std::optional<bool> present;        // it is there, whatever it is; or it is not
};

/// Where an answer names the field that it does not know.
struct FieldMention {
    json::Path at;
    std::string before;  // the name stands between these two
    std::string after;
};

/// One `[[error]]`: answers that it fits are of its class.
struct ErrorRule {
    std::vector<StatusRange> statuses;  // empty: any but 2xx
    std::vector<ErrorMatch> matches;    // all must hold
    ErrorClass kind = ErrorClass::none;
    std::chrono::milliseconds wait{0};  // for throttles, where the answer does not say
    bool until_midnight = false;        // the same, to the next midnight of the account
    bool until_reset = false;           // as long as the feedback of the limiters says, else `wait`
    int escalate = 0;  // so many short throttles in a row are one of a quota; 0: never
    std::chrono::milliseconds escalated_wait{3'600'000};
    std::optional<FieldMention> field;  // for drop_field
};

/// What an answer is, and how long to wait before the next try where somebody has said so.
struct Verdict {
    ErrorClass kind = ErrorClass::none;
    std::optional<std::chrono::milliseconds> wait;
    const ErrorRule* rule = nullptr;  // that decided; null: the status did
    std::string field;                // that the answer names, for drop_field
};

/// What is looked at. Never more than is there: a body of any shape, or none, is judged.
struct Evidence {
    const net::HttpResponse& response;                 // status and headers
    const json::Document* body = nullptr;              // null: no JSON
    std::string_view text{};                           // of a body that is no JSON
    std::optional<std::chrono::milliseconds> reset{};  // as the limiters' feedback says
};

/// Texts are looked for in this much of a body; of an error's JSON, more is not read.
inline constexpr std::size_t max_error_body = 64 * 1024;

constexpr bool is_success(int status) {
    return status >= 200 && status < 300;
}
/// Whether a rule names this status: without one, an answer of 2xx needs no look.
bool names_status(const std::vector<ErrorRule>& table, int status);

/// The first rule that fits decides; else by status: 2xx is an answer, 204 and 304 an empty one,
/// 401 a dead credential, 403 forbidden, 404 not found, 429 a short throttle, 408 and 5xx
/// transient, the rest a bad request. `Retry-After` is never undercut. A body that is no JSON fits
/// no condition on a place in it.
Verdict classify(const std::vector<ErrorRule>& table, const Evidence& evidence, Instant now,
                 const Zone& account_zone);
/// The same for an answer that nobody has parsed yet; it stays as it is.
Verdict classify(const std::vector<ErrorRule>& table, const net::HttpResponse& response,
                 Instant now, const Zone& account_zone,
                 std::optional<std::chrono::milliseconds> reset = {});

}  // namespace nudged::sources
