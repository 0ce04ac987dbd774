// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nudged::crmsim {

struct Claims {
    std::string issuer;
    std::string subject;
    std::string audience;
    std::string scope;
    std::optional<Instant> issued;
    Instant expires;
};

/// The claims of an RS256 token whose signature fits the public key (PEM); nullopt for any other.
std::optional<Claims> verify_jwt(std::string_view token, std::string_view public_key);

}  // namespace nudged::crmsim
