// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/loopback.hpp"

#include "connectors/base/text.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <sstream>
#include <sys/prctl.h>
#include <thread>

namespace nudged::loopback {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint64_t max_body_bytes = 64u << 20;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::map<std::string, std::string> parse_query(std::string_view text) {
    std::map<std::string, std::string> query;
    for (const std::string_view pair : split(text, '&')) {
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        const bool bare = equals == std::string_view::npos;
        std::string value = bare ? "" : decode(pair.substr(equals + 1));
        const auto [entry, fresh] = query.try_emplace(decode(pair.substr(0, equals)), value);
        if (!fresh) entry->second += "," + value;
    }
    return query;
}

Request to_request(http::request<http::string_body>&& message) {
    Request request;
    request.method = std::string(message.method_string());
    const std::string target(message.target());
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos)
        request.query = parse_query(std::string_view(target).substr(mark + 1));
    for (const auto& field : message)
        request.headers.emplace(to_lower_ascii(std::string_view(field.name_string())),
                                std::string(field.value()));
    request.body = std::move(message.body());
    return request;
}

http::response<http::string_body> to_message(Reply&& reply, bool keep_alive) {
    http::response<http::string_body> message;
    message.version(11);
    message.result(static_cast<unsigned>(reply.status));
    if (!reply.content_type.empty()) message.set(http::field::content_type, reply.content_type);
    for (const auto& [name, value] : reply.headers) message.set(name, value);
    message.body() = std::move(reply.body);
    message.prepare_payload();
    message.keep_alive(keep_alive);
    return message;
}

/// Closing with a zero linger makes the kernel send RST.
void reset(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

asio::awaitable<void> break_off(tcp::socket& socket, Reply reply) {
    if (reply.ending == Ending::silence) {
        // Ends with an error when the client closes, or when the server stops.
        char byte = 0;
        const auto buffer = asio::buffer(&byte, 1);
        while (true) co_await socket.async_read_some(buffer, asio::use_awaitable);
    }
    if (reply.ending == Ending::reset) {
        reset(socket);
        co_return;
    }
    const bool with_reset = reply.ending == Ending::reset_in_body;
    const std::size_t missing = reply.body.size() - reply.body.size() / 2;
    const auto message = to_message(std::move(reply), true);
    std::string wire = (std::ostringstream() << message).str();
    wire.resize(wire.size() - missing);
    const auto buffer = asio::buffer(wire);
    co_await asio::async_write(socket, buffer, asio::use_awaitable);
    if (with_reset) {
        // RST throws away what the client has not read yet, so wait until it has got the half.
        asio::steady_timer pause(socket.get_executor(), std::chrono::milliseconds{20});
        co_await pause.async_wait(asio::use_awaitable);
        reset(socket);
    }
}

asio::awaitable<void> serve(tcp::socket socket, const Handler& handler) {
    socket.set_option(tcp::no_delay(true));
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(max_body_bytes);
        co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
        open = parser.get().keep_alive();
        Reply reply = handler(to_request(parser.release()));
        if (reply.ending != Ending::whole) {
            co_await break_off(socket, std::move(reply));
            co_return;
        }
        const auto message = to_message(std::move(reply), open);
        co_await http::async_write(socket, message, asio::use_awaitable);
    }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, const Handler& handler) {
    while (true) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        // A connection that breaks is the client's affair: it sees it at its own end.
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), handler), asio::detached);
    }
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
    const auto found = headers.find(std::string(lower_case_name));
    return found == headers.end() ? std::string_view{} : found->second;
}

std::string_view Request::parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string_view{} : found->second;
}

class Server::Loop {
public:
    Loop(std::uint16_t port, Handler handler)
        : handler_(std::move(handler)),
          acceptor_(context_, {asio::ip::address_v4::loopback(), port}) {
        asio::co_spawn(context_, accept_all(acceptor_, handler_), asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }

    ~Loop() {
        context_.stop();
        thread_.join();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    Handler handler_;
    asio::io_context context_{1};
    tcp::acceptor acceptor_;
    std::thread thread_;
};

Server::Server(std::uint16_t port, Handler handler)
    : loop_(std::make_unique<Loop>(port, std::move(handler))) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
    return loop_->port();
}

std::string Server::url() const {
    return "http://127.0.0.1:" + std::to_string(port());
}

Reply fetch(std::uint16_t port, const std::string& method, const std::string& target,
            const std::string& body,
            const std::vector<std::pair<std::string, std::string>>& headers) {
    asio::io_context context;
    tcp::socket socket(context);
    socket.connect({asio::ip::address_v4::loopback(), port});
    http::request<http::string_body> message;
    message.version(11);
    message.method_string(method);
    message.target(target);
    message.set(http::field::host, "127.0.0.1");
    for (const auto& [name, value] : headers) message.set(name, value);
    message.body() = body;
    message.prepare_payload();
    http::write(socket, message);

    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(max_body_bytes);
    http::read(socket, buffer, parser);
    Reply reply;
    reply.status = static_cast<int>(parser.get().result_int());
    reply.content_type = std::string(parser.get()[http::field::content_type]);
    for (const auto& field : parser.get())
        reply.headers.emplace_back(to_lower_ascii(std::string_view(field.name_string())),
                                   std::string(field.value()));
    reply.body = std::move(parser.get().body());
    return reply;
}

StopSignals::StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

void StopSignals::wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
}

void stop_with_parent() {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

}  // namespace nudged::loopback
