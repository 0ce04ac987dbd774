// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/auth_exchange.hpp"
#include "connectors/sources/http/auth_session.hpp"
#include "connectors/sources/token_store.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace nudged::sources {

/// The sessions of one source. Lives on the loop; any number of coroutines may ask at once, and one
/// round of token requests serves them all, under a lock that other processes obey, too.
///
/// New tokens are on the disk before they are used. A round that has begun is carried to its end
/// even when whoever asked is cancelled: its answer may hold the only refresh token there is. What
/// the token server has refused is not tried again for an hour, unless the credentials or the
/// stored tokens have changed; nobody is told of it while the session at hand is still good.
class Authenticator {
public:
    Authenticator(std::shared_ptr<const Manifest> manifest, std::string source,
                  Credentials credentials, const SourceContext& context);

    /// One that is good for a while. Throws Failure: needs_person where somebody must log in, else
    /// transient or throttled.
    asio::awaitable<SessionPtr> session();
    /// Another than the one that the CRM has just refused. Throws Failure(needs_person) when there
    /// can be none, or when the refused one was itself a replacement that was never accepted.
    asio::awaitable<SessionPtr> renew(SessionPtr refused);
    /// The CRM has taken it, as it may still take one that has been replaced since.
    void accepted(const Session& session) { accepted_ = std::max(accepted_, session.number); }

    bool is_renewable() const { return plan_.is_renewable(); }
    /// What goes with every request.
    void add_headers(const Session& session, net::Headers& headers) const;
    /// "; run `nudged source login NAME`", or whatever else gives the source new credentials.
    std::string remedy() const;

private:
    asio::awaitable<SessionPtr> obtain(SessionPtr refused);
    asio::awaitable<void> until_landed();
    asio::awaitable<void> fly(SessionPtr refused);
    asio::awaitable<std::optional<StoredTokens>> read_stored();
    asio::awaitable<void> store(StoredTokens tokens);
    asio::awaitable<StoredTokens> ask_server(std::optional<StoredTokens>& stored);
    asio::awaitable<Variables> variables_for(const StoredTokens& so_far);
    bool is_good(const SessionPtr& session, const SessionPtr& refused) const;
    /// A session that could not be renewed early is used until it expires.
    bool can_go_on(const SessionPtr& refused) const;
    bool serves(const StoredTokens& stored, const SessionPtr& refused) const;
    void check_refusal(const StoredTokens& stored) const;
    void adopt(const StoredTokens& stored, bool was_forced);

    std::shared_ptr<const Manifest> manifest_;
    const AuthPlan& plan_;
    std::string source_;
    Credentials credentials_;
    const SourceContext& context_;
    TokenExchange exchange_;
    TokenStore store_;
    std::string session_of_;

    SessionPtr current_;
    std::uint64_t accepted_ = 0;
    std::optional<StoredTokens> kept_;       // where nothing is stored
    std::optional<StoredTokens> unwritten_;  // that the disk would not take
    bool flying_ = false;
    std::optional<Failure> failed_;  // what became of the last round
    std::optional<asio::steady_timer> landed_;
    Instant not_before_{};   // the token server has said so
    Instant early_again_{};  // no early renewal before
};

}  // namespace nudged::sources
