// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth.hpp"
#include "connectors/sources/token_store.hpp"
#include "tests/connectors/sources/http/auth_bench.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

/// What becomes of refresh tokens, and of sessions that are still good, when a renewal goes wrong.
using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto one_step = R"(
[auth.token]
post = "{settings.base_url}/token"
form = { grant_type = "refresh_token", refresh_token = "{auth.refresh_token}" }
)";

/// So that a refresh token need not be configured.
constexpr auto with_login = R"(
[auth.login]
authorize = "https://login.example.com/authorize"
client_id = "app"
redirect  = "http://127.0.0.1/callback"
)";

constexpr auto two_steps = R"(
[[auth.token]]
post          = "/refresh"
form          = { refresh_token = "{auth.refresh_token}" }
values        = { code = "/code" }
refresh_token = "/refresh_token"
[[auth.token]]
post = "/token"
form = { code = "{auth.code}" }
)";

const std::map<std::string, std::string> credentials{{"refresh_token", "r0"}};
const Reply session_a1 = Reply::json(R"({"access_token":"a1","expires_in":3600})");

/// Takes only the newest refresh token, and rotates it, at "/refresh"; "/token" is the second step.
class TwoStepCrm {
public:
    explicit TwoStepCrm(Reply second) : second_(std::move(second)) {}
    std::atomic<bool> is_well{false};

    std::string last_sent() const {
        return form_of(crm.requests("/refresh").back().body)["refresh_token"];
    }

private:
    Reply answer(const Request& request) {
        if (request.path == "/token") return is_well ? session_a1 : second_;
        if (form_of(request.body)["refresh_token"] != fmt::format("r{}", granted_))
            return Reply::json(R"({"error":"invalid_grant"})", 400);
        ++granted_;
        return Reply::json(fmt::format(R"({{"code":"c","refresh_token":"r{}"}})", granted_));
    }

    Reply second_;
    int granted_ = 0;

public:
    TokenCrm crm{
        [this](const Request& request) { return answer(request); }};  // its thread uses all
};

}  // namespace

TEST_CASE("a refresh token of the first step is kept when the second one fails") {
    struct Case {
        const char* name;
        Reply second;
        FailureKind kind;
        const char* newest;  // a question that may be put again is put twice
    };
    const auto c = GENERATE(values<Case>({
        {"down", Reply::text("down", 503), FailureKind::transient, "r2"},
        {"refused", Reply::json(R"({"error":"invalid_client"})", 400), FailureKind::needs_person,
         "r1"},
        {"without a session", Reply::json("{}"), FailureKind::transient, "r2"},
    }));
    DYNAMIC_SECTION(c.name) {
        const TempFolder folder;
        TwoStepCrm far{c.second};
        AuthBench bench(folder.file("tokens"));
        const auto options = bench.options(two_steps, far.crm.url(), credentials);
        const auto source = bench.source(options);
        CHECK(bench.failure_of(*source).kind() == c.kind);
        far.is_well = true;
        bench.now = bench.now.load() + 61min;
        const auto restarted = bench.source(options);
        CHECK(bench.pull(*restarted) == 1);
        CHECK(far.last_sent() == c.newest);
    }
}

TEST_CASE("a refresh token is kept when its answer lacks the session that belongs to it") {
    const TempFolder folder;
    bool is_whole = false;
    TokenCrm crm([&is_whole](const Request& request) {
        const auto sent = form_of(request.body)["refresh_token"];
        if (is_whole && sent == "r1") return session_a1;
        return sent == "r1" ? Reply::json("{}") : Reply::json(R"({"refresh_token":"r1"})");
    });
    AuthBench bench(folder.file("tokens"));
    const auto options = bench.options(one_step, crm.url(), credentials);
    const auto source = bench.source(options);
    const auto failure = bench.failure_of(*source);
    CHECK(failure.kind() == FailureKind::transient);
    CHECK(std::string{failure.what()} == "the token server " + crm.url() +
                                             " answered 200 without the \"access_token\" that the "
                                             "manifest expects");
    is_whole = true;
    const auto restarted = bench.source(options);
    CHECK(bench.pull(*restarted) == 1);
}

TEST_CASE("a late answer to an older session says nothing against the newer one") {
    const TempFolder folder;
    RotatingCrm far;
    AuthBench bench(folder.file("tokens"));
    const auto context = bench.context();
    const auto options = bench.options(one_step, far.crm.url(), credentials);
    sources::Credentials secrets;
    secrets["refresh_token"] = Secret{"r0"};
    sources::Authenticator authenticator{
        std::make_shared<const sources::Manifest>(sources::read_manifest(options, "")), "crm",
        std::move(secrets), context};
    const auto older = bench.run(authenticator.session());
    const auto newer = bench.run(authenticator.renew(older));
    authenticator.accepted(*newer);
    authenticator.accepted(*older);  // its request had been under way
    CHECK(bench.run(authenticator.renew(newer))->values.at("access_token") == "a3");
}

TEST_CASE("whoever waits for another process's renewal can be cancelled, having spent nothing") {
    const TempFolder folder;
    RotatingCrm far;
    AuthBench bench(folder.file("tokens"));
    const auto context = bench.context();
    const auto options = bench.options(one_step, far.crm.url(), credentials);
    sources::Credentials secrets;
    secrets["refresh_token"] = Secret{"r0"};
    sources::Authenticator authenticator{
        std::make_shared<const sources::Manifest>(sources::read_manifest(options, "")), "crm",
        std::move(secrets), context};
    const sources::TokenStore store(context.tokens, "crm");
    auto others = store.try_lock();
    REQUIRE(others);
    const auto cancelled = [&]() -> boost::asio::awaitable<bool> {
        namespace asio = boost::asio;
        const auto loop = co_await asio::this_coro::executor;
        asio::cancellation_signal stop;
        // It stands in the queue behind the first look at the lock.
        asio::post(loop, [&stop] { stop.emit(asio::cancellation_type::terminal); });
        auto work = authenticator.session();
        try {
            co_await asio::co_spawn(loop, std::move(work),
                                    asio::bind_cancellation_slot(stop.slot(), asio::use_awaitable));
        } catch (const boost::system::system_error& error) {
            co_return error.code() == asio::error::operation_aborted;
        }
        co_return false;
    };
    CHECK(bench.run(cancelled()));
    CHECK(far.crm.token_requests() == 0);
    others.reset();
    CHECK(bench.run(authenticator.session())->values.at("access_token") == "a1");
}

TEST_CASE("a stored refresh token goes to no other place than the one it came from") {
    const TempFolder folder;
    RotatingCrm own;
    TokenCrm other([](const Request&) { return session_a1; });
    const auto auth = std::string{one_step} + with_login;
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(auth, own.crm.url(), credentials));
    CHECK(bench.pull(*source) == 1);
    bench.now = bench.now.load() + 2h;
    SECTION("to its own it does, whatever the configuration has no more") {
        const auto again = bench.source(bench.options(auth, own.crm.url(), {}));
        CHECK(bench.pull(*again) == 1);
        CHECK(form_of(own.crm.requests("/token").back().body)["refresh_token"] == "r1");
    }
    SECTION("with none of its own, the other place gets none") {
        const auto moved = bench.source(bench.options(auth, other.url(), {}));
        const auto failure = bench.failure_of(*moved);
        CHECK(failure.kind() == FailureKind::needs_person);
        CHECK(std::string{failure.what()} ==
              "there is no refresh token yet; run `nudged source login crm`");
        CHECK(other.token_requests() == 0);
    }
    SECTION("the configured one is sent there") {
        const auto moved = bench.source(bench.options(auth, other.url(), credentials));
        CHECK(bench.pull(*moved) == 1);
        CHECK(form_of(other.requests("/token").back().body)["refresh_token"] == "r0");
    }
    SECTION("another way to authenticate has no use for it either") {
        const auto manifest = std::string{"[auth]\nname = \"other\"\n"} + auth;
        const auto changed = bench.source(bench.options(manifest, own.crm.url(), {}));
        CHECK(bench.failure_of(*changed).kind() == FailureKind::needs_person);
        CHECK(own.crm.token_requests() == 1);
    }
}

TEST_CASE("a stored session is not sent to another base URL") {
    const TempFolder folder;
    TokenCrm login([](const Request&) { return session_a1; });
    TokenCrm first([](const Request&) { return Reply::text("", 404); });
    TokenCrm second([](const Request&) { return Reply::text("", 404); });
    AuthBench bench(folder.file("tokens"));
    const auto auth = fmt::format("[auth.token]\npost = \"{}/token\"\nform = {{ grant_type = "
                                  "\"client_credentials\" }}\n",
                                  login.url());
    const auto source = bench.source(bench.options(auth, first.url(), {}));
    CHECK(bench.pull(*source) == 1);
    const auto same = bench.source(bench.options(auth, first.url(), {}));
    CHECK(bench.pull(*same) == 1);
    CHECK(login.token_requests() == 1);
    const auto moved = bench.source(bench.options(auth, second.url(), {}));
    CHECK(bench.pull(*moved) == 1);
    CHECK(login.token_requests() == 2);
}

TEST_CASE("a session whose early renewal is refused is used to its end, and then it is told") {
    const TempFolder folder;
    bool is_dead = false;
    TokenCrm crm([&is_dead](const Request&) {
        return is_dead ? Reply::json(R"({"error":"invalid_grant"})", 400) : session_a1;
    });
    AuthBench bench(folder.file("tokens"));
    const auto options = bench.options(one_step, crm.url(), credentials);
    const auto source = bench.source(options);
    const auto begin = bench.now.load();
    CHECK(bench.pull(*source) == 1);
    is_dead = true;
    bench.now = begin + 56min;
    SECTION("by the process that was refused") {
        CHECK(bench.pull(*source) == 1);
        bench.now = begin + 59min;
        CHECK(bench.pull(*source) == 1);
    }
    SECTION("by one that starts then") {
        const auto restarted = bench.source(options);
        CHECK(bench.pull(*restarted) == 1);
        const auto another = bench.source(options);
        CHECK(bench.pull(*another) == 1);
        CHECK(bench.pull(*another) == 1);
    }
    CHECK(crm.token_requests() == 2);
    bench.now = begin + 60min;
    CHECK(bench.failure_of(*source).kind() == FailureKind::needs_person);
    CHECK(crm.token_requests() == 2);
    bench.now = begin + 56min + 1h;
    bench.failure_of(*source);
    CHECK(crm.token_requests() == 3);
}

TEST_CASE("a token server that is told to be left alone does no harm while a session is good") {
    const TempFolder folder;
    bool is_busy = false;
    TokenCrm crm([&is_busy](const Request&) {
        return is_busy ? Reply::text("slow down", 429) : session_a1;
    });
    AuthBench bench(folder.file("tokens"));
    const auto source = bench.source(bench.options(one_step, crm.url(), credentials));
    bench.pull(*source);
    is_busy = true;
    bench.now = bench.now.load() + 56min;
    CHECK(bench.pull(*source) == 1);
    bench.now = bench.now.load() + 45s;  // the next early renewal is due, the minute not over
    CHECK(bench.pull(*source) == 1);
    CHECK(crm.token_requests() == 2);
}
