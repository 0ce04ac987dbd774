// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/web/answer_page.hpp"
#include "daemon/web/server.hpp"
#include "tests/connectors/net/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>

using namespace nudged;
using namespace nudged::tests;
using asio::ip::tcp;

namespace {

web::WebOptions any_port() {
    web::WebOptions options;
    options.port = 0;
    return options;
}

/// The server and its clients on one loop, as in the daemon.
struct Fixture {
    explicit Fixture(web::Limits limits = {})
        : server(
              client.loop.get_executor(), any_port(),
              web::Handlers{
                  .alive = [this] { return stuck; },
                  .ready = [this] { return not_ready; },
                  .metrics = [this] { return metrics(); },
                  .answer = [this](const web::AnswerRequest& request) { return answer(request); }},
              limits) {
        asio::co_spawn(client.loop, server.run(),
                       asio::bind_cancellation_slot(stop.slot(), [this](std::exception_ptr error) {
                           ended = true;
                           failed = error != nullptr;
                       }));
    }
    ~Fixture() { end(); }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    void end() {
        stop.emit(asio::cancellation_type::terminal);
        client.loop.restart();
        while (!ended) client.loop.run_one();
    }

    std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(server.port()) + path;
    }
    net::HttpResponse get(const std::string& path) { return client.get(url(path)); }

    tcp::socket connect() {
        tcp::socket socket(client.loop);
        socket.connect({asio::ip::address_v4::loopback(), server.port()});
        return socket;
    }
    /// All that the server says to these bytes, until it ends the connection.
    std::string answer_to(const std::string& bytes) {
        auto socket = connect();
        std::string answer;
        const auto talk = [&]() -> asio::awaitable<void> {
            const auto quietly = asio::as_tuple(asio::use_awaitable);
            co_await asio::async_write(socket, asio::buffer(bytes), quietly);
            co_await asio::async_read(socket, asio::dynamic_buffer(answer), quietly);
        };
        client.run(talk);
        return answer;
    }

    asio::awaitable<web::AnswerReply> answer(const web::AnswerRequest& request) {
        asked.push_back(
            fmt::format("{} {} {}", request.is_post ? "POST" : "GET", request.token, request.form));
        web::AnswerReply reply{.status = 200, .html = "<p>page</p>"};
        co_return reply;
    }
    net::HttpResponse post(const std::string& path, const std::string& form) {
        net::HttpRequest request;
        request.method = "POST";
        request.url = url(path);
        request.body = form;
        return client.send(request);
    }

    std::vector<std::string> asked;
    std::optional<std::string> stuck;
    std::vector<std::string> not_ready;
    std::function<std::string()> metrics = [] { return "nudged_x 1\n"; };
    bool ended = false;
    bool failed = false;
    asio::cancellation_signal stop;
    Client client;
    web::Server server;
};

}  // namespace

TEST_CASE("a daemon that works and is ready says so") {
    Fixture web;

    const auto alive = web.get("/livez");
    CHECK(alive.status == 200);
    CHECK(alive.body == "alive\n");
    const auto ready = web.get("/readyz");
    CHECK(ready.status == 200);
    CHECK(ready.body == "ready\n");
}

TEST_CASE("a daemon that is stuck or not ready gives its reasons, a line each") {
    Fixture web;
    web.stuck = "the writer has not moved for 90 s";
    web.not_ready = {"warehouse: migrating", "source hub: never reached"};

    const auto alive = web.get("/livez");
    CHECK(alive.status == 503);
    CHECK(alive.body == "the writer has not moved for 90 s\n");
    const auto ready = web.get("/readyz");
    CHECK(ready.status == 503);
    CHECK(ready.body == "warehouse: migrating\nsource hub: never reached\n");
}

TEST_CASE("metrics are served as Prometheus reads them, and kept by nobody") {
    Fixture web;

    const auto answer = web.get("/metrics?name=ignored");

    CHECK(answer.status == 200);
    CHECK(answer.body == "nudged_x 1\n");
    CHECK(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(answer.header("cache-control") == "no-store");
}

TEST_CASE("the index names the other pages") {
    Fixture web;
    const auto answer = web.get("/");
    CHECK(answer.status == 200);
    CHECK(answer.header("content-type") == "text/html; charset=utf-8");
    for (const auto* page : {"\"/livez\"", "\"/readyz\"", "\"/metrics\""})
        CHECK(answer.body.find(page) != std::string::npos);
}

TEST_CASE("other pages and other methods are told apart") {
    Fixture web;
    CHECK(web.get("/metrics/").status == 404);
    CHECK(web.get("/../etc/passwd").status == 404);

    net::HttpRequest post;
    post.method = "POST";
    post.url = web.url("/livez");
    post.body = "anything";
    const auto answer = web.client.send(post);
    CHECK(answer.status == 405);
    CHECK(answer.header("allow") == "GET");
}

TEST_CASE("a link of a message is asked for by GET and done by POST, and tells nobody else of it") {
    Fixture web;
    const auto page = web.get("/answer/abc.def?utm=1");
    CHECK(page.status == 200);
    CHECK(page.body == "<p>page</p>");
    CHECK(page.header("referrer-policy") == "no-referrer");
    CHECK(page.header("x-frame-options") == "DENY");
    CHECK(page.header("cache-control") == "no-store");
    const auto policy = page.header("content-security-policy");
    CHECK(policy.find("default-src 'none'") == 0);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(web.post("/answer/abc.def", "reason=no").status == 200);
    CHECK(web.asked == std::vector<std::string>{"GET abc.def ", "POST abc.def reason=no"});

    net::HttpRequest head;
    head.method = "DELETE";
    head.url = web.url("/answer/abc.def");
    CHECK(web.client.send(head).status == 405);
    CHECK(web.post("/answer/abc.def", std::string(5000, 'x')).status == 413);
    CHECK(web.asked.size() == 2);
}

TEST_CASE("who follows links without end is told to come back later") {
    web::Limits limits;
    limits.answers_a_minute = 3;
    Fixture web(limits);
    for (int i = 0; i < 3; ++i) CHECK(web.get("/answer/x.y").status == 200);
    const auto refused = web.get("/answer/x.y");
    CHECK(refused.status == 429);
    CHECK(refused.header("retry-after") == "60");
    CHECK(web.asked.size() == 3);
    CHECK(web.get("/livez").status == 200);
}

TEST_CASE("a page escapes what a CRM holds, and asks before anything is done") {
    const web::AnswerPage page{.language = "en",
                               .title = "Is this wrong?",
                               .about = "<script>alert(1)</script>",
                               .summary = "\"quoted\" & 'single'",
                               .text = "It is held.",
                               .field = "What is <wrong>?",
                               .button = "Say so"};
    const auto html = web::render_question(alerts::LinkAction::dispute, page, "", "", "");
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("&lt;script&gt;") != std::string::npos);
    CHECK(html.find("&quot;quoted&quot; &amp; &#39;single&#39;") != std::string::npos);
    CHECK(html.find("<form method=\"post\">") != std::string::npos);
    CHECK(html.find("<label>What is &lt;wrong&gt;?<br><textarea name=\"reason\"") !=
          std::string::npos);
    CHECK(html.find("<button>Say so</button>") != std::string::npos);
    CHECK(html.find("<html lang=\"en\">") != std::string::npos);
    CHECK(web::render_result(page).find("<form") == std::string::npos);
}

TEST_CASE("a form is read as browsers send it") {
    const auto fields =
        web::parse_form("reason=50+%25+is+wrong%21&until=2026-12-01&=x&odd&bad=%zz%");
    CHECK(fields.at("reason") == "50 % is wrong!");
    CHECK(fields.at("until") == "2026-12-01");
    CHECK(fields.at("bad") == "%zz%");
    CHECK_FALSE(fields.contains("odd"));
}

TEST_CASE("a page that fails does not take the others down, nor tell what failed") {
    Fixture web;
    web.metrics = []() -> std::string { throw std::runtime_error("s3cr3t"); };

    const auto answer = web.get("/metrics");

    CHECK(answer.status == 500);
    CHECK(answer.body.find("s3cr3t") == std::string::npos);
    CHECK(web.get("/livez").status == 200);
}

TEST_CASE("a request that is too large or no request is refused") {
    web::Limits limits;
    limits.request_bytes = 1024;
    Fixture web(limits);
    const std::string large(2000, 'x');

    CHECK(web.answer_to("GET /" + large + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 431 "));
    CHECK(web.answer_to("GET / HTTP/1.1\r\nX: " + large + "\r\n\r\n").starts_with("HTTP/1.1 431 "));
    CHECK(web.answer_to("\x16\x03\x01 TLS, perhaps\r\n\r\n").starts_with("HTTP/1.1 400 "));
    CHECK(web.answer_to("GET / HTTP/1.1\r\nX: 1\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("clients that send nothing or never finish hold up the others for their time only") {
    web::Limits limits;
    limits.connections = 2;
    limits.time = std::chrono::milliseconds{200};
    Fixture web(limits);
    auto silent = web.connect();
    auto unfinished = web.connect();
    asio::write(unfinished, asio::buffer(std::string{"GET /livez HTTP/1.1\r\nX-Slow: "}));

    CHECK(web.get("/livez").status == 200);  // waits in the kernel's queue until one is cut off

    char byte = 0;
    boost::system::error_code error;
    while (!error) unfinished.read_some(asio::buffer(&byte, 1), error);
    CHECK(error == asio::error::eof);
}

TEST_CASE("a cancelled server ends its connections and gives up its port") {
    Fixture web;
    auto waiting = web.connect();
    CHECK(web.get("/livez").status == 200);  // so the first one has been accepted, too

    web.end();

    CHECK_FALSE(web.failed);
    char byte = 0;
    boost::system::error_code error;
    waiting.read_some(asio::buffer(&byte, 1), error);
    CHECK(error);
    const auto failure = web.client.failure_of(web.url("/livez"));
    REQUIRE(failure);
    CHECK_FALSE(failure->sent());
}

TEST_CASE("an address that cannot be had needs a person and is named") {
    Fixture web;
    struct Case {
        const char* name;
        web::WebOptions options;
        const char* text;
    };
    web::WebOptions taken;
    taken.port = web.server.port();
    web::WebOptions no_address;
    no_address.address = "localhost";
    const std::vector<Case> cases{
        {"a port in use", taken, "Address already in use; choose another under [web]"},
        {"a name", no_address,
         "web: cannot listen on localhost, port 9464: that is no IP address; give one such as "
         "127.0.0.1"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        try {
            web::Server server(web.client.loop.get_executor(), c.options, {});
            FAIL("the address cannot be had");
        } catch (const Failure& failure) {
            CHECK(failure.kind() == FailureKind::needs_person);
            CHECK(std::string{failure.what()}.ends_with(c.text));
        }
    }
}
