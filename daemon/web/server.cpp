// SPDX-License-Identifier: Apache-2.0
#include "daemon/web/server.hpp"
#include "connectors/base/failure.hpp"

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
    if (!error) page = page_of(parser.get().method_string(), parser.get().target());

    http::response<http::string_body> response(static_cast<http::status>(page.status), 11);
    response.set(http::field::content_type, page.type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy", "default-src 'none'");
    if (page.status == 405) response.set(http::field::allow, "GET");
    response.keep_alive(false);
    response.body() = std::move(page.body);
    response.prepare_payload();
    const auto [failed, sent] = co_await http::async_write(stream, response, as_result);
    if (!failed) co_await close_gently(stream);
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
