// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/catalog.hpp"
#include "connectors/sources/http/auth_exchange.hpp"
#include "connectors/sources/http/auth_session.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::sources {

/// One log-in of a person in a browser: the authorization-code flow with PKCE (RFC 6749 §4.1, RFC
/// 7636, RFC 8252 §7.3). Lives on the loop.
class Login {
public:
    /// Throws Failure(needs_person) for a source that no one can log in to.
    Login(const SourceOptions& source, const SourceContext& context);

    /// Where the manifest sends the browser back to. A loopback address without a port leaves the
    /// choice of one to whoever listens.
    const std::string& redirect() const { return redirect_; }
    void set_redirect(std::string redirect) { redirect_ = std::move(redirect); }
    /// What the person opens.
    std::string address() const;

    /// The code in what the browser was sent back with: a whole URL, or a path with its query.
    /// nullopt when it was not made for this log-in (its state differs). Throws
    /// Failure(needs_person) when the person, or the CRM, has declined.
    std::optional<std::string> code_of(std::string_view target) const;
    /// The same of what somebody has pasted, which may also be the code alone.
    std::optional<std::string> code_of_pasted(std::string_view pasted) const;

    /// Exchanges the code and stores the tokens; the source uses them from its next request on.
    asio::awaitable<void> finish(std::string code);
    /// Where the tokens lie.
    std::string file() const { return store_.file(); }

private:
    FormPlan exchange_form() const;

    Manifest manifest_;
    Credentials credentials_;
    const SourceContext& context_;
    TokenStore store_;
    std::string redirect_;
    std::string state_;
    std::string verifier_;
};

}  // namespace nudged::sources
