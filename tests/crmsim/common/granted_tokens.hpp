// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace nudged::crmsim {

/// What an OAuth 2 server has given to its one client: access tokens live for a while, the refresh
/// token until another takes its place.
class GrantedTokens {
public:
    GrantedTokens(std::string prefix, std::string first_refresh_token, std::chrono::seconds life,
                  bool rotate)
        : prefix_(std::move(prefix)),
          refresh_token_(std::move(first_refresh_token)),
          life_(life),
          rotate_(rotate) {}

    bool takes_refresh_token(const std::string& token) const {
        return alive_ && token == refresh_token_;
    }
    void revoke_refresh_token() { alive_ = false; }
    /// The refresh token to use from now on.
    const std::string& use_refresh_token() {
        if (rotate_) refresh_token_ = prefix_ + "refresh-" + std::to_string(++rotations_);
        return refresh_token_;
    }
    std::string issue(Instant now) {
        const std::string token = prefix_ + "access-" + std::to_string(++issued_);
        ends_[token] = now + life_;
        return token;
    }
    bool is_valid(const std::string& token, Instant now) const {
        const auto found = ends_.find(token);
        return found != ends_.end() && now < found->second;
    }
    std::chrono::seconds life() const { return life_; }
    /// Vendors may end tokens before their time.
    void expire_all() { ends_.clear(); }

private:
    std::string prefix_;
    std::string refresh_token_;
    std::chrono::seconds life_;
    bool rotate_;
    bool alive_ = true;
    int issued_ = 0;
    int rotations_ = 0;
    std::map<std::string, Instant> ends_;
};

}  // namespace nudged::crmsim
