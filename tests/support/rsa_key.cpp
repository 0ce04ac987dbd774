// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rsa_key.hpp"

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace nudged::tests {
namespace {

template <typename Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory{BIO_new(BIO_s_mem()), BIO_free_all};
    write(memory.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

/// Base 64 in its form for URLs, without padding (RFC 7515 §2).
std::string base64url(std::string_view bytes) {
    std::string text(bytes.size() * 2 + 4, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    while (text.ends_with('=')) text.pop_back();
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

}  // namespace

RsaKey make_rsa_key() {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_RSA_gen(2048), EVP_PKEY_free};
    return {.private_pem = pem([&](BIO* to) {
                PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            }),
            .public_pem = pem([&](BIO* to) { PEM_write_bio_PUBKEY(to, key.get()); })};
}

std::string signed_jwt(const RsaKey& key, std::string_view claims) {
    const std::string content = base64url(R"({"alg":"RS256"})") + "." + base64url(claims);
    const std::unique_ptr<BIO, decltype(&BIO_free)> pem{
        BIO_new_mem_buf(key.private_pem.data(), static_cast<int>(key.private_pem.size())),
        BIO_free};
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> signer{
        PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(),
                                                                         EVP_MD_CTX_free};
    EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, signer.get());
    std::string signature(256, '\0');
    std::size_t length = signature.size();
    EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                   reinterpret_cast<const unsigned char*>(content.data()), content.size());
    return content + "." + base64url(signature);
}

}  // namespace nudged::tests
