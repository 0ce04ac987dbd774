// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <limits>
#include <thread>

namespace nudged::tests {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size()) {
            const std::string digits{text.substr(at + 1, 2)};
            result += static_cast<char>(std::stoi(digits, nullptr, 16));
            at += 2;
        } else {
            result += plus_is_space && text[at] == '+' ? ' ' : text[at];
        }
    }
    return result;
}

void read_target(Request& request) {
    const std::string_view target = request.target;
    const auto mark = std::min(target.find('?'), target.size());
    request.path = percent_decoded(target.substr(0, mark), false);
    for (auto rest = target.substr(std::min(mark + 1, target.size())); !rest.empty();) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        request.query.emplace(
            percent_decoded(pair.substr(0, equals), true),
            percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true));
    }
}

std::string render_head(const Reply& reply) {
    std::string head = fmt::format(
        "HTTP/1.1 {} {}\r\n", reply.status,
        std::string_view{beast::http::obsolete_reason(beast::http::int_to_status(reply.status))});
    bool has_length = false;
    for (const auto& [name, value] : reply.headers) {
        const auto key = lower(name);
        has_length = has_length || key == "content-length" || key == "transfer-encoding";
        head += fmt::format("{}: {}\r\n", name, value);
    }
    const bool bodiless = reply.status < 200 || reply.status == 204 || reply.status == 304;
    if (!has_length && !bodiless)
        head += fmt::format("Content-Length: {}\r\n", reply.body.size() * reply.repeat);
    if (reply.ending == Reply::Ending::close) head += "Connection: close\r\n";
    return head + "\r\n";
}

void reset(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

}  // namespace

/// Waits on the server's loop for a gate that another thread opens.
class GateWaiter {
public:
    GateWaiter(Gate& gate, const asio::any_io_executor& loop)
        : gate_(gate), timer_(std::make_shared<asio::steady_timer>(loop)) {
        std::lock_guard lock(gate_.mutex_);
        timer_->expires_at(gate_.open_ ? asio::steady_timer::time_point::min()
                                       : asio::steady_timer::time_point::max());
        // Called under the gate's mutex, while this frame and so its loop are still there.
        gate_.waiting_[this] = [timer = timer_] {
            asio::post(timer->get_executor(), [timer] { timer->cancel(); });
        };
    }
    ~GateWaiter() {
        std::lock_guard lock(gate_.mutex_);
        gate_.waiting_.erase(this);
    }
    GateWaiter(const GateWaiter&) = delete;
    GateWaiter& operator=(const GateWaiter&) = delete;

    asio::awaitable<void> wait() { co_await timer_->async_wait(as_result); }

private:
    Gate& gate_;
    std::shared_ptr<asio::steady_timer> timer_;
};

namespace {

asio::awaitable<void> client_leaves(tcp::socket& socket) {
    co_await socket.async_wait(tcp::socket::wait_read, as_result);
}

// False when the client left first.
asio::awaitable<bool> pass_gate(Gate& gate, tcp::socket& socket) {
    using namespace asio::experimental::awaitable_operators;
    GateWaiter waiter(gate, socket.get_executor());
    const auto first = co_await (waiter.wait() || client_leaves(socket));
    co_return first.index() == 0;
}

}  // namespace

void Gate::open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    for (const auto& [waiter, wake] : waiting_) wake();
}

bool Gate::is_open() const {
    std::lock_guard lock(mutex_);
    return open_;
}

std::string Request::header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string{} : found->second;
}

Reply Reply::text(std::string body, int status) {
    Reply reply;
    reply.status = status;
    reply.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
    reply.body = std::move(body);
    return reply;
}

Reply Reply::json(std::string body, int status) {
    Reply reply = text(std::move(body), status);
    reply.headers = {{"Content-Type", "application/json"}};
    return reply;
}

Reply Reply::nothing(Ending ending) {
    Reply reply;
    reply.status = 0;
    reply.ending = ending;
    return reply;
}

struct HttpServer::Impl {
    Impl(Handler on_request, std::optional<TlsIdentity> identity);

    asio::awaitable<void> accept();
    asio::awaitable<void> serve(tcp::socket socket, std::size_t number);
    template <typename Stream>
    asio::awaitable<void> converse(Stream& stream, tcp::socket& socket, std::size_t number);
    template <typename Stream>
    asio::awaitable<bool> answer(Stream& stream, tcp::socket& socket, const Reply& reply);
    template <typename Stream>
    asio::awaitable<bool> write_body(Stream& stream, tcp::socket& socket, const Reply& reply);

    Reply reply_to(const Request& request);
    void note_open(int difference);
    template <typename Condition>
    bool wait(Condition condition) const {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, patience, condition);
    }

    Handler handler;
    std::optional<asio::ssl::context> tls;
    asio::io_context loop{1};
    tcp::acceptor acceptor{loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    std::uint16_t port = acceptor.local_endpoint().port();

    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    std::vector<Request> requests;
    std::size_t accepted = 0;
    std::size_t open = 0;

    std::thread thread;  // last: all else is there when it starts
};

HttpServer::Impl::Impl(Handler on_request, std::optional<TlsIdentity> identity)
    : handler(std::move(on_request)) {
    if (identity) {
        tls.emplace(asio::ssl::context::tls_server);
        tls->use_certificate_chain(asio::buffer(identity->certificate_pem));
        tls->use_private_key(asio::buffer(identity->key_pem), asio::ssl::context::pem);
    }
    asio::co_spawn(loop, accept(), asio::detached);
    thread = std::thread([this] { loop.run(); });
}

asio::awaitable<void> HttpServer::Impl::accept() {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(as_result);
        if (error) continue;  // the client has left already
        std::size_t number = 0;
        {
            std::lock_guard lock(mutex);
            number = ++accepted;
        }
        note_open(1);
        asio::co_spawn(loop, serve(std::move(socket), number),
                       [this](const std::exception_ptr&) { note_open(-1); });
    }
}

asio::awaitable<void> HttpServer::Impl::serve(tcp::socket socket, std::size_t number) {
    socket.set_option(tcp::no_delay(true));
    if (!tls) {
        co_await converse(socket, socket, number);
        co_return;
    }
    TlsStream stream(std::move(socket), *tls);
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    co_await converse(stream, stream.next_layer(), number);
}

template <typename Stream>
asio::awaitable<void> HttpServer::Impl::converse(Stream& stream, tcp::socket& socket,
                                                 std::size_t number) {
    beast::flat_buffer buffer;
    for (bool more = true; more;) {
        beast::http::request_parser<beast::http::string_body> parser;
        parser.body_limit(std::numeric_limits<std::uint64_t>::max());
        parser.header_limit(1u << 20);
        const auto [error, size] =
            co_await beast::http::async_read(stream, buffer, parser, as_result);
        if (error) co_return;

        Request request;
        const auto& message = parser.get();
        request.method = std::string{message.method_string()};
        request.target = std::string{message.target()};
        for (const auto& field : message)
            request.headers.emplace(lower(field.name_string()), std::string{field.value()});
        request.body = message.body();
        request.connection = number;
        read_target(request);

        const Reply reply = reply_to(request);
        more = co_await answer(stream, socket, reply);
    }
}

Reply HttpServer::Impl::reply_to(const Request& request) {
    {
        std::lock_guard lock(mutex);
        requests.push_back(request);
    }
    changed.notify_all();
    try {
        return handler(request);
    } catch (const std::exception& error) {
        return Reply::text(std::string{"the test's handler threw: "} + error.what(), 500);
    }
}

// Both return whether the connection is fit for another request.
template <typename Stream>
asio::awaitable<bool> HttpServer::Impl::answer(Stream& stream, tcp::socket& socket,
                                               const Reply& reply) {
    bool fit = true;
    if (reply.gate && !reply.gate_after) fit = co_await pass_gate(*reply.gate, socket);
    if (fit && !reply.raw.empty()) {
        co_await asio::async_write(stream, asio::buffer(reply.raw), asio::use_awaitable);
    } else if (fit && reply.status != 0) {
        const std::string head = render_head(reply);
        co_await asio::async_write(stream, asio::buffer(head), asio::use_awaitable);
        fit = co_await write_body(stream, socket, reply);
    }
    if (reply.ending == Reply::Ending::reset) reset(socket);
    if (reply.ending == Reply::Ending::hang) co_await client_leaves(socket);
    co_return fit&& reply.status != 0 && reply.ending == Reply::Ending::keep_alive;
}

template <typename Stream>
asio::awaitable<bool> HttpServer::Impl::write_body(Stream& stream, tcp::socket& socket,
                                                   const Reply& reply) {
    const std::uint64_t whole = reply.body.size() * reply.repeat;
    const std::uint64_t end = std::min(whole, reply.cut_after.value_or(whole));
    std::optional<std::uint64_t> halt;
    if (reply.gate) halt = reply.gate_after;
    for (std::uint64_t at = 0; at < end || halt;) {
        if (halt && at >= std::min(*halt, end)) {
            halt.reset();
            if (!co_await pass_gate(*reply.gate, socket)) co_return false;
            continue;
        }
        const std::uint64_t until = halt ? std::min(*halt, end) : end;
        const std::size_t offset = at % reply.body.size();
        const auto size = std::min<std::uint64_t>(reply.body.size() - offset, until - at);
        const auto piece = asio::buffer(reply.body.data() + offset, size);
        co_await asio::async_write(stream, piece, asio::use_awaitable);
        at += size;
    }
    co_return end == whole;
}

void HttpServer::Impl::note_open(int difference) {
    {
        std::lock_guard lock(mutex);
        open += static_cast<std::size_t>(difference);
    }
    changed.notify_all();
}

HttpServer::HttpServer(Handler handler, std::optional<TlsIdentity> tls)
    : impl_(std::make_unique<Impl>(std::move(handler), std::move(tls))) {}

HttpServer::~HttpServer() {
    impl_->loop.stop();
    impl_->thread.join();
}

std::uint16_t HttpServer::port() const {
    return impl_->port;
}

std::string HttpServer::url(std::string_view target) const {
    return fmt::format("{}://127.0.0.1:{}{}", impl_->tls ? "https" : "http", port(), target);
}

std::vector<Request> HttpServer::requests() const {
    std::lock_guard lock(impl_->mutex);
    return impl_->requests;
}

std::size_t HttpServer::connections() const {
    std::lock_guard lock(impl_->mutex);
    return impl_->accepted;
}

std::size_t HttpServer::open_connections() const {
    std::lock_guard lock(impl_->mutex);
    return impl_->open;
}

bool HttpServer::wait_for_requests(std::size_t count) const {
    return impl_->wait([&] { return impl_->requests.size() >= count; });
}

bool HttpServer::wait_for_open_connections(std::size_t count) const {
    return impl_->wait([&] { return impl_->open == count; });
}

}  // namespace nudged::tests
