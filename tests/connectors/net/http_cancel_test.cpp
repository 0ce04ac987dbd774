// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/net/client.hpp"
#include "tests/connectors/net/hanging_lookup.hpp"
#include "tests/support/http_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using net::HttpRequest;

namespace {

/// A transfer that another thread can cancel.
class Cancellable {
public:
    explicit Cancellable(Client& client) : client_(client) {}

    void start(const std::string& url) {
        HttpRequest request;
        request.url = url;
        asio::co_spawn(client_.loop, client_.http->send(request),
                       asio::bind_cancellation_slot(
                           signal_.slot(), [this](std::exception_ptr error, net::HttpResponse) {
                               ended_ = true;
                               error_ = error;
                           }));
    }
    void cancel() {
        asio::post(client_.loop, [this] { signal_.emit(asio::cancellation_type::terminal); });
    }
    /// Runs the loop until the transfer has ended; true if it ended as a cancelled one does.
    bool ends_cancelled() {
        client_.loop.restart();
        while (!ended_) client_.loop.run_one();
        try {
            if (error_) std::rethrow_exception(error_);
        } catch (const boost::system::system_error& error) {
            return error.code() == asio::error::operation_aborted;
        }
        return false;
    }

private:
    Client& client_;
    asio::cancellation_signal signal_;
    bool ended_ = false;
    std::exception_ptr error_;
};

Reply half_an_answer() {
    Reply reply = Reply::text("0123456789");
    reply.cut_after = 5;
    reply.ending = Reply::Ending::hang;
    return reply;
}

}  // namespace

TEST_CASE("a transfer cancelled while its answer is under way leaves the server at once") {
    Client client;
    Cancellable transfer(client);
    HttpServer server([&](const Request& request) {
        if (request.path == "/next") return Reply::text("next");
        transfer.cancel();
        return half_an_answer();
    });

    transfer.start(server.url());
    CHECK(transfer.ends_cancelled());
    CHECK(server.wait_for_open_connections(0));

    CHECK(client.get(server.url("/next")).body == "next");
}

TEST_CASE("a transfer cancelled while its name look-up hangs does not wait for it") {
    Client client;
    Cancellable transfer(client);
    HangingLookup lookup([&] { transfer.cancel(); });

    transfer.start("https://hang.invalid/");

    CHECK(transfer.ends_cancelled());
    CHECK(lookup.hanging() == 1);
    client.http.reset();
    CHECK(lookup.hanging() == 1);
}

TEST_CASE("a name look-up that hangs does not hold up other transfers, and times out") {
    HttpServer server([](const Request&) { return Reply::text("meanwhile"); });
    Client client;
    HangingLookup lookup([] {});
    HttpRequest request;
    request.url = "https://hang.invalid/";
    request.connect_timeout = std::chrono::milliseconds{200};
    auto hanging = asio::co_spawn(client.loop, client.http->send(request), asio::use_future);

    CHECK(client.get(server.url()).body == "meanwhile");
    while (hanging.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
        client.loop.run_one();

    try {
        hanging.get();
        FAIL("the look-up cannot have succeeded");
    } catch (const net::TransferFailure& failure) {
        CHECK(failure.kind() == FailureKind::transient);
        CHECK_FALSE(failure.sent());
    }
    CHECK(lookup.hanging() == 1);
}

TEST_CASE("a client that goes ends its transfers as if they were cancelled") {
    Client client;
    Cancellable transfer(client);
    HttpServer server([&](const Request&) {
        asio::post(client.loop, [&] { client.http.reset(); });
        return half_an_answer();
    });

    transfer.start(server.url());

    CHECK(transfer.ends_cancelled());
    CHECK(server.wait_for_open_connections(0));
}

TEST_CASE("a loop that goes takes its transfers along") {
    HttpServer server([](const Request&) { return half_an_answer(); });
    {
        Client client;
        HttpRequest request;
        request.url = server.url();
        asio::co_spawn(client.loop, client.http->send(request),
                       [](const std::exception_ptr&, const net::HttpResponse&) {});
        while (server.requests().empty()) client.loop.run_one_for(std::chrono::milliseconds{10});
    }
    CHECK(server.wait_for_open_connections(0));
}
