// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/errors.hpp"

#include "connectors/sources/http/feedback.hpp"

#include <algorithm>
#include <array>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 14> class_names{
    "none",        "refresh_auth", "auth_dead",      "forbidden_stream", "not_found",
    "bad_request", "split_window", "restart_stream", "throttle_short",   "throttle_quota",
    "transient",   "empty",        "smaller_page",   "drop_field"};

ErrorClass by_status(int status) {
    switch (status) {
    case 204:
    case 304: return ErrorClass::empty;
    case 401: return ErrorClass::auth_dead;
    case 403: return ErrorClass::forbidden_stream;
    case 404: return ErrorClass::not_found;
    case 408: return ErrorClass::transient;
    case 429: return ErrorClass::throttle_short;
    default: break;
    }
    if (is_success(status)) return ErrorClass::none;
    return status >= 500 ? ErrorClass::transient : ErrorClass::bad_request;
}

bool fits_value(const ErrorMatch& match, std::string_view value) {
    if (!match.in.empty() && std::ranges::count(match.in, value) == 0) return false;
    const auto stands_in_value = [&](const std::string& part) {
        return value.find(part) != std::string_view::npos;
    };
    if (!match.contains.empty() && std::ranges::none_of(match.contains, stands_in_value))
        return false;
    if (!match.above) return true;
    const auto number = parse_count(value);
    return number && *number > *match.above;
}

/// Whether the condition asks what the value is, and not only whether there is one.
bool asks_for_value(const ErrorMatch& match) {
    return !match.in.empty() || !match.contains.empty() || match.above;
}

bool fits_place(const ErrorMatch& match, const json::Document* body) {
    if (!body) return false;
    bool is_there = false;
    bool fits = false;
    match.at->each_value(*body, [&](const json::Value& value) {
        if (value.IsNull()) return;
        is_there = true;
        const auto text = json::scalar(&value);
        fits = fits || (text && fits_value(match, *text));
    });
    if (match.present && *match.present != is_there) return false;
    return asks_for_value(match) ? fits : true;
}

bool fits_header(const ErrorMatch& match, const net::Headers& headers) {
    bool is_there = false;
    bool fits = false;
    for (const auto& [name, value] : headers) {
        if (name != match.header) continue;
        is_there = true;
        fits = fits || fits_value(match, value);
    }
    if (match.present && *match.present != is_there) return false;
    return asks_for_value(match) ? fits : true;
}

bool holds(const ErrorMatch& match, const Evidence& evidence) {
    if (match.at) return fits_place(match, evidence.body);
    if (match.text) return !evidence.body && fits_value(match, evidence.text);
    return fits_header(match, evidence.response.headers);
}

bool names_it(const ErrorRule& rule, int status) {
    return std::ranges::any_of(rule.statuses, [&](auto range) { return range.holds(status); });
}

bool fits(const ErrorRule& rule, const Evidence& evidence) {
    const int status = evidence.response.status;
    if (rule.statuses.empty() ? is_success(status) : !names_it(rule, status)) return false;
    return std::ranges::all_of(rule.matches,
                               [&](const auto& match) { return holds(match, evidence); });
}

milliseconds until_midnight(Instant now, const Zone& zone) {
    const LocalTime midnight{zone.local_day(now) + std::chrono::days{1}};
    return zone.instant(midnight) - now;
}

milliseconds wait_of(const ErrorRule& rule, const Evidence& evidence, Instant now,
                     const Zone& account_zone) {
    if (rule.until_midnight) return until_midnight(now, account_zone);
    if (rule.until_reset && evidence.reset) return *evidence.reset;
    return rule.wait;
}

std::string field_in(const FieldMention& mention, const json::Document* body) {
    std::string field;
    if (!body) return field;
    mention.at.each_value(*body, [&](const json::Value& value) {
        const auto text = json::scalar(&value);
        if (!field.empty() || !text) return;
        auto begin = text->find(mention.before);
        if (begin == std::string_view::npos) return;
        begin += mention.before.size();
        const auto end = mention.after.empty() ? text->size() : text->find(mention.after, begin);
        if (end != std::string_view::npos) field = text->substr(begin, end - begin);
    });
    return field;
}

}  // namespace

std::string_view to_string(ErrorClass kind) {
    return class_names[static_cast<std::size_t>(kind)];
}

std::optional<ErrorClass> error_class_of(std::string_view name) {
    for (std::size_t i = 0; i < class_names.size(); ++i)
        if (class_names[i] == name) return static_cast<ErrorClass>(i);
    return std::nullopt;
}

std::vector<std::string> error_class_names() {
    return {class_names.begin(), class_names.end()};
}

bool names_status(const std::vector<ErrorRule>& table, int status) {
    return std::ranges::any_of(table, [&](const auto& rule) { return names_it(rule, status); });
}

Verdict classify(const std::vector<ErrorRule>& table, const Evidence& evidence, Instant now,
                 const Zone& account_zone) {
    Verdict verdict;
    verdict.kind = by_status(evidence.response.status);
    verdict.wait = evidence.response.retry_after(now);
    for (const auto& rule : table) {
        if (!fits(rule, evidence)) continue;
        verdict.kind = rule.kind;
        verdict.rule = &rule;
        const auto own = wait_of(rule, evidence, now, account_zone);
        if (!verdict.wait && own > milliseconds{0}) verdict.wait = own;
        if (rule.field) verdict.field = field_in(*rule.field, evidence.body);
        break;
    }
    return verdict;
}

Verdict classify(const std::vector<ErrorRule>& table, const net::HttpResponse& response,
                 Instant now, const Zone& account_zone, std::optional<milliseconds> reset) {
    Evidence evidence{.response = response};
    evidence.text = std::string_view{response.body}.substr(0, max_error_body);
    evidence.reset = reset;
    std::string copy;
    std::unique_ptr<json::Document> body;
    const bool matters = !is_success(response.status) || names_status(table, response.status);
    if (matters && response.body.size() <= max_error_body) {
        copy = response.body;
        body = json::parse(copy);
        evidence.body = body.get();
    }
    return classify(table, evidence, now, account_zone);
}

}  // namespace nudged::sources
