// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <limits>
#include <memory>
#include <stdexcept>

namespace nudged::crypto {
namespace {

constexpr std::size_t nonce_bytes = 12;  // what GCM is made for (NIST SP 800-38D §8.2)
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t ed25519_bytes = 32;  // of a seed and of a public key (RFC 8032 §5.1)
constexpr int least_rsa_bits = 2048;       // RFC 7518 §3.3

template <auto release>
struct Free {
    template <typename Type>
    void operator()(Type* object) const {
        release(object);
    }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Signing = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

const EVP_MD* algorithm(Digest kind) {
    switch (kind) {
    case Digest::md5: return EVP_md5();
    case Digest::sha1: return EVP_sha1();
    case Digest::sha256: break;
    }
    return EVP_sha256();
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

int length_of(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max() / 2))
        throw std::invalid_argument("too many bytes for one cryptographic operation");
    return static_cast<int>(text.size());
}

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(fmt::format("the system's OpenSSL cannot do {}", what));
}

/// An encrypted key finds no password here, instead of a question on the terminal.
int no_password(char*, int, int, void*) {
    return 0;
}

}  // namespace

std::string digest(Digest kind, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
    unsigned int size = 0;
    require(EVP_Digest(bytes.data(), bytes.size(), made.data(), &size, algorithm(kind), nullptr) ==
                1,
            "this digest");
    return {reinterpret_cast<const char*>(made.data()), size};
}

std::string hmac(Digest kind, std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
    unsigned int size = 0;
    require(HMAC(algorithm(kind), key.data(), length_of(key), bytes_of(bytes), bytes.size(),
                 made.data(), &size) != nullptr,
            "this HMAC");
    return {reinterpret_cast<const char*>(made.data()), size};
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    require(RAND_bytes(bytes_of(bytes), length_of(bytes)) == 1, "random numbers");
    return bytes;
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // one more for the NUL that it writes
    const int size = EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), length_of(bytes));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string base64url(std::string_view bytes) {
    auto text = base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const auto padding = text.size() - text.substr(0, text.find_last_not_of('=') + 1).size();
    std::string bytes(text.size() / 4 * 3, '\0');
    if (padding > 2 ||
        EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), length_of(text)) != length_of(bytes))
        return std::nullopt;
    bytes.resize(bytes.size() - padding);
    // OpenSSL forgives white space and stray bits, which would make two texts of one key.
    if (base64(bytes) != text) return std::nullopt;
    return bytes;
}

std::optional<std::string> sign_ed25519(std::string_view seed, std::string_view bytes) {
    const Key key{
        seed.size() == ed25519_bytes
            ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size())
            : nullptr};
    if (!key) return std::nullopt;
    const Signing signing{EVP_MD_CTX_new()};
    std::string signature(2 * ed25519_bytes, '\0');
    std::size_t size = signature.size();
    require(EVP_DigestSignInit(signing.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                EVP_DigestSign(signing.get(), bytes_of(signature), &size, bytes_of(bytes),
                               bytes.size()) == 1,
            "Ed25519 signatures");
    signature.resize(size);
    return signature;
}

std::optional<std::string> ed25519_public_key(std::string_view seed) {
    const Key key{
        seed.size() == ed25519_bytes
            ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size())
            : nullptr};
    if (!key) return std::nullopt;
    std::string bytes(ed25519_bytes, '\0');
    std::size_t size = bytes.size();
    require(EVP_PKEY_get_raw_public_key(key.get(), bytes_of(bytes), &size) == 1, "Ed25519 keys");
    return bytes;
}

std::optional<std::string> sign_rs256(std::string_view key_pem, std::string_view bytes) {
    const Memory memory{BIO_new_mem_buf(key_pem.data(), length_of(key_pem))};
    const Key key{PEM_read_bio_PrivateKey(memory.get(), nullptr, no_password, nullptr)};
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
        EVP_PKEY_get_bits(key.get()) < least_rsa_bits)
        return std::nullopt;
    const Signing signing{EVP_MD_CTX_new()};
    std::size_t size = 0;
    require(EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                EVP_DigestSign(signing.get(), nullptr, &size, bytes_of(bytes), bytes.size()) == 1,
            "RSA signatures");
    std::string signature(size, '\0');
    require(EVP_DigestSign(signing.get(), bytes_of(signature), &size, bytes_of(bytes),
                           bytes.size()) == 1,
            "RSA signatures");
    signature.resize(size);
    return signature;
}

std::string seal(std::string_view key, std::string_view plain, std::string_view bound) {
    if (key.size() != seal_key_bytes) throw std::invalid_argument("a seal's key has 32 bytes");
    const auto nonce = random_bytes(nonce_bytes);
    std::string made(plain.size(), '\0');
    std::string tag(tag_bytes, '\0');
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    int size = 0;
    int rest = 0;
    require(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                               bytes_of(std::string_view{nonce})) == 1 &&
                EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(bound),
                                  length_of(bound)) == 1 &&
                EVP_EncryptUpdate(cipher.get(), bytes_of(made), &size, bytes_of(plain),
                                  length_of(plain)) == 1 &&
                EVP_EncryptFinal_ex(cipher.get(), bytes_of(made) + size, &rest) == 1 &&
                EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()) == 1,
            "AES-256-GCM");
    return nonce + made + tag;
}

std::optional<std::string> open_seal(std::string_view key, std::string_view sealed,
                                     std::string_view bound) {
    if (key.size() != seal_key_bytes || sealed.size() < nonce_bytes + tag_bytes)
        return std::nullopt;
    const auto nonce = sealed.substr(0, nonce_bytes);
    const auto hidden = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
    std::string tag{sealed.substr(sealed.size() - tag_bytes)};
    std::string plain(hidden.size(), '\0');
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    int size = 0;
    int rest = 0;
    require(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                               bytes_of(nonce)) == 1 &&
                EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(bound),
                                  length_of(bound)) == 1 &&
                EVP_DecryptUpdate(cipher.get(), bytes_of(plain), &size, bytes_of(hidden),
                                  length_of(hidden)) == 1 &&
                EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1,
            "AES-256-GCM");
    if (EVP_DecryptFinal_ex(cipher.get(), bytes_of(plain) + size, &rest) != 1) return std::nullopt;
    return plain;
}

}  // namespace nudged::crypto
