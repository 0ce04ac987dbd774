// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The little cryptography that we need, by OpenSSL. All texts are bytes. What cannot fail but for
/// a broken system throws std::runtime_error.
namespace nudged::crypto {

enum class Digest { md5, sha1, sha256 };

std::string digest(Digest kind, std::string_view bytes);
/// RFC 2104.
std::string hmac(Digest kind, std::string_view key, std::string_view bytes);
std::string random_bytes(std::size_t count);

std::string hex(std::string_view bytes);  // lower case
/// RFC 4648 §4, with padding.
std::string base64(std::string_view bytes);
/// RFC 4648 §5, without padding, as JOSE and PKCE want it.
std::string base64url(std::string_view bytes);

/// RFC 4648 §4, padded, and nothing else in it; nullopt for all other texts.
std::optional<std::string> from_base64(std::string_view text);

/// RFC 8032. nullopt when `seed` is not 32 bytes.
std::optional<std::string> sign_ed25519(std::string_view seed, std::string_view bytes);
std::optional<std::string> ed25519_public_key(std::string_view seed);

/// An RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 7518 §3.3). nullopt when `key_pem` is no RSA
/// private key of at least 2048 bits.
std::optional<std::string> sign_rs256(std::string_view key_pem, std::string_view bytes);

inline constexpr std::size_t seal_key_bytes = 32;

/// AES-256-GCM with a random nonce: nonce, ciphertext, tag. `bound` is not stored: whoever opens
/// the seal must know it, too. Throws std::invalid_argument for a key of another length.
std::string seal(std::string_view key, std::string_view plain, std::string_view bound);
/// nullopt when the key, `bound` or any byte is another than it was.
std::optional<std::string> open_seal(std::string_view key, std::string_view sealed,
                                     std::string_view bound);

}  // namespace nudged::crypto
