// SPDX-License-Identifier: Apache-2.0
#include "daemon/web/answer_page.hpp"
#include "daemon/web/server.hpp"
#include "tests/fuzz/targets.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <string>

namespace nudged::fuzz {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

web::WebOptions any_port() {
    web::WebOptions options;
    options.port = 0;
    return options;
}

/// The daemon's web server, and a client that sends what it is given.
class Bench {
public:
    Bench()
        : signer_("key", "https://nudged.example", std::chrono::days{30}),
          server_(loop_.get_executor(), any_port(),
                  {.alive = [] { return std::optional<std::string>{}; },
                   .ready = [] { return std::vector<std::string>{"crm: no answer"}; },
                   .metrics = [] { return std::string{"nudged_up 1\n"}; },
                   .answer = [this](const web::AnswerRequest& request) { return answer(request); }},
                  {.time = std::chrono::milliseconds{500}, .answers_a_minute = 1 << 30}) {
        asio::co_spawn(loop_, server_.run(), asio::detached);
    }

    void send(std::string_view bytes) {
        bool ended = false;
        asio::co_spawn(loop_, talk(bytes, ended), asio::detached);
        while (!ended) loop_.run_one();
        loop_.poll();  // the server's side of it
    }

private:
    asio::awaitable<void> talk(std::string_view bytes, bool& ended) {
        tcp::socket peer(loop_);
        const tcp::endpoint server{asio::ip::address_v4::loopback(), server_.port()};
        co_await peer.async_connect(server, as_result);
        co_await asio::async_write(peer, asio::buffer(bytes), as_result);
        boost::system::error_code ignored;
        peer.shutdown(tcp::socket::shutdown_send, ignored);
        std::string answer;
        auto limited = asio::dynamic_buffer(answer, 1u << 20);
        co_await asio::async_read(peer, limited, as_result);
        promise(answer.size() < (1u << 20), "an answer is bounded");
        promise(answer.empty() || answer.starts_with("HTTP/1.1 "), "what is answered is HTTP");
        // No port waits for a late packet, or they would run out.
        peer.set_option(asio::socket_base::linger(true, 0), ignored);
        ended = true;
    }

    /// As the daemon's: the token is opened, the form read, a page made.
    asio::awaitable<web::AnswerReply> answer(const web::AnswerRequest& request) {
        const auto now = from_millis(1'795'176'000'000);
        const auto claim = signer_.open(request.token, now);
        promise(!claim, "nobody has signed this");
        const auto form = web::parse_form(request.form);
        const auto day = form.find("until");
        const web::AnswerPage page{.language = "en",
                                   .title = request.token,
                                   .about = request.form,
                                   .summary = {},
                                   .text = {}};
        web::AnswerReply reply;
        reply.html = web::render_question(alerts::LinkAction::snooze, page, "2026-11-20",
                                          "2026-12-20", day == form.end() ? "" : day->second);
        co_return reply;
    }

    asio::io_context loop_;
    alerts::LinkSigner signer_;
    web::Server server_;
};

}  // namespace

void fuzz_http(std::string_view input) {
    static Bench& bench = *new Bench;  // its loop outlives all that runs on it
    bench.send(input);
}

}  // namespace nudged::fuzz
