// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http.hpp"
#include "tests/daemon/cli/login_site.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using namespace nudged::tests;

namespace {

int status_of(const std::string& url) {
    boost::asio::io_context loop;
    net::HttpClient http(loop.get_executor());
    net::HttpRequest request;
    request.url = url;
    auto answer = boost::asio::co_spawn(loop, http.send(request), boost::asio::use_future);
    loop.run();
    return answer.get().status;
}

std::string parameter(const std::string& url, const std::string& name) {
    const auto begin = url.find(name + "=") + name.size() + 1;
    return url.substr(begin, url.find('&', begin) - begin);
}

/// "http%3A%2F%2F127.0.0.1%3A4711%2Fcallback" without its percents.
std::string without_percents(std::string text) {
    for (const auto& [code, plain] : {std::pair{"%3A", ":"}, std::pair{"%2F", "/"}})
        for (auto at = text.find(code); at != text.npos; at = text.find(code))
            text.replace(at, 3, plain);
    return text;
}

}  // namespace

TEST_CASE("a browser on this machine comes back to the command that waits for it") {
    const LoginSite site;
    Process command(site.login(), site.folder.file("output"));
    const auto address = "http" + command.await_line("http");
    CHECK(address.starts_with(site.server.url("/authorize?response_type=code&")));
    const auto redirect = without_percents(parameter(address, "redirect_uri"));
    REQUIRE(redirect.starts_with("http://127.0.0.1:"));
    CHECK(status_of(redirect + "?code=c1&state=forged") == 404);
    CHECK(status_of(redirect + "?code=c1&state=" + parameter(address, "state")) == 200);
    CHECK(command.wait() == 0);
    const auto file = site.folder.file("state/tokens/crm.tokens");
    CHECK(std::filesystem::exists(file));
    const auto output = command.output();
    CHECK(output.find("source crm is logged in") != output.npos);
    for (const auto* secret : {"hush-secret", "s3cret", "a1\""}) {
        CAPTURE(secret);
        CHECK(output.find(secret) == output.npos);
    }
}

TEST_CASE("without a browser the code is pasted") {
    const LoginSite site;
    const auto done = site.paste();
    INFO(done.output);
    REQUIRE(done.status == 0);
    CHECK(std::filesystem::exists(site.folder.file("state/tokens/crm.tokens")));
    const auto sent = site.server.requests().back();
    CHECK(sent.path == "/token");
    CHECK(sent.body.find("grant_type=authorization_code&code=c1&") != sent.body.npos);
    CHECK(sent.body.find("code_verifier=") != sent.body.npos);
    CHECK(sent.body.find("refresh_token") == sent.body.npos);
}

TEST_CASE("a browser that is sent elsewhere is told of --paste") {
    const LoginSite site;
    const auto done = run_program(site.login({"--redirect", "https://example.com/callback"}));
    CHECK(done.status != 0);
    CHECK(
        done.output.find("https://example.com/callback, where nudged cannot listen; use --paste") !=
        done.output.npos);
}
