// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/token_store.hpp"

#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

using namespace nudged;
using namespace nudged::sources;
using tests::TempFolder;

namespace {

StoredTokens tokens() {
    StoredTokens made;
    made.refresh_token = "refresh-s3cret";
    made.refresh_of = "0a1b";
    made.session_of = "2c3d";
    made.values = {{"access_token", "access-s3cret"}, {"session", "line\nfeed \"quoted\""}};
    made.base_url = "https://eu7.example.com";
    made.scope = "deals:read users:read";
    made.issued_at = *parse_instant("2026-11-20T12:00:00Z");
    made.expires_at = *parse_instant("2026-11-20T13:00:00.5Z");
    return made;
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

Failure failure_of(const TokenStore& store) {
    try {
        store.read();
    } catch (const Failure& failure) {
        return failure;
    }
    throw std::runtime_error("nothing failed");
}

void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

}  // namespace

TEST_CASE("tokens come back as they were stored, and nobody else can read them") {
    const TempFolder folder;
    const auto path = folder.file("tokens");
    const TokenStore store({path}, "crm");
    CHECK_FALSE(store.read());
    store.write(tokens());
    const auto read = TokenStore({path}, "crm").read();
    REQUIRE(read);
    CHECK(read->refresh_token == "refresh-s3cret");
    CHECK(read->refresh_of == "0a1b");
    CHECK(read->session_of == "2c3d");
    CHECK(read->values == tokens().values);
    CHECK(read->base_url == "https://eu7.example.com");
    CHECK(read->scope == "deals:read users:read");
    CHECK(read->issued_at == tokens().issued_at);
    CHECK(read->expires_at == tokens().expires_at);
    CHECK(mode_of(path) == 0700);
    CHECK(mode_of(store.file()) == 0600);
    CHECK(mode_of(path + "/key") == 0600);
    CHECK(tests::read_file(store.file()).find("s3cret") == std::string::npos);
}

TEST_CASE("a file that others may read is not trusted") {
    const TempFolder folder;
    const TokenStore store({folder.file("tokens")}, "crm");
    store.write(tokens());
    ::chmod(store.file().c_str(), 0640);
    const auto failure = failure_of(store);
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(std::string{failure.what()} ==
          store.file() + " is open to others (mode 0640), who may have read it; run: chmod 600 " +
              store.file());
}

TEST_CASE(
    "changed bytes, another source's file, another key and a lost key are told apart from none") {
    const TempFolder folder;
    const auto path = folder.file("tokens");
    const TokenStore store({path}, "crm");
    store.write(tokens());
    SECTION("one byte was changed") {
        auto bytes = tests::read_file(store.file());
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        write_file(store.file(), bytes);
        const std::string what = failure_of(store).what();
        CHECK(what.find("cannot be decrypted") != what.npos);
        CHECK(what.find("nudged source login crm") != what.npos);
    }
    SECTION("the file was cut short") {
        write_file(store.file(), tests::read_file(store.file()).substr(0, 20));
        CHECK(failure_of(store).kind() == FailureKind::needs_person);
    }
    SECTION("it is another source's") {
        const TokenStore other({path}, "other");
        std::filesystem::copy(store.file(), other.file());
        CHECK(failure_of(other).kind() == FailureKind::needs_person);
    }
    SECTION("it was written under another key") {
        const TokenStore keyed({path, Secret{"a key of the service manager"}, {}}, "crm");
        CHECK(failure_of(keyed).kind() == FailureKind::needs_person);
        keyed.write(tokens());
        CHECK(keyed.read()->refresh_token == "refresh-s3cret");
    }
    SECTION("the key is gone") {
        std::filesystem::remove(path + "/key");
        const std::string what = failure_of(store).what();
        CHECK(what.find(path + "/key") != what.npos);
        CHECK(what.find("is missing") != what.npos);
    }
}

TEST_CASE("a write that is broken off leaves the tokens of before, or those of after") {
    const TempFolder folder;
    const auto path = folder.file("tokens");
    TokenStore({path}, "crm").write(tokens());
    struct Crash {};
    auto newer = tokens();
    newer.refresh_token = "newer";
    const auto survivor = [&](std::string_view end_at) {
        const auto end = [end_at](std::string_view step) {
            if (step == end_at) throw Crash{};
        };
        CHECK_THROWS_AS(TokenStore({path, {}, end}, "crm").write(newer), Crash);
        return TokenStore({path}, "crm").read()->refresh_token;
    };
    CHECK(survivor("write") == "refresh-s3cret");
    CHECK(survivor("rename") == "refresh-s3cret");
    CHECK(survivor("done") == "newer");
}

TEST_CASE("the lock has one holder") {
    const TempFolder folder;
    const TokenStore one({folder.file("tokens")}, "crm");
    const TokenStore same({folder.file("tokens")}, "crm");
    const TokenStore other({folder.file("tokens")}, "other");
    {
        const auto held = one.try_lock();
        REQUIRE(held);
        CHECK_FALSE(same.try_lock());
        CHECK(other.try_lock());
    }
    CHECK(same.try_lock());
}

TEST_CASE("a folder that cannot be written is the admin's affair, and named") {
    if (::geteuid() == 0) return;  // root may write anywhere
    const TempFolder folder;
    ::chmod(folder.path().c_str(), 0500);
    const TokenStore store({folder.file("tokens")}, "crm");
    try {
        store.write(tokens());
        FAIL("it was written");
    } catch (const Failure& failure) {
        CHECK(failure.kind() == FailureKind::needs_person);
        CHECK(std::string{failure.what()}.find(folder.file("tokens")) != std::string::npos);
    }
    ::chmod(folder.path().c_str(), 0700);
}
