// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/webhook/signature.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::channels::webhook {
namespace {

constexpr std::string_view hmac_prefix = "whsec_";
constexpr std::string_view private_prefix = "whsk_";
constexpr std::size_t seed_bytes = 32;

std::optional<SigningKey> parse_private_key(const std::string& bytes) {
    const auto seed = bytes.substr(0, seed_bytes);
    const auto public_key = crypto::ed25519_public_key(seed);
    if (!public_key) return std::nullopt;
    const bool is_alone = bytes.size() == seed_bytes;
    if (!is_alone && bytes.substr(seed_bytes) != *public_key) return std::nullopt;
    return SigningKey{SigningKey::Scheme::ed25519, Secret{seed}};
}

}  // namespace

std::optional<SigningKey> parse_key(std::string_view secret) {
    const bool is_hmac = secret.starts_with(hmac_prefix);
    if (!is_hmac && !secret.starts_with(private_prefix)) return std::nullopt;
    auto bytes =
        crypto::from_base64(secret.substr(is_hmac ? hmac_prefix.size() : private_prefix.size()));
    if (!bytes) return std::nullopt;
    if (!is_hmac) return parse_private_key(*bytes);
    if (bytes->size() < 24 || bytes->size() > 64) return std::nullopt;
    return SigningKey{SigningKey::Scheme::hmac_sha256, Secret{std::move(*bytes)}};
}

std::string sign(const SigningKey& key, std::string_view id, std::string_view timestamp,
                 std::string_view body) {
    const auto content = fmt::format("{}.{}.{}", id, timestamp, body);
    if (key.scheme == SigningKey::Scheme::hmac_sha256)
        return "v1," +
               crypto::base64(crypto::hmac(crypto::Digest::sha256, key.bytes.reveal(), content));
    return "v1a," + crypto::base64(crypto::sign_ed25519(key.bytes.reveal(), content).value());
}

std::string message_id(std::string_view key) {
    const bool is_plain =
        !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                   c == '_' || c == '-';
        });
    return "msg_" + (is_plain ? std::string{key} : fingerprint(key));
}

}  // namespace nudged::channels::webhook
