// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/errors.hpp"

#include <algorithm>
#include <array>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 11> names{
    "none",           "refresh_auth",   "auth_dead",    "forbidden_stream",
    "not_found",      "bad_request",    "split_window", "restart_stream",
    "throttle_short", "throttle_quota", "transient"};

/// Only error answers are looked into, and those are small.
constexpr std::size_t max_error_body = 64 * 1024;

ErrorClass by_status(int status) {
    if (status >= 200 && status < 300) return ErrorClass::none;
    switch (status) {
    case 401: return ErrorClass::auth_dead;
    case 403: return ErrorClass::forbidden_stream;
    case 404: return ErrorClass::not_found;
    case 408: return ErrorClass::transient;
    case 429: return ErrorClass::throttle_short;
    default: return status >= 500 ? ErrorClass::transient : ErrorClass::bad_request;
    }
}

bool fits(const ErrorRule& rule, int status, const json::Document* body) {
    if (!rule.statuses.empty() && std::ranges::count(rule.statuses, status) == 0) return false;
    if (!rule.at) return true;
    if (!body) return false;
    const auto found = json::scalar(rule.at->find(*body));
    return found && std::ranges::count(rule.in, *found) > 0;
}

milliseconds until_midnight(Instant now, const Zone& zone) {
    const LocalTime midnight{zone.local_day(now) + std::chrono::days{1}};
    return zone.instant(midnight) - now;
}

}  // namespace

std::string_view to_string(ErrorClass kind) {
    return names[static_cast<std::size_t>(kind)];
}

std::optional<ErrorClass> error_class_of(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<ErrorClass>(i);
    return std::nullopt;
}

std::vector<std::string> error_class_names() {
    return {names.begin(), names.end()};
}

Verdict classify(const std::vector<ErrorRule>& table, const net::HttpResponse& response,
                 Instant now, const Zone& account_zone) {
    // Answers of 200 are parsed once, by whoever reads them, and not here.
    std::string copy;
    std::unique_ptr<json::Document> body;
    const bool is_error = response.status < 200 || response.status >= 300;
    if (is_error && response.body.size() <= max_error_body) {
        copy = response.body;
        body = json::parse(copy);
    }
    Verdict verdict{by_status(response.status), response.retry_after(now)};
    for (const auto& rule : table) {
        if (!fits(rule, response.status, body.get())) continue;
        verdict.kind = rule.kind;
        const milliseconds own =
            rule.until_midnight ? until_midnight(now, account_zone) : rule.wait;
        if (!verdict.wait && own > milliseconds{0}) verdict.wait = own;
        break;
    }
    return verdict;
}

}  // namespace nudged::sources
