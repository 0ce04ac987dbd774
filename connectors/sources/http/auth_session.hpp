// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/base/secret.hpp"
#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/token_store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace nudged::sources {

using Credentials = std::map<std::string, Secret>;

/// What requests are made with until it expires. Immutable once it is in use.
struct Session {
    Variables variables;                          // {credential.NAME} and {auth.NAME}
    std::string base_url;                         // without a slash at its end
    std::map<std::string, std::string> values{};  // the {auth.NAME} alone
    Instant renew_at = Instant::max();            // better not used from then on
    Instant expires_at = Instant::max();
    std::uint64_t number = 0;
    bool was_forced = false;  // made because the CRM had refused the one before
};
using SessionPtr = std::shared_ptr<const Session>;

/// Of tokens that nobody says a life of.
inline constexpr std::chrono::minutes usual_token_life{30};

/// Waits its turn, up to a minute; then throws Failure(transient).
boost::asio::awaitable<TokenLock> lock_tokens(const TokenStore& store,
                                              boost::asio::thread_pool& workers);

/// When tokens of this life are renewed: after four fifths of it, or five minutes before its end,
/// whichever is later.
Instant renewal_of(Instant issued_at, Instant expires_at);

/// {credential.NAME} for templates; those that are missing stand for nothing.
Variables variables_of(const Credentials& credentials);

/// The credentials' own, or what their newest successor is: the refresh token to use; "" for none.
/// One that was stored for another scheme or another place is never sent to this one.
std::string newest_refresh_token(const Manifest& manifest, const Credentials& credentials,
                                 const std::optional<StoredTokens>& stored);
/// Puts a new refresh token, and what it belongs to, in the place of an old one.
void keep_refresh_token(StoredTokens& tokens, std::string refresh_token, const Manifest& manifest,
                        const Credentials& credentials);
/// Fingerprints, by which stored tokens know what they belong to.
std::string refresh_fingerprint(const Credentials& credentials);
std::string session_fingerprint(const Manifest& manifest, const Credentials& credentials);

}  // namespace nudged::sources
