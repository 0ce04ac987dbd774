// SPDX-License-Identifier: Apache-2.0
#include "tests/contracts/channel_contract.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

namespace nudged::tests {
namespace {

namespace asio = boost::asio;

// A channel's send() only refers to its arguments.
const std::string empty_payload = "{}";
const std::string key = "key";

std::string path() {
    return std::string{"/services/T0/B0/"} + url_secret;
}

struct FarEnd {
    explicit FarEnd(const MakeChannel& make, Reply reply)
        : server([reply](const Request&) { return reply; }),
          channel(make(server.url(path()), http)) {}

    channels::SendOutcome send(const std::string& payload) {
        auto sent = asio::co_spawn(loop, channel->send(payload, key), asio::use_future);
        loop.restart();
        while (sent.wait_for(std::chrono::seconds{0}) != std::future_status::ready) loop.run_one();
        return sent.get();
    }

    asio::io_context loop;
    net::HttpClient http{loop.get_executor()};
    HttpServer server;
    std::unique_ptr<channels::Channel> channel;
};

void check_reason(const channels::SendOutcome& sent) {
    CAPTURE(sent.reason);
    CHECK(sent.reason.size() <= 512);
    CHECK(sent.reason.find(url_secret) == std::string::npos);
    CHECK(sent.reason.find("/services/") == std::string::npos);
    CHECK(sent.reason.empty() == (sent.outcome == channels::Outcome::delivered));
}

}  // namespace

void check_replies(const MakeChannel& make, const std::vector<ReplyRow>& rows,
                   const std::string& payload) {
    for (const auto& row : rows) {
        DYNAMIC_SECTION(row.name) {
            FarEnd far_end(make, row.reply);
            const auto sent = far_end.send(payload);
            CAPTURE(sent.reason);
            CHECK(to_string(sent.outcome) == to_string(row.outcome));
            CHECK(sent.status == row.status);
            CHECK(sent.retry_after == row.retry_after);
            check_reason(sent);
            CHECK(far_end.server.requests().size() == 1);
        }
    }
}

void check_unreachable(const MakeChannel& make) {
    asio::io_context loop;
    net::HttpClient http{loop.get_executor()};
    // A port that was free a moment ago and that nobody listens on.
    asio::ip::tcp::acceptor held(loop, {asio::ip::address_v4::loopback(), 0});
    const auto port = held.local_endpoint().port();
    held.close();
    const auto channel = make("http://127.0.0.1:" + std::to_string(port) + path(), http);
    auto send = asio::co_spawn(loop, channel->send(empty_payload, key), asio::use_future);
    while (send.wait_for(std::chrono::seconds{0}) != std::future_status::ready) loop.run_one();
    const auto sent = send.get();
    CHECK(to_string(sent.outcome) == "transient");
    CHECK(sent.status == 0);
    check_reason(sent);
}

void check_cancellation(const MakeChannel& make) {
    FarEnd far_end(make, Reply::nothing(Reply::Ending::hang));
    asio::cancellation_signal stop;
    std::exception_ptr thrown;
    bool ended = false;
    asio::co_spawn(far_end.loop, far_end.channel->send(empty_payload, key),
                   asio::bind_cancellation_slot(
                       stop.slot(), [&](std::exception_ptr what, const channels::SendOutcome&) {
                           thrown = what;
                           ended = true;
                       }));
    while (far_end.server.requests().empty())
        far_end.loop.run_one_for(std::chrono::milliseconds{5});
    stop.emit(asio::cancellation_type::terminal);
    while (!ended) far_end.loop.run_one();
    CHECK(thrown != nullptr);
}

void check_bytes(const MakeChannel& make, const Reply& success) {
    FarEnd far_end(make, success);
    const std::string payload = R"({"text":"ünïcode & <tags> \u0000"})";
    const auto outcome = far_end.send(payload).outcome;
    const bool arrived =
        outcome == channels::Outcome::delivered || outcome == channels::Outcome::accepted;
    CHECK(arrived);
    const auto requests = far_end.server.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].method == "POST");
    CHECK(requests[0].target.starts_with(path()));
    CHECK(requests[0].body == payload);
    CHECK(requests[0].header("content-type") == "application/json; charset=utf-8");
    CHECK(requests[0].header("content-length") == std::to_string(payload.size()));
    CHECK(requests[0].header("expect") == "");
    CHECK(requests[0].header("user-agent").starts_with("nudged/"));
}

void check_target(const MakeChannel& make, const Reply& success, const std::string& ending,
                  const std::string& payload) {
    FarEnd far_end(make, success);
    far_end.send(payload);
    const auto requests = far_end.server.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].target.ends_with(ending));
}

}  // namespace nudged::tests
