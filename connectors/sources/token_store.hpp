// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/base/instant.hpp"
#include "connectors/base/secret.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::sources {

/// Where the tokens of all sources lie.
struct TokenFolder {
    std::string path{};  // empty: nothing is kept, and each start asks for new tokens
    Secret key{};        // what they are encrypted under; empty: the file "key" in the folder
    /// Told before each step of a write ("write", "rename", "done"), so that a test can end there.
    std::function<void(std::string_view step)> before_step{};
};

/// What is kept of one source.
struct StoredTokens {
    std::string refresh_token{};                  // the newest; empty: there is none
    std::string refresh_of{};                     // fingerprint of the configured one it supersedes
    std::string refresh_to{};                     // the scheme and the places it may be sent to
    std::string session_of{};                     // fingerprint of all that the session came by
    std::map<std::string, std::string> values{};  // of the session: {auth.NAME}
    std::string base_url{};                       // that the token server named
    std::string scope{};                          // that it granted; empty: it did not say
    Instant issued_at{};
    Instant expires_at{};
    std::string refused{};  // why the token server will have no more of it
    Instant refused_at{};
};

/// Holds the lock of one source's tokens until it goes.
class TokenLock {
public:
    explicit TokenLock(int descriptor) : descriptor_(descriptor) {}
    TokenLock(TokenLock&& other) noexcept : descriptor_(other.descriptor_) {
        other.descriptor_ = -1;
    }
    TokenLock& operator=(TokenLock&&) = delete;
    ~TokenLock();

private:
    int descriptor_;
};

/// The tokens of one source, in an encrypted file of their own (mode 0600). Every call blocks: for
/// workers. Failures name the file and what to do: needs_person for permissions, for a wrong key
/// and for a file that somebody has changed; transient for a full disk and the like.
class TokenStore {
public:
    TokenStore(TokenFolder folder, std::string source);

    /// nullopt when nothing has been stored.
    std::optional<StoredTokens> read() const;
    /// Returns when the tokens will survive a power cut. The lock is held by the caller.
    void write(const StoredTokens& tokens) const;
    /// nullopt while another process, or another object, holds it.
    std::optional<TokenLock> try_lock() const;

    std::string file() const { return path_of(".tokens"); }

private:
    std::string path_of(std::string_view extension) const;
    void make_folder() const;
    std::string seal_key(bool make_one) const;
    std::string bound() const;
    void step(std::string_view name) const;

    TokenFolder folder_;
    std::string source_;
};

}  // namespace nudged::sources
