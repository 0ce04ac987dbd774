// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/jwt.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/json.hpp"

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <vector>

namespace nudged::crmsim {
namespace {

template <auto free>
struct Free {
    template <typename T>
    void operator()(T* object) const {
        free(object);
    }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

/// Base 64 in its form for URLs, without padding (RFC 7515 §2).
std::optional<std::string> decode(std::string_view text) {
    std::string padded(text);
    for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
    const std::size_t padding = (4 - padded.size() % 4) % 4;
    padded.append(padding, '=');
    std::vector<unsigned char> bytes(padded.size() / 4 * 3);
    const int length =
        EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(padded.data()),
                        static_cast<int>(padded.size()));
    if (length < 0 || padding > 2) return std::nullopt;
    return std::string(bytes.begin(), bytes.begin() + length - static_cast<long>(padding));
}

bool is_signed(std::string_view text, std::string_view signature, std::string_view public_key) {
    const Bio pem(BIO_new_mem_buf(public_key.data(), static_cast<int>(public_key.size())));
    const Key key(PEM_read_bio_PUBKEY(pem.get(), nullptr, nullptr, nullptr));
    const Digest digest(EVP_MD_CTX_new());
    if (!key || EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1)
        return false;
    const auto bytes = [](std::string_view view) {
        return reinterpret_cast<const unsigned char*>(view.data());
    };
    return EVP_DigestVerify(digest.get(), bytes(signature), signature.size(), bytes(text),
                            text.size()) == 1;
}

std::optional<Instant> time_claim(const rapidjson::Value& claims, const char* name) {
    const auto found = claims.FindMember(name);
    if (found == claims.MemberEnd() || !found->value.IsInt64()) return std::nullopt;
    return Instant{std::chrono::seconds{found->value.GetInt64()}};
}

}  // namespace

std::optional<Claims> verify_jwt(std::string_view token, std::string_view public_key) {
    const auto parts = split(token, '.');
    if (parts.size() != 3 || public_key.empty()) return std::nullopt;
    const auto header = decode(parts[0]);
    const auto payload = decode(parts[1]);
    const auto signature = decode(parts[2]);
    if (!header || !payload || !signature) return std::nullopt;
    rapidjson::Document head;
    head.Parse(header->c_str());
    if (head.HasParseError() || loopback::text_member(head, "alg") != "RS256") return std::nullopt;
    const std::string_view content = token.substr(0, parts[0].size() + 1 + parts[1].size());
    if (!is_signed(content, *signature, public_key)) return std::nullopt;
    rapidjson::Document claims;
    claims.Parse(payload->c_str());
    if (claims.HasParseError() || !claims.IsObject()) return std::nullopt;
    const auto expires = time_claim(claims, "exp");
    if (!expires) return std::nullopt;
    return Claims{loopback::text_member(claims, "iss"),
                  loopback::text_member(claims, "sub"),
                  loopback::text_member(claims, "aud"),
                  loopback::text_member(claims, "scope"),
                  time_claim(claims, "iat"),
                  *expires};
}

}  // namespace nudged::crmsim
