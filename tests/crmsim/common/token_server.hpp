// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <chrono>
#include <map>
#include <string>

namespace nudged::crmsim {

/// The tokens that one account's OAuth server has given out.
class TokenServer {
public:
    TokenServer(std::string prefix, std::string first_refresh_token, std::chrono::seconds life,
                bool rotating)
        : prefix_(std::move(prefix)),
          refresh_token_(std::move(first_refresh_token)),
          life_(life),
          rotating_(rotating) {}

    std::string issue(Instant now) {
        const std::string token = prefix_ + std::to_string(++issued_);
        ends_[token] = now + life_;
        return token;
    }
    bool is_valid(const std::string& token, Instant now) const {
        const auto found = ends_.find(token);
        return found != ends_.end() && now < found->second;
    }
    bool takes_refresh_token(const std::string& token) const {
        return alive_ && token == refresh_token_;
    }
    /// The refresh token to use from now on: another one where tokens rotate.
    const std::string& use_refresh_token() {
        if (rotating_) refresh_token_ = first_of_name() + std::to_string(++rotations_);
        return refresh_token_;
    }
    std::chrono::seconds life() const { return life_; }
    void expire_all() { ends_.clear(); }
    void revoke_refresh_token() { alive_ = false; }

private:
    std::string first_of_name() const { return prefix_ + "refresh."; }

    std::string prefix_;
    std::string refresh_token_;
    std::chrono::seconds life_;
    bool rotating_;
    bool alive_ = true;
    int issued_ = 0;
    int rotations_ = 0;
    std::map<std::string, Instant> ends_;
};

}  // namespace nudged::crmsim
