// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth_exchange.hpp"

#include "connectors/base/text.hpp"
#include "connectors/net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

/// A token server that takes longer holds up a stop as well: its answer is waited for, since it may
/// hold the only refresh token.
constexpr milliseconds most_patience{20'000};
constexpr std::size_t max_answer_bytes = 1024 * 1024;
constexpr std::size_t max_scope_bytes = 16 * 1024;
constexpr milliseconds usual_throttle{60'000};

std::string form_encoded(const NamedTemplates& templates, const Variables& variables) {
    std::string text;
    for (const auto& [name, value] : templates) {
        const auto rendered = value.text(variables);
        if (!rendered) continue;
        if (!text.empty()) text += '&';
        text += fmt::format("{}={}", net::url_encode(name), net::url_encode(*rendered));
    }
    return text;
}

std::optional<std::string> text_at(const json::Path& path, const json::Document* body) {
    if (!body) return std::nullopt;
    const auto found = json::scalar(path.find(*body));
    return found ? std::optional{std::string{*found}} : std::nullopt;
}

/// RFC 6265 §5.2: up to the first semicolon.
std::optional<std::string> cookie(const net::HttpResponse& response, const std::string& name) {
    for (const auto& [header, value] : response.headers) {
        if (header != "set-cookie") continue;
        const auto pair = trim(std::string_view{value}.substr(0, value.find(';')));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
        return std::string{trim(pair.substr(equals + 1))};
    }
    return std::nullopt;
}

std::optional<std::string> taken(const TakenPlan& plan, const net::HttpResponse& response,
                                 const json::Document* body) {
    switch (plan.from) {
    case TakenPlan::From::cookie: return cookie(response, plan.header);
    case TakenPlan::From::header: {
        const auto value = trim(response.header(plan.header));
        return value.empty() ? std::nullopt : std::optional{std::string{value}};
    }
    case TakenPlan::From::body: break;
    }
    return text_at(plan.at, body);
}

std::optional<milliseconds> life_of(const TokenStep& step, const json::Document* body) {
    const auto text = step.expires_in ? text_at(*step.expires_in, body) : std::nullopt;
    if (!text) return step.lifetime;
    constexpr std::int64_t most_seconds = 366 * 86'400;
    std::int64_t seconds = 0;
    const auto parsed = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (parsed.ec != std::errc{} || seconds <= 0) return step.lifetime;
    return std::chrono::seconds{std::min(seconds, most_seconds)};
}

/// The code of RFC 6749 §5.2, "invalid_grant". Anything that is more than a word may hold what
/// nobody should read.
std::string error_code(const json::Document* body) {
    constexpr std::size_t longest = 40;
    const auto path = json::Path::parse("/error");
    const auto code = path ? text_at(*path, body).value_or("") : "";
    const bool is_word = std::ranges::all_of(
        code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; });
    return !is_word || code.empty() || code.size() > longest ? "" : fmt::format(" ({})", code);
}

/// Whether it says anything: {"error": null} and {"error": ""} do not.
bool says_something(const json::Value* value) {
    if (!value || value->IsNull() || value->IsFalse()) return false;
    if (value->IsObject()) return !value->ObjectEmpty();
    if (value->IsArray()) return !value->Empty();
    const auto text = json::scalar(value);
    return text && !text->empty();
}

ErrorClass usual_class(int status, const json::Document* body) {
    constexpr int too_many = 429;
    constexpr int timed_out = 408;
    const auto error = json::Path::parse("/error");
    if (status >= 200 && status < 300)
        return body && says_something(error->find(*body)) ? ErrorClass::auth_dead
                                                          : ErrorClass::none;
    if (status == too_many) return ErrorClass::throttle_short;
    return status >= 500 || status == timed_out ? ErrorClass::transient : ErrorClass::auth_dead;
}

std::unique_ptr<json::Document> parsed(std::string& copy) {
    return json::parse(copy);
}

/// The path of an absolute URL, without a slash at its end.
std::string path_of(std::string_view url) {
    const auto host = url.find("://");
    const auto path = host == std::string_view::npos ? host : url.find('/', host + 3);
    if (path == std::string_view::npos) return {};
    std::string text{url.substr(path, url.find_first_of("?#", path) - path)};
    while (text.ends_with('/')) text.pop_back();
    return text;
}

}  // namespace

std::string token_url(const Manifest& manifest, const TokenStep& step) {
    return step.url.starts_with('/') ? manifest.base_url + step.url : step.url;
}

std::string basic_header(const BasicPlan& plan, const Variables& variables) {
    const auto pair = fmt::format("{}:{}", plan.user.text(variables).value_or(""),
                                  plan.password.text(variables).value_or(""));
    return "Basic " + crypto::base64(pair);
}

std::string allowed_base_url(const TokenStep& step, const std::string& manifest_base,
                             const std::string& answered) {
    const auto own = net::parse_place(manifest_base);
    const auto place = net::parse_place(answered);
    const auto host_fits = [&](const std::string& allowed) {
        return allowed.starts_with('.') ? place->host.ends_with(allowed) : place->host == allowed;
    };
    const bool is_fit = place && !place->has_credentials &&
                        ((own && place->origin() == own->origin()) ||
                         (own && own->is_loopback() && place->is_loopback()) ||
                         (place->scheme == "https" && place->port == "443" &&
                          std::ranges::any_of(step.allowed_hosts, host_fits)));
    if (!is_fit)
        throw Failure(FailureKind::needs_person,
                      fmt::format("the token server leads to the base URL {}, which is not among "
                                  "the manifest's allowed_hosts; no credential was sent there",
                                  place ? place->str() : "of no known form"));
    return place->str() + path_of(answered) + path_of(manifest_base);
}

Verdict classify_token_answer(const Manifest& manifest, const net::HttpResponse& response,
                              Instant now) {
    auto verdict = classify(manifest.auth.errors, response, now, manifest.account_zone);
    if (verdict.rule) return verdict;
    std::string copy = response.body;
    const auto body = parsed(copy);
    verdict.kind = usual_class(response.status, body.get());
    return verdict;
}

net::HttpRequest TokenExchange::render(const TokenStep& step, const Variables& variables,
                                       const FormPlan& form) const {
    net::HttpRequest request;
    request.method = step.method;
    request.is_private = true;
    request.url = token_url(manifest_, step);
    request.timeout = std::min(manifest_.retry.timeout, most_patience);
    request.max_body_bytes = max_answer_bytes;
    const auto query = form_encoded(step.query, variables);
    if (!query.empty())
        request.url += (request.url.find('?') == std::string::npos ? '?' : '&') + query;
    request.headers.emplace_back("Accept", "application/json");
    for (const auto& [name, value] : step.headers)
        if (const auto text = value.text(variables)) request.headers.emplace_back(name, *text);
    if (step.basic)
        request.headers.emplace_back("Authorization", basic_header(*step.basic, variables));
    if (!form.empty()) {
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        request.body = BodyTemplate{form}.form(variables, {});
    } else if (step.body) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = step.body->json(variables, {});
    }
    return request;
}

void TokenExchange::refuse(const std::string& who, const net::HttpResponse& response,
                           const Verdict& verdict) const {
    std::string copy = response.body;
    const auto body = parsed(copy);
    const auto what = fmt::format("{} answered {}{}: {}", who, response.status,
                                  error_code(body.get()), to_string(verdict.kind));
    switch (verdict.kind) {
    case ErrorClass::transient: throw Failure(FailureKind::transient, what);
    case ErrorClass::throttle_short:
    case ErrorClass::throttle_quota:
        throw Failure(FailureKind::throttled, what, verdict.wait.value_or(usual_throttle));
    default: throw TokenRefused(what);
    }
}

Grant TokenExchange::read(const TokenStep& step, const net::HttpResponse& response) const {
    std::string copy = response.body;
    const auto body = parsed(copy);
    Grant grant;
    if (step.refresh_token)
        grant.refresh_token = text_at(*step.refresh_token, body.get()).value_or("");
    if (step.scope) grant.scope = text_at(*step.scope, body.get()).value_or("");
    if (grant.scope.size() > max_scope_bytes) grant.scope.clear();
    for (const auto& plan : step.values) {
        auto value = taken(plan, response, body.get());
        if (!value || value->empty()) {
            grant.problem.emplace(
                FailureKind::transient,
                fmt::format("the token server {} answered {} without the \"{}\" that the manifest "
                            "expects",
                            net::origin_of(token_url(manifest_, step)), response.status,
                            plan.name));
            return grant;
        }
        grant.values[plan.name] = std::move(*value);
    }
    grant.life = life_of(step, body.get());
    const auto base = step.base_url ? text_at(*step.base_url, body.get()) : std::nullopt;
    if (!base || base->empty()) return grant;
    try {
        grant.base_url = allowed_base_url(step, manifest_.base_url, *base);
    } catch (const Failure& failure) {
        grant.problem = failure;
    }
    return grant;
}

asio::awaitable<Grant> TokenExchange::ask(const TokenStep& step, Variables variables,
                                          const FormPlan* form) const {
    for (const auto& derived : step.derived) {
        const auto of = derived.of.text(variables).value_or("");
        const auto key = derived.key ? derived.key->text(variables).value_or("") : "";
        variables[fmt::format("{}{}", auth_prefix, derived.name)] =
            crypto::hex(derived.key ? crypto::hmac(derived.digest, key, of)
                                    : crypto::digest(derived.digest, of));
    }
    auto request = render(step, variables, form ? *form : step.form);
    const auto place = net::parse_place(request.url);
    const auto who = fmt::format("the token server {}", place ? place->str() : "");
    const auto response = co_await context_.http.send(std::move(request));
    const auto verdict = classify_token_answer(manifest_, response, context_.clock());
    if (verdict.kind != ErrorClass::none) refuse(who, response, verdict);
    co_return read(step, response);
}

}  // namespace nudged::sources
