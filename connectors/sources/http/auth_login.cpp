// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth_login.hpp"

#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/url.hpp"
#include "connectors/sources/http/http_source.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::sources {
namespace {

constexpr std::size_t random_size = 32;  // RFC 7636 §4.1 recommends as many octets

std::string url_decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const auto* digits = text.data() + i + 1;
        const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                               std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
        if (is_escape) i += 2;
        decoded += is_escape ? static_cast<char>(byte) : text[i] == '+' ? ' ' : text[i];
    }
    return decoded;
}

/// A parameter of the query behind `target`; "" when it is not there.
std::string parameter(std::string_view target, std::string_view name) {
    const auto begin = target.find('?');
    if (begin == std::string_view::npos) return {};
    const auto query = target.substr(begin + 1, target.find('#', begin) - begin - 1);
    for (const auto pair : split(query, '&')) {
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return url_decode(pair.substr(equals + 1));
    }
    return {};
}

const AuthPlan& plan_with_login(const Manifest& manifest, const std::string& source) {
    if (!manifest.auth.login)
        throw Failure(FailureKind::needs_person,
                      fmt::format("source {}: with these credentials nobody logs in: the manifest "
                                  "\"{}\" has no [auth.login] for them",
                                  source, manifest.name));
    return manifest.auth;
}

std::string base_of(const Manifest& manifest, const std::string& url) {
    return url.starts_with('/') ? manifest.base_url + url : url;
}

}  // namespace

Login::Login(const SourceOptions& source, const SourceContext& context)
    : manifest_(read_manifest(source, context.manifest_folder)),
      credentials_(std::get<HttpSourceOptions>(source.connector_options).credentials),
      context_(context),
      store_(context.tokens, source.name),
      redirect_(plan_with_login(manifest_, source.name).login->redirect),
      state_(crypto::base64url(crypto::random_bytes(random_size))),
      verifier_(crypto::base64url(crypto::random_bytes(random_size))) {}

std::string Login::address() const {
    const auto& login = *manifest_.auth.login;
    auto url = base_of(manifest_, login.authorize);
    url += url.find('?') == std::string::npos ? "?response_type=code" : "&response_type=code";
    const auto add = [&url](std::string_view name, std::string_view value) {
        url += fmt::format("&{}={}", name, net::url_encode(value));
    };
    const auto variables = variables_of(credentials_);
    for (const auto& [name, value] : login.query)
        if (const auto text = value.text(variables)) add(net::url_encode(name), *text);
    add("redirect_uri", redirect_);
    add("state", state_);
    if (login.pkce) {
        add("code_challenge", crypto::base64url(crypto::digest(crypto::Digest::sha256, verifier_)));
        add("code_challenge_method", "S256");
    }
    return url;
}

std::optional<std::string> Login::code_of(std::string_view target) const {
    if (parameter(target, "state") != state_) return std::nullopt;
    const auto error = parameter(target, "error");
    constexpr std::size_t longest = 60;
    if (!error.empty())
        throw Failure(FailureKind::needs_person, fmt::format("the log-in was declined: {}",
                                                             shorten(clean_line(error), longest)));
    auto code = parameter(target, "code");
    if (code.empty()) return std::nullopt;
    return code;
}

std::optional<std::string> Login::code_of_pasted(std::string_view pasted) const {
    const auto text = trim(pasted);
    if (text.find('?') != std::string_view::npos) return code_of(text);
    if (text.empty() || text.find("://") != std::string_view::npos) return std::nullopt;
    // Of a code alone nobody can tell which log-in it belongs to; PKCE can.
    return url_decode(text);
}

/// The form of the token request, with the code in place of the refresh token.
FormPlan Login::exchange_form() const {
    FormPlan form = manifest_.auth.login->form;
    Diagnostics problems;
    const auto add = [&](const char* name, std::string_view value) {
        form.emplace_back(name, BodyTemplate{Template::compile(value, {}, {}, problems)});
    };
    if (form.empty()) {
        for (const auto& [name, value] : manifest_.auth.steps.front().form) {
            bool is_refresh = name == "grant_type" || name == "scope";
            value.each_name([&](const std::string& named) {
                is_refresh = is_refresh || named == "auth.refresh_token";
            });
            if (!is_refresh) form.emplace_back(name, value);
        }
        add("grant_type", "authorization_code");
        add("code", "{login.code}");
        add("redirect_uri", "{login.redirect}");
        if (manifest_.auth.login->pkce) add("code_verifier", "{login.verifier}");
    }
    return form;
}

asio::awaitable<void> Login::finish(std::string code) {
    auto variables = variables_of(credentials_);
    variables["login.code"] = std::move(code);
    variables["login.redirect"] = redirect_;
    variables["login.verifier"] = verifier_;
    const auto form = exchange_form();
    auto lock = co_await lock_tokens(store_, context_.workers);
    StoredTokens tokens;
    tokens.issued_at = context_.clock();
    const TokenExchange exchange{manifest_, context_};
    const auto grant = co_await exchange.ask(manifest_.auth.steps.front(), variables, &form);
    if (grant.refresh_token.empty() && grant.problem) throw Failure{*grant.problem};
    if (grant.refresh_token.empty() && manifest_.auth.uses_refresh_token)
        throw Failure(FailureKind::needs_person,
                      "the token server gave no refresh token: the app, or the scope in "
                      "[auth.login], must ask for offline access");
    keep_refresh_token(tokens, grant.refresh_token, manifest_, credentials_);
    tokens.session_of = session_fingerprint(manifest_, credentials_);
    tokens.base_url = grant.base_url;
    tokens.scope = grant.scope;
    if (!grant.problem) tokens.values = grant.values;
    tokens.expires_at = tokens.issued_at + grant.life.value_or(usual_token_life);
    co_await on(context_.workers, [&] { store_.write(tokens); });
    if (grant.problem) throw Failure{*grant.problem};
}

}  // namespace nudged::sources
