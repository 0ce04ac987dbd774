// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/token_store.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/sources/mapping/json.hpp"
#include "connectors/sources/token_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>

namespace nudged::sources {
namespace {

/// Stands before the seal, and is part of what it is bound to.
constexpr std::string_view magic = "nudged tokens 1\n";

std::string written(const StoredTokens& tokens) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> json{buffer};
    const auto text = [&](const char* name, const std::string& value) {
        json.Key(name);
        json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    const auto time = [&](const char* name, Instant value) {
        json.Key(name);
        json.Int64(to_millis(value));
    };
    json.StartObject();
    text("refresh_token", tokens.refresh_token);
    text("refresh_of", tokens.refresh_of);
    text("refresh_to", tokens.refresh_to);
    text("session_of", tokens.session_of);
    text("base_url", tokens.base_url);
    text("scope", tokens.scope);
    text("refused", tokens.refused);
    time("issued_at", tokens.issued_at);
    time("expires_at", tokens.expires_at);
    time("refused_at", tokens.refused_at);
    json.Key("values");
    json.StartObject();
    for (const auto& [name, value] : tokens.values) text(name.c_str(), value);
    json.EndObject();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

std::string member(const json::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    if (found == object.MemberEnd()) return {};
    return std::string{json::scalar(&found->value).value_or("")};
}

Instant time_member(const json::Value& object, const char* name) {
    const auto text = member(object, name);
    std::int64_t millis = 0;
    std::from_chars(text.data(), text.data() + text.size(), millis);
    return from_millis(millis);
}

std::optional<StoredTokens> parsed(std::string& plain) {
    const auto document = json::parse(plain);
    if (!document || !document->IsObject()) return std::nullopt;
    StoredTokens tokens;
    tokens.refresh_token = member(*document, "refresh_token");
    tokens.refresh_of = member(*document, "refresh_of");
    tokens.refresh_to = member(*document, "refresh_to");
    tokens.session_of = member(*document, "session_of");
    tokens.base_url = member(*document, "base_url");
    tokens.scope = member(*document, "scope");
    tokens.refused = member(*document, "refused");
    tokens.issued_at = time_member(*document, "issued_at");
    tokens.expires_at = time_member(*document, "expires_at");
    tokens.refused_at = time_member(*document, "refused_at");
    const auto values = document->FindMember("values");
    if (values != document->MemberEnd() && values->value.IsObject())
        for (const auto& value : values->value.GetObject())
            tokens.values[value.name.GetString()] = json::scalar(&value.value).value_or("");
    return tokens;
}

}  // namespace

TokenLock::~TokenLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

TokenStore::TokenStore(TokenFolder folder, std::string source)
    : folder_(std::move(folder)), source_(std::move(source)) {}

std::string TokenStore::path_of(std::string_view extension) const {
    return fmt::format("{}/{}{}", folder_.path, source_, extension);
}

void TokenStore::step(std::string_view name) const {
    if (folder_.before_step) folder_.before_step(name);
}

std::string TokenStore::bound() const {
    return fmt::format("{}{}", magic, source_);
}

void TokenStore::make_folder() const {
    make_private_folder(folder_.path);
}

std::string TokenStore::seal_key(bool make_one) const {
    if (!folder_.key.empty()) return crypto::digest(crypto::Digest::sha256, folder_.key.reveal());
    const auto path = fmt::format("{}/key", folder_.path);
    auto bytes = read_private_file(path);
    if (!bytes && make_one) {
        const auto fresh = fmt::format("{}.{}", path, ::getpid());
        write_private_file(fresh, crypto::hex(crypto::random_bytes(crypto::seal_key_bytes)));
        // Unlike a rename, a link leaves a key alone that another process has made meanwhile.
        const bool linked = ::link(fresh.c_str(), path.c_str()) == 0 || errno == EEXIST;
        const int error = errno;
        ::unlink(fresh.c_str());
        if (!linked) fail_on_file(path, "written", error);
        sync_folder(folder_.path);
        bytes = read_private_file(path);
    }
    if (!bytes)
        throw Failure(FailureKind::needs_person,
                      fmt::format("the key {} of the tokens in {} is missing; put it back, or "
                                  "remove the tokens and log in again",
                                  path, file()));
    return crypto::digest(crypto::Digest::sha256, *bytes);
}

std::optional<StoredTokens> TokenStore::read() const {
    if (folder_.path.empty()) return std::nullopt;
    const auto bytes = read_private_file(file());
    if (!bytes) return std::nullopt;
    std::optional<std::string> plain;
    if (bytes->starts_with(magic))
        plain = crypto::open_seal(seal_key(false), std::string_view{*bytes}.substr(magic.size()),
                                  bound());
    auto tokens = plain ? parsed(*plain) : std::nullopt;
    if (plain) ::explicit_bzero(plain->data(), plain->size());
    if (!tokens)
        throw Failure(
            FailureKind::needs_person,
            fmt::format("the tokens in {} cannot be decrypted: the key is another than they were "
                        "written under, or the file was changed; put the right one back, or remove "
                        "the file and run `nudged source login {}`",
                        file(), source_));
    return tokens;
}

void TokenStore::write(const StoredTokens& tokens) const {
    if (folder_.path.empty()) return;
    make_folder();
    auto plain = written(tokens);
    const auto sealed = fmt::format("{}{}", magic, crypto::seal(seal_key(true), plain, bound()));
    ::explicit_bzero(plain.data(), plain.size());
    const auto fresh = path_of(".tokens.new");
    step("write");
    write_private_file(fresh, sealed);
    step("rename");
    if (::rename(fresh.c_str(), file().c_str()) != 0) fail_on_file(file(), "written", errno);
    sync_folder(folder_.path);
    step("done");
}

std::optional<TokenLock> TokenStore::try_lock() const {
    if (folder_.path.empty()) return TokenLock{-1};
    make_folder();
    const auto path = path_of(".lock");
    constexpr mode_t owner_only = 0600;
    Descriptor lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, owner_only)};
    if (!lock.is_open()) fail_on_file(path, "opened", errno);
    give_to_owner_of_folder(lock.get(), path);
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return std::nullopt;
        if (errno != EINTR) fail_on_file(path, "locked", errno);
    }
    return TokenLock{lock.release()};
}

}  // namespace nudged::sources
