// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/catalog.hpp"
#include "connectors/sources/http/manifest.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace nudged::sources {

/// The token server will not have these credentials, however often it is asked.
class TokenRefused : public Failure {
public:
    explicit TokenRefused(const std::string& what) : Failure(FailureKind::needs_person, what) {}
};

/// What an answer of the token server gave.
struct Grant {
    std::map<std::string, std::string> values{};  // {auth.NAME}
    std::string refresh_token{};                  // empty: the old one stays good
    std::string base_url{};                       // empty: the manifest's
    std::string scope{};                          // that was granted; empty: it does not say
    /// Why the values may not be used: one is missing (transient), or the base URL of the answer is
    /// not allowed (needs_person). The refresh token is good all the same, and may be the only one
    /// there is.
    std::optional<Failure> problem{};
    std::optional<std::chrono::milliseconds> life{};
};

/// Where a step's request goes: absolute.
std::string token_url(const Manifest& manifest, const TokenStep& step);

/// "user:password" as the value of an `Authorization` header.
std::string basic_header(const BasicPlan& plan, const Variables& variables);

/// The base URL that a token answer leads to: its origin and path, and behind that the path of the
/// manifest's. Throws Failure(needs_person) for a host that the manifest does not allow.
std::string allowed_base_url(const TokenStep& step, const std::string& manifest_base,
                             const std::string& answered);

/// What an answer of the token server means: by the manifest's rules for those, or else by its
/// status, and 2xx with an error in it is one.
Verdict classify_token_answer(const Manifest& manifest, const net::HttpResponse& response,
                              Instant now);

/// Makes token requests. Lives on the loop; the manifest outlives it.
class TokenExchange {
public:
    TokenExchange(const Manifest& manifest, const SourceContext& context)
        : manifest_(manifest), context_(context) {}

    /// One request, tried once, with `form` in place of the step's own where it is given. Throws
    /// TokenRefused, or a Failure that may pass (transient, throttled).
    asio::awaitable<Grant> ask(const TokenStep& step, Variables variables,
                               const FormPlan* form = nullptr) const;

private:
    net::HttpRequest render(const TokenStep& step, const Variables& variables,
                            const FormPlan& form) const;
    Grant read(const TokenStep& step, const net::HttpResponse& response) const;
    [[noreturn]] void refuse(const std::string& who, const net::HttpResponse& response,
                             const Verdict& verdict) const;

    const Manifest& manifest_;
    const SourceContext& context_;
};

}  // namespace nudged::sources
