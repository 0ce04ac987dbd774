// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Standard Webhooks 1.0.0 (delivery reference §5).
namespace nudged::channels::webhook {

struct SigningKey {
    enum class Scheme { hmac_sha256, ed25519 };  // "v1" and "v1a"
    Scheme scheme = Scheme::hmac_sha256;
    Secret bytes;  // the HMAC's key, or the seed of the private key
};

/// Reads `whsec_` and base64 of 24 to 64 bytes, or `whsk_` and base64 of an Ed25519 private key:
/// its seed, alone or with the public key behind it. nullopt for anything else.
std::optional<SigningKey> parse_key(std::string_view secret);

/// "v1,…" or "v1a,…" over `id.timestamp.body`.
std::string sign(const SigningKey& key, std::string_view id, std::string_view timestamp,
                 std::string_view body);

/// The key of the outbox as a `webhook-id`: the same for all tries, without a full stop.
std::string message_id(std::string_view key);

}  // namespace nudged::channels::webhook
