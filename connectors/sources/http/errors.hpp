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
};
std::string_view to_string(ErrorClass kind);
std::optional<ErrorClass> error_class_of(std::string_view name);
std::vector<std::string> error_class_names();

/// One `[[error]]`: answers that it fits are of its class.
struct ErrorRule {
    std::vector<int> statuses;     // empty: any
    std::optional<json::Path> at;  // a place in the body …
    std::vector<std::string> in;   // … that holds one of these
    ErrorClass kind = ErrorClass::none;
    std::chrono::milliseconds wait{0};  // for throttles, where the answer does not say
    bool until_midnight = false;        // the same, to the next midnight of the account
};

/// What an answer is, and how long to wait before the next try where somebody has said so.
struct Verdict {
    ErrorClass kind = ErrorClass::none;
    std::optional<std::chrono::milliseconds> wait;
};

/// The first rule that fits decides; else by status: 2xx is an answer, 401 a dead credential, 403
/// forbidden, 404 not found, 429 a short throttle, 408 and 5xx transient, the rest a bad request.
/// `Retry-After` is never undercut. A body that is no JSON fits no rule that looks into it.
Verdict classify(const std::vector<ErrorRule>& table, const net::HttpResponse& response,
                 Instant now, const Zone& account_zone);

}  // namespace nudged::sources
