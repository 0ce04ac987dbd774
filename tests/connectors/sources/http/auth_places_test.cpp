// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth_exchange.hpp"
#include "tests/connectors/sources/http/auth_bench.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;

namespace {

std::string auth_to(const std::string& token_url) {
    return fmt::format(R"(
[auth.token]
post          = "{}/token"
form          = {{ grant_type = "client_credentials", client_id = "{{credential.client_id}}" }}
base_url      = "/instance_url"
allowed_hosts = [".crm.example", "api.example.com"]
)",
                       token_url);
}

}  // namespace

TEST_CASE("the base URL of a token answer must be one that the manifest allows") {
    sources::TokenStep step;
    step.allowed_hosts = {".crm.example", "api.example.com"};
    const std::string base = "https://login.crm.example/data/v66";
    const auto allowed = [&](const std::string& answered) {
        try {
            return sources::allowed_base_url(step, base, answered);
        } catch (const Failure& failure) {
            CHECK(failure.kind() == FailureKind::needs_person);
            return std::string{"refused"};
        }
    };
    CHECK(allowed("https://eu7.crm.example") == "https://eu7.crm.example/data/v66");
    CHECK(allowed("https://EU7.crm.example/") == "https://eu7.crm.example/data/v66");
    CHECK(allowed("https://api.example.com/own") == "https://api.example.com/own/data/v66");
    for (const auto* refused :
         {"https://evil.example", "https://crm.example.evil.example", "https://evilcrm.example",
          "http://eu7.crm.example", "https://eu7.crm.example:8443", "https://x.api.example.com",
          "https://user:pw@eu7.crm.example", "https://eu7.crm.example@evil.example",
          "http://127.0.0.1:80", "ftp://eu7.crm.example", "eu7.crm.example", ""}) {
        CAPTURE(refused);
        CHECK(allowed(refused) == "refused");
    }
}

TEST_CASE("requests go to the base URL that the token server names, newly with each renewal") {
    const TempFolder folder;
    TokenCrm first([](const Request&) { return Reply::text("", 404); });
    TokenCrm second([](const Request&) { return Reply::text("", 404); });
    std::string instance = first.url();
    TokenCrm login([&instance](const Request&) {
        return Reply::json(fmt::format(
            R"({{"access_token":"a1","expires_in":3600,"instance_url":"{}"}})", instance));
    });
    AuthBench bench(folder.file("tokens"));
    const auto source =
        bench.source(bench.options(auth_to(login.url()), login.url(), {{"client_id", "app"}}));
    bench.pull(*source);
    CHECK(first.requests("/tasks").size() == 1);
    instance = second.url();
    bench.now = bench.now.load() + std::chrono::hours{1};
    bench.pull(*source);
    CHECK(second.requests("/tasks").size() == 1);
    CHECK(login.requests("/tasks").empty());
}

TEST_CASE("a token server that leads elsewhere is told to the admin, and nothing is sent there") {
    const TempFolder folder;
    TokenCrm login([](const Request&) {
        return Reply::json(
            R"({"access_token":"a1","expires_in":3600,"instance_url":"https://evil.example"})");
    });
    AuthBench bench(folder.file("tokens"));
    const auto source =
        bench.source(bench.options(auth_to(login.url()), login.url(), {{"client_id", "app"}}));
    const auto failure = bench.failure_of(*source);
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(std::string{failure.what()}.find("https://evil.example, which is not among the "
                                           "manifest's allowed_hosts") != std::string::npos);
    CHECK(login.requests("/tasks").empty());
}

TEST_CASE("what cannot be in [auth] is told with its place and a remedy") {
    struct Case {
        const char* auth;
        const char* expected;
    };
    const auto c = GENERATE(values<Case>({
        {"[auth]\nkind = \"baerer\"\n", "unknown kind of authentication \"baerer\", did you mean "
                                        "\"bearer\"?"},
        {"[auth.headers]\nX = \"{auth.session}\"\n", "{auth.session} is not known here"},
        {"[auth.headers]\nX = \"{token}\"\n",
         "{token} is not known here, write {credential.NAME}, {auth.NAME} or {settings.NAME}"},
        {"[auth.token]\npost = \"nowhere\"\n", "\"post\" is no address"},
        {"[auth.token]\npost = \"/t\"\nform = { r = \"{credential.refresh_token}\" }\n",
         "write {auth.refresh_token}, which is always the newest"},
        {"[auth.token]\npost = \"/t\"\nbase_url = \"/api_domain\"\n",
         "nothing says to which hosts the answer may lead"},
        {"[auth.token]\npost = \"/t\"\nbase_url = \"/x\"\nallowed_hosts = [\".com\"]\n",
         "\".com\" allows too many hosts"},
        {"[auth.token]\nget = \"/t\"\nform = { a = \"b\" }\n", "a GET request has no body"},
        {"[auth.token]\npost = \"/t\"\nfrom = { a = \"b\" }\n",
         "unknown key \"from\", did you mean \"form\"?"},
    }));
    CAPTURE(c.auth);
    const TempFolder folder;
    const AuthBench bench(folder.file("tokens"));
    Diagnostics problems;
    sources::check_http(bench.options(c.auth, "https://api.example.com", {}), "", problems);
    INFO(problems.str());
    CHECK(problems.str().find(c.expected) != std::string::npos);
}
