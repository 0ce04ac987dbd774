// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth_session.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/url.hpp"
#include "connectors/sources/http/auth_exchange.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

constexpr const char* refresh_credential = "refresh_token";

std::string_view configured_refresh_token(const Credentials& credentials) {
    const auto found = credentials.find(refresh_credential);
    return found == credentials.end() ? std::string_view{} : found->second.reveal();
}

/// The scheme, and the origin of each place that a round of token requests goes to.
std::string refresh_place(const Manifest& manifest) {
    std::string all = manifest.auth.name;
    for (const auto& step : manifest.auth.steps)
        all += fmt::format(" {}", net::origin_of(token_url(manifest, step)));
    return all;
}

}  // namespace

asio::awaitable<TokenLock> lock_tokens(const TokenStore& store, asio::thread_pool& workers) {
    using namespace std::chrono_literals;
    constexpr auto pause = 50ms;
    constexpr int most_tries = 1200;
    asio::steady_timer timer{co_await asio::this_coro::executor};
    for (int tries = 0; tries < most_tries; ++tries) {
        auto lock = co_await on(workers, [&] { return store.try_lock(); });
        if (lock) co_return std::move(*lock);
        timer.expires_after(pause);
        co_await timer.async_wait(asio::use_awaitable);
    }
    throw Failure(FailureKind::transient,
                  fmt::format("another process has been renewing {} for a minute", store.file()));
}

Instant renewal_of(Instant issued_at, Instant expires_at) {
    const auto life = expires_at - issued_at;
    return std::max(issued_at + life * 4 / 5, expires_at - std::chrono::minutes{5});
}

Variables variables_of(const Credentials& credentials) {
    Variables variables;
    for (const auto& [name, secret] : credentials)
        variables[fmt::format("{}{}", credential_prefix, name)] = std::string{secret.reveal()};
    return variables;
}

std::string refresh_fingerprint(const Credentials& credentials) {
    const auto configured = configured_refresh_token(credentials);
    return configured.empty() ? std::string{} : fingerprint(configured);
}

std::string session_fingerprint(const Manifest& manifest, const Credentials& credentials) {
    constexpr char end = '\0';
    std::string all = manifest.auth.name + end;
    all += manifest.base_url + end;
    for (const auto& step : manifest.auth.steps) all += step.url + end;
    for (const auto& [name, secret] : credentials) {
        if (name == refresh_credential) continue;
        all += name + end;
        all += secret.reveal();
        all += end;
    }
    return fingerprint(all);
}

std::string newest_refresh_token(const Manifest& manifest, const Credentials& credentials,
                                 const std::optional<StoredTokens>& stored) {
    const auto configured = configured_refresh_token(credentials);
    const bool supersedes =
        stored && !stored->refresh_token.empty() && stored->refresh_to == refresh_place(manifest) &&
        (configured.empty() || stored->refresh_of == refresh_fingerprint(credentials));
    return supersedes ? stored->refresh_token : std::string{configured};
}

void keep_refresh_token(StoredTokens& tokens, std::string refresh_token, const Manifest& manifest,
                        const Credentials& credentials) {
    tokens.refresh_token = std::move(refresh_token);
    tokens.refresh_of = refresh_fingerprint(credentials);
    tokens.refresh_to = refresh_place(manifest);
}

}  // namespace nudged::sources
