// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth_login.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/text.hpp"
#include "tests/connectors/sources/http/auth_bench.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;

namespace {

constexpr auto with_login = R"(
[auth.token]
post  = "{settings.base_url}/token"
basic = { user = "{credential.client_id}", password = "{credential.client_secret}" }
form  = { grant_type = "refresh_token", refresh_token = "{auth.refresh_token}" }
[auth.login]
authorize = "{settings.base_url}/authorize?brand=x"
scope     = "api offline"
query     = { prompt = "consent" }
redirect  = "http://localhost:8123/callback"
)";

const std::map<std::string, std::string> client{{"client_id", "app"}, {"client_secret", "hush"}};

/// An authorization server: takes one code, once, from whoever knows the verifier (RFC 7636 §4.6).
class AuthorizationServer {
public:
    AuthorizationServer() : crm([this](const Request& request) { return grant(request); }) {
        crm.accept("Bearer a1");
    }
    /// The browser's part: follows the address, consents, and is sent back to what this returns.
    std::string consent(const std::string& address) {
        std::map<std::string, std::string> query = form_of(address.substr(address.find('?') + 1));
        challenge_ = query["code_challenge"];
        redirect_ = query["redirect_uri"];
        return redirect_ + "?code=c%2F1&state=" + query["state"];
    }
    TokenCrm crm;

private:
    Reply grant(const Request& request) {
        auto form = form_of(request.body);
        const auto proof =
            crypto::base64url(crypto::digest(crypto::Digest::sha256, form["code_verifier"]));
        const bool is_good = form["grant_type"] == "authorization_code" && form["code"] == "c/1" &&
                             proof == challenge_ && form["redirect_uri"] == redirect_ &&
                             request.header("authorization") == "Basic YXBwOmh1c2g=";  // app:hush
        challenge_.clear();
        if (!is_good) return Reply::json(R"({"error":"invalid_grant"})", 400);
        return Reply::json(R"({"access_token":"a1","refresh_token":"r1","expires_in":3600})");
    }
    std::string challenge_;
    std::string redirect_;
};

}  // namespace

TEST_CASE("a person who logs in leaves tokens behind, which the source then uses") {
    const TempFolder folder;
    AuthorizationServer server;
    AuthBench bench(folder.file("tokens"));
    const auto options = bench.options(with_login, server.crm.url(), client);
    const auto source = bench.source(options);
    const auto before = bench.failure_of(*source);
    CHECK(before.kind() == FailureKind::needs_person);
    CHECK(std::string{before.what()} ==
          "there is no refresh token yet; run `nudged source login crm`");
    const auto context = bench.context();
    sources::Login login(options, context);
    const auto address = login.address();
    auto query = form_of(address.substr(address.find('?') + 1));
    CHECK(address.starts_with(server.crm.url() + "/authorize?brand=x&response_type=code&"));
    CHECK(query["client_id"] == "app");
    CHECK(query["scope"] == "api offline");
    CHECK(query["prompt"] == "consent");
    CHECK(query["redirect_uri"] == "http://localhost:8123/callback");
    CHECK(query["code_challenge_method"] == "S256");
    CHECK(query["code_challenge"].size() == 43);  // 32 bytes in base64 without padding
    CHECK(query["state"].size() == 43);
    CHECK(address.find("hush") == std::string::npos);
    const auto code = login.code_of(server.consent(address));
    REQUIRE(code == "c/1");
    bench.run(login.finish(*code));
    CHECK(bench.pull(*source) == 1);
    CHECK(server.crm.token_requests() == 1);
}

TEST_CASE("what the browser brings back must belong to this log-in") {
    const TempFolder folder;
    AuthBench bench(folder.file("tokens"));
    const auto context = bench.context();
    const sources::Login login(bench.options(with_login, "https://api.example.com", client),
                               context);
    const auto address = login.address();
    const auto state = form_of(address.substr(address.find('?') + 1))["state"];
    CHECK_FALSE(login.code_of("/callback?code=c1&state=another"));
    CHECK_FALSE(login.code_of("/callback?code=c1"));
    CHECK_FALSE(login.code_of("/callback?state=" + state));
    CHECK(login.code_of("/callback?code=c1&state=" + state) == "c1");
    CHECK(login.code_of_pasted("  http://localhost:8123/callback?code=c1&state=" + state +
                               "\r\n") == "c1");
    CHECK(login.code_of_pasted("4%2F0Adeu5B") == "4/0Adeu5B");
    CHECK_FALSE(login.code_of_pasted("http://localhost:8123/callback?code=c1&state=x"));
    CHECK_FALSE(login.code_of_pasted(""));
    try {
        login.code_of("/callback?error=access_denied&state=" + state);
        FAIL("it was declined");
    } catch (const Failure& failure) {
        CHECK(std::string{failure.what()} == "the log-in was declined: access_denied");
    }
}

TEST_CASE("a code that the token server refuses stores nothing") {
    const TempFolder folder;
    AuthorizationServer server;
    AuthBench bench(folder.file("tokens"));
    const auto context = bench.context();
    sources::Login login(bench.options(with_login, server.crm.url(), client), context);
    server.consent(login.address());
    CHECK_THROWS_AS(bench.run(login.finish("stolen")), sources::TokenRefused);
    CHECK_FALSE(std::filesystem::exists(login.file()));
}

TEST_CASE("a source without a log-in says so") {
    const TempFolder folder;
    AuthBench bench(folder.file("tokens"));
    const auto context = bench.context();
    const auto options =
        bench.options("[auth]\nkind = \"bearer\"\n", "https://api.example.com", {{"token", "t"}});
    try {
        const sources::Login login(options, context);
        FAIL("there is a log-in");
    } catch (const Failure& failure) {
        CHECK(failure.kind() == FailureKind::needs_person);
        CHECK(std::string{failure.what()}.starts_with("source crm: with these credentials nobody"));
    }
}
