// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>

using namespace nudged;
using crypto::Digest;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key rsa_key(unsigned bits) {
    return {EVP_RSA_gen(bits), EVP_PKEY_free};
}

std::string pem_of(EVP_PKEY* key) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory{BIO_new(BIO_s_mem()), BIO_free_all};
    PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

bool verifies(EVP_PKEY* key, const std::string& bytes, const std::string& signature) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free};
    const auto* text = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* signed_by = reinterpret_cast<const unsigned char*>(signature.data());
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), signed_by, signature.size(), text, bytes.size()) == 1;
}

}  // namespace

TEST_CASE("digests are those of their standards") {
    // RFC 1321 §A.5, FIPS 180-2 appendices A.1 and B.1.
    CHECK(crypto::hex(crypto::digest(Digest::md5, "abc")) == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(crypto::hex(crypto::digest(Digest::sha1, "abc")) ==
          "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(crypto::hex(crypto::digest(Digest::sha256, "abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("an HMAC is the one of RFC 2202 and RFC 4231") {
    const std::string_view text = "what do ya want for nothing?";
    CHECK(crypto::hex(crypto::hmac(Digest::md5, "Jefe", text)) ==
          "750c783e6ab0b503eaa86e310a5db738");
    CHECK(crypto::hex(crypto::hmac(Digest::sha1, "Jefe", text)) ==
          "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    CHECK(crypto::hex(crypto::hmac(Digest::sha256, "Jefe", text)) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("base64 is RFC 4648's, and its URL form has other letters and no padding") {
    CHECK(crypto::base64("") == "");
    CHECK(crypto::base64("f") == "Zg==");
    CHECK(crypto::base64("foobar") == "Zm9vYmFy");
    CHECK(crypto::base64("\xfb\xff\xfe") == "+//+");
    CHECK(crypto::base64url("\xfb\xff\xfe") == "-__-");
    CHECK(crypto::base64url("f") == "Zg");
}

TEST_CASE("an RS256 signature verifies with the public key, and only for what was signed") {
    const auto key = rsa_key(2048);
    const auto signature = crypto::sign_rs256(pem_of(key.get()), "header.claims");
    REQUIRE(signature);
    CHECK(verifies(key.get(), "header.claims", *signature));
    CHECK_FALSE(verifies(key.get(), "header.other", *signature));
}

TEST_CASE("what is no RSA key, or a weak one, signs nothing") {
    CHECK_FALSE(crypto::sign_rs256("not a key", "x"));
    CHECK_FALSE(crypto::sign_rs256(pem_of(rsa_key(1024).get()), "x"));
    const Key elliptic{EVP_EC_gen("P-256"), EVP_PKEY_free};
    CHECK_FALSE(crypto::sign_rs256(pem_of(elliptic.get()), "x"));
}

TEST_CASE("a seal opens with its key and what it is bound to, and with nothing else") {
    const auto key = crypto::random_bytes(crypto::seal_key_bytes);
    const auto sealed = crypto::seal(key, "the token", "crm");
    CHECK(sealed.find("token") == std::string::npos);
    CHECK(crypto::open_seal(key, sealed, "crm") == "the token");
    CHECK_FALSE(crypto::open_seal(key, sealed, "another"));
    CHECK_FALSE(crypto::open_seal(crypto::random_bytes(32), sealed, "crm"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CAPTURE(i);
        CHECK_FALSE(crypto::open_seal(key, changed, "crm"));
    }
    CHECK_FALSE(crypto::open_seal(key, sealed.substr(0, 20), "crm"));
    CHECK(crypto::seal(key, "the token", "crm") != sealed);  // another nonce each time
    CHECK_THROWS_AS(crypto::seal("short", "x", ""), std::invalid_argument);
}
