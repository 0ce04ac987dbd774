// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/token_store.hpp"
#include "tests/connectors/sources/http/auth_bench.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto oauth = R"(
[auth.token]
post = "{settings.base_url}/token"
[auth.token.form]
grant_type    = "refresh_token"
client_id     = "{credential.client_id}"
client_secret = "{credential.client_secret}"
refresh_token = "{auth.refresh_token}"
)";

const std::map<std::string, std::string> credentials{
    {"client_id", "app"}, {"client_secret", "hush"}, {"refresh_token", "r0"}};

std::string sent_token(const Request& request) {
    return form_of(request.body)["refresh_token"];
}

}  // namespace

TEST_CASE("an access token is asked for once, by form, and used until it nears its end") {
    const TempFolder folder;
    RotatingCrm far;
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(oauth, far.crm.url(), credentials));
    CHECK(bench.pull(*source) == 1);
    CHECK(bench.pull(*source) == 1);
    REQUIRE(far.crm.token_requests() == 1);
    const auto request = far.crm.requests("/token").front();
    CHECK(request.header("content-type") == "application/x-www-form-urlencoded");
    CHECK(form_of(request.body) ==
          std::map<std::string, std::string>{{"grant_type", "refresh_token"},
                                             {"client_id", "app"},
                                             {"client_secret", "hush"},
                                             {"refresh_token", "r0"}});
    SECTION("five minutes before the end of its hour it is renewed, with the rotated token") {
        bench.now = bench.now.load() + 54min;
        bench.pull(*source);
        CHECK(far.crm.token_requests() == 1);
        bench.now = bench.now.load() + 1min;
        bench.pull(*source);
        REQUIRE(far.crm.token_requests() == 2);
        CHECK(sent_token(far.crm.requests("/token").back()) == "r1");
    }
    SECTION("the next start goes on with it") {
        const auto again = bench.source(bench.options(oauth, far.crm.url(), credentials));
        CHECK(bench.pull(*again) == 1);
        CHECK(far.crm.token_requests() == 1);
    }
    SECTION("the refresh token of before the rotation may stay in the configuration") {
        bench.now = bench.now.load() + 2h;
        const auto again = bench.source(bench.options(oauth, far.crm.url(), credentials));
        CHECK(bench.pull(*again) == 1);
        CHECK(sent_token(far.crm.requests("/token").back()) == "r1");
    }
    SECTION("another one in the configuration supersedes what is stored") {
        bench.now = bench.now.load() + 2h;
        auto changed = credentials;
        changed["refresh_token"] = "r7";
        const auto again = bench.source(bench.options(oauth, far.crm.url(), changed));
        bench.failure_of(*again);
        CHECK(sent_token(far.crm.requests("/token").back()) == "r7");
    }
}

TEST_CASE("a session that the CRM refuses early is replaced once, and the question put again") {
    const TempFolder folder;
    RotatingCrm far;
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(oauth, far.crm.url(), credentials));
    bench.pull(*source);
    far.crm.accept("Bearer something else");
    CHECK(bench.pull(*source) == 1);  // by way of a2, which the token server makes good
    CHECK(far.crm.token_requests() == 2);
}

TEST_CASE("a CRM that refuses each new session is not asked for more of them") {
    const TempFolder folder;
    RotatingCrm granting;
    TokenCrm refusing([](const Request&) {
        return Reply::json(R"({"access_token":"unloved","expires_in":3600})");
    });
    refusing.accept("Bearer nothing ever");
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(oauth, refusing.url(), credentials));
    const auto failure = bench.failure_of(*source);
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(refusing.token_requests() == 2);  // the first, and one forced
    bench.failure_of(*source);
    bench.failure_of(*source);
    CHECK(refusing.token_requests() == 2);
}

TEST_CASE("a dead refresh token needs a person, says how, and is left alone for an hour") {
    const TempFolder folder;
    RotatingCrm far;
    AuthBench bench(folder.file("tokens"));
    auto dead = credentials;
    dead["refresh_token"] = "revoked-s3cret";
    const auto source = bench.source(bench.options(oauth, far.crm.url(), dead));
    const auto failure = bench.failure_of(*source);
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(std::string{failure.what()} ==
          "the token server " + far.crm.url() +
              " answered 400 (invalid_grant): auth_dead; give the source a new credential");
    bench.failure_of(*source);
    const auto restarted = bench.source(bench.options(oauth, far.crm.url(), dead));
    bench.failure_of(*restarted);
    CHECK(far.crm.token_requests() == 1);
    CHECK(far.crm.requests("/tasks").empty());
    SECTION("after the hour it is tried once more") {
        bench.now = bench.now.load() + 61min;
        bench.failure_of(*source);
        CHECK(far.crm.token_requests() == 2);
    }
    SECTION("a new credential is tried at once") {
        const auto cured = bench.source(bench.options(oauth, far.crm.url(), credentials));
        CHECK(bench.pull(*cured) == 1);
    }
}

TEST_CASE("no secret stands in what a failure says") {
    const TempFolder folder;
    RotatingCrm far;
    AuthBench bench(folder.file("tokens"));
    auto dead = credentials;
    dead["refresh_token"] = "revoked-s3cret";
    const auto source = bench.source(bench.options(oauth, far.crm.url(), dead));
    const std::string what = bench.failure_of(*source).what();
    for (const auto* secret : {"s3cret", "hush", "revoked"}) {
        CAPTURE(secret);
        CHECK(what.find(secret) == std::string::npos);
    }
}

TEST_CASE("new tokens are on the disk before they are used") {
    const TempFolder folder;
    RotatingCrm far;
    struct Crash {};
    AuthBench bench(folder.file("tokens"));
    std::string die_at;
    bench.before_step = [&die_at](std::string_view step) {
        if (step == die_at) throw Crash{};
    };
    const auto crash = [&](const char* step) {
        die_at = step;
        const auto source = bench.source(bench.options(oauth, far.crm.url(), credentials));
        CHECK_THROWS_AS(bench.pull(*source), Crash);
        die_at.clear();
    };
    SECTION("a crash behind the store costs nothing") {
        crash("done");
        CHECK(far.crm.requests("/tasks").empty());
        const auto source = bench.source(bench.options(oauth, far.crm.url(), credentials));
        CHECK(bench.pull(*source) == 1);
        CHECK(far.crm.token_requests() == 1);
    }
    SECTION("a crash between answer and store loses the log-in, and says so") {
        crash("write");
        CHECK(far.crm.requests("/tasks").empty());
        const auto source = bench.source(bench.options(oauth, far.crm.url(), credentials));
        const auto failure = bench.failure_of(*source);
        CHECK(failure.kind() == FailureKind::needs_person);
        CHECK(far.crm.token_requests() == 2);
    }
}

TEST_CASE("tokens that the disk would not take are kept, and stored before they are used") {
    const TempFolder folder;
    RotatingCrm far;
    AuthBench bench(folder.file("tokens"));
    bool is_full = true;
    bench.before_step = [&is_full](std::string_view step) {
        if (is_full && step == "rename") throw Failure(FailureKind::transient, "no space");
    };
    const auto source = bench.source(bench.options(oauth, far.crm.url(), credentials));
    CHECK(bench.failure_of(*source).kind() == FailureKind::transient);
    CHECK(far.crm.requests("/tasks").empty());
    is_full = false;
    CHECK(bench.pull(*source) == 1);
    CHECK(far.crm.token_requests() == 1);
}

TEST_CASE("of two processes that refresh at once, one does, and the other takes its tokens") {
    const TempFolder folder;
    RotatingCrm far;
    std::size_t pulled[2] = {};
    const auto process = [&](std::size_t number) {
        AuthBench bench(folder.file("tokens"));
        const auto source = bench.source(bench.options(oauth, far.crm.url(), credentials));
        pulled[number] = bench.pull(*source);
    };
    std::thread one(process, 0);
    std::thread other(process, 1);
    one.join();
    other.join();
    CHECK(pulled[0] == 1);
    CHECK(pulled[1] == 1);
    CHECK(far.crm.token_requests() == 1);
}

TEST_CASE("answers of the token server are judged by its own table, 200s too") {
    struct Case {
        const char* name;
        Reply reply;
        FailureKind kind;
        std::size_t asked;  // two questions, each tried twice where that may help
    };
    constexpr auto own_errors = R"(
[[auth.error]]
status = [200, 400]
match = { at = "/error", in = ["Access Denied"] }
class = "throttle_short"
wait = "10m"
)";
    const auto c = GENERATE_COPY(values<Case>({
        {"200 with an error is a dead log-in", Reply::json(R"({"error":"invalid_code"})"),
         FailureKind::needs_person, 1},
        {"200 with an error in an object is one, too",
         Reply::json(R"({"error":{"code":200,"message":"Access denied"}})"),
         FailureKind::needs_person, 1},
        {"400 that means slow down", Reply::json(R"({"error":"Access Denied"})", 400),
         FailureKind::throttled, 1},
        {"200 that means slow down", Reply::json(R"({"error":"Access Denied"})"),
         FailureKind::throttled, 1},
        {"401 for the client", Reply::json(R"({"error":"invalid_client"})", 401),
         FailureKind::needs_person, 1},
        {"503 may pass", Reply::text("down", 503), FailureKind::transient, 4},
        {"a proxy's page may pass", Reply::text("<html>"), FailureKind::transient, 4},
    }));
    DYNAMIC_SECTION(c.name) {
        const TempFolder folder;
        TokenCrm crm([&c](const Request&) { return c.reply; });
        AuthBench bench(folder.file("tokens"));
        const auto source =
            bench.source(bench.options(std::string{oauth} + own_errors, crm.url(), credentials));
        CHECK(bench.failure_of(*source).kind() == c.kind);
        CHECK(bench.failure_of(*source).kind() == c.kind);
        CHECK(crm.token_requests() == c.asked);
        CHECK(crm.requests("/tasks").empty());
    }
}

TEST_CASE("while a token is still good, a token server that is down does no harm") {
    const TempFolder folder;
    bool is_down = false;
    TokenCrm crm([&is_down](const Request&) {
        if (is_down) return Reply::text("down", 503);
        return Reply::json(R"({"access_token":"a1","expires_in":3600})");
    });
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(oauth, crm.url(), credentials));
    bench.pull(*source);
    is_down = true;
    bench.now = bench.now.load() + 56min;
    CHECK(bench.pull(*source) == 1);
    CHECK(bench.pull(*source) == 1);
    CHECK(crm.token_requests() == 2);
    bench.now = bench.now.load() + 5min;
    CHECK(bench.failure_of(*source).kind() == FailureKind::transient);
}

TEST_CASE("what the token server says that it granted is kept, also while the session is used") {
    const TempFolder folder;
    AuthBench bench(folder.file("tokens"));
    std::string answer = R"({"access_token":"a1","scope":"deals:read users:read"})";
    TokenCrm crm([&](const Request&) { return Reply::json(answer); });
    crm.accept("Bearer a1");
    const auto options = bench.options(oauth, crm.url(), credentials);
    CHECK(bench.pull(*bench.source(options)) == 1);
    const sources::TokenStore store({folder.file("tokens")}, options.name);
    CHECK(store.read()->scope == "deals:read users:read");
    // RFC 6749 §6: a renewal need not repeat it.
    answer = R"({"access_token":"a1"})";
    bench.now = bench.now.load() + 2h;
    CHECK(bench.pull(*bench.source(options)) == 1);
    CHECK(store.read()->scope == "deals:read users:read");
    answer = R"({"access_token":"a1","scope":"deals:read"})";
    bench.now = bench.now.load() + 2h;
    CHECK(bench.pull(*bench.source(options)) == 1);
    CHECK(store.read()->scope == "deals:read");
}
