// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged::tests {

/// A new key of 2048 bits, in PEM.
struct RsaKey {
    std::string private_pem;
    std::string public_pem;
};
RsaKey make_rsa_key();

/// A JSON Web Token of these claims, signed by RS256 (RFC 7519).
std::string signed_jwt(const RsaKey& key, std::string_view claims);

}  // namespace nudged::tests
