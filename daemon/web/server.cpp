// SPDX-License-Identifier: Apache-2.0
#include "daemon/web/server.hpp"
#include "connectors/base/failure.hpp"
#include "daemon/alerts/answer_link.hpp"
#include "daemon/web/answer_page.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <array>
#include <exception>
#include <list>
#include <tuple>

namespace nudged::web {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::string_view answer_path = alerts::link_path;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::string_view index_html =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>nudged</title>"
    "<h1>nudged " NUDGED_VERSION "</h1><ul>"
    "<li><a href=\"/livez\">/livez</a>: does it still work?"
    "<li><a href=\"/readyz\">/readyz</a>: are all its parts up?"
    "<li><a href=\"/metrics\">/metrics</a>: what it has done, for Prometheus"
    "</ul></html>\n";

tcp::acceptor listen(const asio::any_io_executor& loop, const WebOptions& options) {
    const auto where =
        fmt::format("web: cannot listen on {}, port {}", options.address, options.port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error)
        throw Failure(FailureKind::needs_person,
                      where + ": that is no IP address; give one such as 127.0.0.1");
    try {
        return {loop, tcp::endpoint(address, options.port)};
    } catch (const boost::system::system_error& failed) {
        throw Failure(FailureKind::needs_person, fmt::format("{}: {}; choose another under [web]",
                                                             where, failed.code().message()));
    }
}

asio::awaitable<bool> was_cancelled() {
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() != asio::cancellation_type::none;
}

// The status for a request that could not be read; 0 when nobody is left to be told.
int status_of(const boost::system::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
    return error.category() == make_error_code(http::error::bad_method).category() ? 400 : 0;
}

// A client that is still sending would lose the answer to a reset: read on, for a while.
asio::awaitable<void> close_gently(beast::tcp_stream& stream) {
    boost::system::error_code error;
    stream.socket().shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 4096> ignored;
    for (std::size_t left = 64u << 10; !error && left >= ignored.size(); left -= ignored.size())
        error = std::get<0>(co_await stream.async_read_some(asio::buffer(ignored), as_result));
}

}  // namespace

/// The open connections, shared with their frames, which may outlive a server that was never run to
/// its end.
struct Server::Connections {
    explicit Connections(const asio::any_io_executor& loop)
        : ended(loop, asio::steady_timer::time_point::max()) {}

    /// Lists a connection as long as its frame is there.
    class Entry {
    public:
        Entry(std::shared_ptr<Connections> all, beast::tcp_stream& stream)
            : all_(std::move(all)), place_(all_->open.insert(all_->open.end(), &stream)) {}
        ~Entry() {
            all_->open.erase(place_);
            all_->ended.cancel();
        }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

    private:
        std::shared_ptr<Connections> all_;
        std::list<beast::tcp_stream*>::iterator place_;
    };

    std::list<beast::tcp_stream*> open;
    asio::steady_timer ended;
};

Server::Server(asio::any_io_executor loop, const WebOptions& options, Handlers handlers,
               Limits limits)
    : handlers_(std::move(handlers)),
      limits_(limits),
      acceptor_(listen(loop, options)),
      port_(acceptor_.local_endpoint().port()),
      connections_(std::make_shared<Connections>(loop)) {}

asio::awaitable<void> Server::run() {
    co_await asio::this_coro::throw_if_cancelled(false);  // connections are to be ended first
    const auto loop = co_await asio::this_coro::executor;
    asio::steady_timer pause(loop);
    while (!co_await was_cancelled()) {
        if (connections_->open.size() >= limits_.connections) {
            co_await connections_->ended.async_wait(as_result);
            continue;
        }
        auto [error, socket] = co_await acceptor_.async_accept(as_result);
        if (!error) {
            asio::co_spawn(loop, serve(std::move(socket), connections_), asio::detached);
        } else if (!co_await was_cancelled()) {
            // No descriptor is left, perhaps: trying again at once would keep the loop busy.
            pause.expires_after(std::chrono::milliseconds{100});
            co_await pause.async_wait(as_result);
        }
    }
    co_await finish();
}

asio::awaitable<void> Server::finish() {
    // Cancelled already; what follows is short, and the frames refer to this.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation(),
                                                       asio::disable_cancellation());
    acceptor_.close();
    for (auto* stream : connections_->open) stream->close();
    while (!connections_->open.empty()) co_await connections_->ended.async_wait(as_result);
}

asio::awaitable<void> Server::serve(tcp::socket socket, std::shared_ptr<Connections> connections) {
    beast::tcp_stream stream(std::move(socket));
    const Connections::Entry entry(std::move(connections), stream);
    stream.expires_after(limits_.time);  // for all that follows, so a slow client gains nothing

    beast::flat_buffer buffer(limits_.request_bytes);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.request_bytes));
    const auto [error, size] = co_await http::async_read_header(stream, buffer, parser, as_result);
    Page page;
    page.status = status_of(error);
    if (error && page.status == 0) co_return;
    if (!error && handlers_.answer && parser.get().target().starts_with(answer_path)) {
        AnswerRequest request;
        // What a mail program or a scanner has put behind it is not ours.
        const auto target = parser.get().target().substr(answer_path.size());
        request.token = target.substr(0, target.find('?'));
        const auto method = parser.get().method();
        request.is_post = method == http::verb::post;
        if (request.is_post) {
            // The parser looks at its limit when it has read the header, which it has.
            const auto length = parser.content_length();
            http::request_parser<http::string_body> whole(std::move(parser));
            whole.body_limit(limits_.form_bytes);
            page.status = length && *length > limits_.form_bytes ? 413 : 200;
            if (page.status == 200) {
                const auto [failed, read] =
                    co_await http::async_read(stream, buffer, whole, as_result);
                if (failed && failed != http::error::body_limit) co_return;
                if (failed) page.status = 413;
            }
            request.form = std::move(whole.get().body());
        }
        if (method != http::verb::get && method != http::verb::post)
            page = {.status = 405, .body = "GET and POST are served here\n", .allow = "GET, POST"};
        else if (page.status != 413)
            page = co_await answer_page(request);
    } else if (!error) {
        page = page_of(parser.get().method_string(), parser.get().target());
    }

    http::response<http::string_body> response(static_cast<http::status>(page.status), 11);
    response.set(http::field::content_type, page.type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy", page.policy);
    if (page.is_answer) {
        response.set("Referrer-Policy", "no-referrer");  // the address is a key
        response.set("X-Frame-Options", "DENY");
        response.set("X-Robots-Tag", "noindex");
    }
    if (page.status == 429) response.set(http::field::retry_after, "60");
    if (page.status == 405) response.set(http::field::allow, page.allow);
    response.keep_alive(false);
    response.body() = std::move(page.body);
    response.prepare_payload();
    const auto [failed, sent] = co_await http::async_write(stream, response, as_result);
    if (!failed) co_await close_gently(stream);
}

bool Server::take_answer() {
    const auto now = std::chrono::steady_clock::now();
    if (now - minute_ >= std::chrono::minutes{1}) {
        minute_ = now;
        answers_ = 0;
    }
    return ++answers_ <= limits_.answers_a_minute;
}

asio::awaitable<Server::Page> Server::answer_page(const AnswerRequest& request) {
    Page page{.status = 500, .body = "this page could not be made\n"};
    if (!take_answer()) {
        page = {.status = 429, .body = "too many at once; try again in a minute\n"};
        co_return page;
    }
    try {
        auto reply = co_await handlers_.answer(request);
        page = {.status = reply.status,
                .type = "text/html; charset=utf-8",
                .body = std::move(reply.html),
                .policy = answer_policy(),
                .is_answer = true};
    } catch (const boost::system::system_error&) {
        throw;  // cancellation: the daemon stops
    } catch (const std::exception&) {
        // What went wrong is not for strangers; the page says that it did.
    }
    co_return page;
}

Server::Page Server::page_of(std::string_view method, std::string_view target) const {
    try {
        Page page = page_at(target.substr(0, target.find('?')));
        if (page.status == 404 || method == "GET") return page;
        return {.status = 405, .body = "only GET is served here\n"};
    } catch (const std::exception&) {
        return {.status = 500, .body = "this page could not be made\n"};
    }
}

Server::Page Server::page_at(std::string_view path) const {
    if (path == "/") return {.type = "text/html; charset=utf-8", .body = std::string{index_html}};
    if (path == "/livez") {
        const auto reason = handlers_.alive();
        if (reason) return {.status = 503, .body = *reason + "\n"};
        return {.body = "alive\n"};
    }
    if (path == "/readyz") {
        const auto reasons = handlers_.ready();
        if (reasons.empty()) return {.body = "ready\n"};
        return {.status = 503, .body = fmt::format("{}\n", fmt::join(reasons, "\n"))};
    }
    if (path == "/metrics")
        return {.type = "text/plain; version=0.0.4; charset=utf-8", .body = handlers_.metrics()};
    return {.status = 404, .body = "no such page; / lists what there is\n"};
}

}  // namespace nudged::web
