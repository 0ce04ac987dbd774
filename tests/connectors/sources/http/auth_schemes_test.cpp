// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"
#include "tests/connectors/sources/http/auth_bench.hpp"
#include "tests/support/rsa_key.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

Reply nobody(const Request&) {
    return Reply::text("", 404);
}

/// What the CRM is sent by a source with this [auth].
Request sent(const std::string& auth, const std::map<std::string, std::string>& credentials) {
    const TempFolder folder;
    TokenCrm crm(nobody);
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(auth, crm.url(), credentials));
    bench.pull(*source);
    return crm.requests("/tasks").front();
}

}  // namespace

TEST_CASE("static credentials go as the manifest says") {
    SECTION("as a bearer token") {
        CHECK(sent("[auth]\nkind = \"bearer\"\n", {{"token", "t"}}).header("authorization") ==
              "Bearer t");
    }
    SECTION("as a user without a password") {
        const auto auth = "[auth]\nkind = \"basic\"\nuser = \"{credential.api_key}\"\n";
        // base64 of "api_x:"
        CHECK(sent(auth, {{"api_key", "api_x"}}).header("authorization") == "Basic YXBpX3g6");
    }
    SECTION("as several headers") {
        const auto request = sent(R"([auth.headers]
X-AccessToken = "{credential.token}"
X-UserEmail   = "{credential.email}"
X-Application = "developer_api"
)",
                                  {{"token", "t"}, {"email", "ana@example.com"}});
        CHECK(request.header("x-accesstoken") == "t");
        CHECK(request.header("x-useremail") == "ana@example.com");
        CHECK(request.header("x-application") == "developer_api");
    }
}

TEST_CASE("of several ways to authenticate, the credentials decide") {
    constexpr auto ways = R"([[auth]]
name = "key"
[auth.headers]
X-Key = "{credential.api_key}"
[[auth]]
name = "user"
kind = "basic"
user = "{credential.user}"
password = "{credential.password as md5}"
)";
    CHECK(sent(ways, {{"api_key", "k"}}).header("x-key") == "k");
    // base64 of "ana:" and the MD5 of "abc" (RFC 1321 §A.5)
    CHECK(sent(ways, {{"user", "ana"}, {"password", "abc"}}).header("authorization") ==
          "Basic YW5hOjkwMDE1MDk4M2NkMjRmYjBkNjk2M2Y3ZDI4ZTE3Zjcy");
}

TEST_CASE("client credentials need no refresh token, and the client may authenticate by Basic") {
    const TempFolder folder;
    TokenCrm crm(
        [](const Request&) { return Reply::json(R"({"access_token":"a1","expires_in":"3599"})"); });
    crm.accept("Bearer a1");
    AuthBench bench(folder.file("tokens"));
    const auto source =
        bench.source(bench.options(R"(
[auth.token]
post  = "{settings.base_url}/token"
basic = { user = "{credential.client_id}", password = "{credential.client_secret}" }
form  = { grant_type = "client_credentials", scope = "https://x.example.com/.default" }
)",
                                   crm.url(), {{"client_id", "app"}, {"client_secret", "s"}}));
    CHECK(bench.pull(*source) == 1);
    const auto request = crm.requests("/token").front();
    CHECK(request.header("authorization") == "Basic YXBwOnM=");  // app:s
    CHECK(form_of(request.body) ==
          std::map<std::string, std::string>{{"grant_type", "client_credentials"},
                                             {"scope", "https://x.example.com/.default"}});
}

TEST_CASE("a log-in may hold JSON in a field of its form, and a password that was hashed") {
    const TempFolder folder;
    TokenCrm crm([](const Request&) { return Reply::json(R"({"id":"s-1"})"); });
    AuthBench bench(folder.file("tokens"));
    const auto source =
        bench.source(bench.options(R"(
[auth.headers]
X-Session = "{auth.session}"
[auth.token]
post = "{settings.base_url}/token"
form = { method = "login", rest_data = { user_auth = { user_name = "{credential.user}", password = "{credential.password as md5}" }, version = 1 } }
values = { session = "/id" }
)",
                                   crm.url(), {{"user", "an\"a"}, {"password", "abc"}}));
    bench.pull(*source);
    CHECK(crm.requests("/tasks").front().header("x-session") == "s-1");
    // The MD5 of "abc" (RFC 1321 §A.5).
    CHECK(form_of(crm.requests("/token").front().body) ==
          std::map<std::string, std::string>{
              {"method", "login"},
              {"rest_data", R"({"user_auth":{"password":"900150983cd24fb0d6963f7d28e17f72",)"
                            R"("user_name":"an\"a"},"version":1})"}});
}

TEST_CASE("a JWT bearer grant is signed, and lives as long as the manifest says") {
    const TempFolder folder;
    TokenCrm crm([](const Request&) { return Reply::json(R"({"access_token":"a1"})"); });
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(
        R"(
[auth.assertion]
key    = "private_key"
claims = { iss = "{credential.client_id}", sub = "{credential.user}", aud = "https://login.example.com" }
[auth.token]
post     = "{settings.base_url}/token"
form     = { grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion = "{auth.assertion}" }
lifetime = "15m"
)",
        crm.url(),
        {{"client_id", "app"}, {"user", "ana"}, {"private_key", make_rsa_key().private_pem}}));
    bench.pull(*source);
    const auto jwt = form_of(crm.requests("/token").front().body)["assertion"];
    // 2026-11-20T12:00:00Z is 1795176000 s; three minutes later is 1795176180 s.
    CHECK(jwt.substr(0, jwt.find('.')) == crypto::base64url(R"({"alg":"RS256","typ":"JWT"})"));
    CHECK(jwt.substr(jwt.find('.') + 1, jwt.rfind('.') - jwt.find('.') - 1) ==
          crypto::base64url(R"({"aud":"https://login.example.com","iss":"app","sub":"ana",)"
                            R"("iat":1795176000,"exp":1795176180})"));
    CHECK(jwt.size() - jwt.rfind('.') == 1 + 342);  // 256 bytes of a signature
    bench.now = bench.now.load() + 11min;
    bench.pull(*source);
    CHECK(crm.token_requests() == 1);
    bench.now = bench.now.load() + 1min;  // four fifths of 15 minutes
    bench.pull(*source);
    CHECK(crm.token_requests() == 2);
}

TEST_CASE("a key that cannot sign needs a person, and no request is made") {
    const TempFolder folder;
    TokenCrm crm(nobody);
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(R"(
[auth.assertion]
key = "private_key"
[auth.token]
post = "{settings.base_url}/token"
form = { assertion = "{auth.assertion}" }
)",
                                                   crm.url(), {{"private_key", "no key"}}));
    const auto failure = bench.failure_of(*source);
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(std::string{failure.what()}.find("\"private_key\" is no RSA private key") !=
          std::string::npos);
    CHECK(crm.token_requests() == 0);
}

TEST_CASE("a log-in of two steps answers a challenge, and its session goes as a cookie") {
    const TempFolder folder;
    TokenCrm crm([](const Request& request) {
        if (request.path == "/challenge") return Reply::json(R"({"result":{"token":"5d1c"}})");
        auto reply = Reply::json(R"({"result":{"sessionName":"s-77"}})");
        reply.headers.emplace_back("Set-Cookie", "other=1; Path=/");
        reply.headers.emplace_back("Set-Cookie", "JSESSION=j-5; Path=/; HttpOnly");
        return reply;
    });
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(R"([auth.headers]
Cookie = "JSESSION={auth.cookie}; name={auth.session}"
[[auth.token]]
get    = "{settings.base_url}/challenge"
query  = { username = "{credential.user}" }
values = { challenge = "/result/token" }
[[auth.token]]
post     = "/token"
derived  = { proof = { of = "{auth.challenge}{credential.key}", as = "md5" } }
form     = { username = "{credential.user}", accessKey = "{auth.proof}" }
values   = { session = "/result/sessionName", cookie = { cookie = "JSESSION" } }
lifetime = "5m"
)",
                                                   crm.url(), {{"user", "ana"}, {"key", "k3y"}}));
    CHECK(bench.pull(*source) == 1);
    CHECK(crm.requests("/challenge").front().query.at("username") == "ana");
    auto form = form_of(crm.requests("/token").front().body);
    CHECK(form["accessKey"] == crypto::hex(crypto::digest(crypto::Digest::md5, "5d1ck3y")));
    CHECK(crm.requests("/tasks").front().header("cookie") == "JSESSION=j-5; name=s-77");
}
