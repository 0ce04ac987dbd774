// SPDX-License-Identifier: Apache-2.0
#include "tests/support/web_socket_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

namespace nudged::tests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

/// One connection; on the server's thread.
class Peer {
public:
    virtual ~Peer() = default;
    virtual asio::awaitable<void> shake_hands(std::string& target) = 0;
    /// Empty when it is over.
    virtual asio::awaitable<std::optional<std::string>> read() = 0;
    virtual asio::awaitable<void> write(std::string text, bool is_binary) = 0;
    virtual asio::awaitable<void> write_raw(std::string bytes) = 0;
    virtual asio::awaitable<void> close() = 0;
    virtual void drop() = 0;
    virtual asio::awaitable<void> until_gone() = 0;
};

template <typename Stream>
class PeerOf : public Peer {
public:
    explicit PeerOf(auto&&... stream) : stream_(std::forward<decltype(stream)>(stream)...) {}

    asio::awaitable<void> shake_hands(std::string& target) override {
        if constexpr (!std::is_same_v<Stream, beast::tcp_stream>)
            co_await stream_.next_layer().async_handshake(asio::ssl::stream_base::server,
                                                          asio::use_awaitable);
        beast::flat_buffer buffer;
        beast::http::request<beast::http::string_body> request;
        co_await beast::http::async_read(stream_.next_layer(), buffer, request,
                                         asio::use_awaitable);
        target = std::string{request.target()};
        co_await stream_.async_accept(request, asio::use_awaitable);
    }
    asio::awaitable<std::optional<std::string>> read() override {
        beast::flat_buffer buffer;
        error_code error;
        co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return std::nullopt;
        co_return beast::buffers_to_string(buffer.data());
    }
    asio::awaitable<void> write(std::string text, bool is_binary) override {
        stream_.binary(is_binary);
        error_code error;
        co_await stream_.async_write(asio::buffer(text),
                                     asio::redirect_error(asio::use_awaitable, error));
    }
    asio::awaitable<void> write_raw(std::string bytes) override {
        error_code error;
        co_await asio::async_write(beast::get_lowest_layer(stream_), asio::buffer(bytes),
                                   asio::redirect_error(asio::use_awaitable, error));
    }
    asio::awaitable<void> close() override {
        error_code error;
        co_await stream_.async_close(websocket::close_code::normal,
                                     asio::redirect_error(asio::use_awaitable, error));
    }
    void drop() override { beast::get_lowest_layer(stream_).close(); }
    asio::awaitable<void> until_gone() override {
        error_code error;
        co_await beast::get_lowest_layer(stream_).socket().async_wait(
            tcp::socket::wait_error, asio::redirect_error(asio::use_awaitable, error));
    }

private:
    websocket::stream<Stream> stream_;
};

}  // namespace

struct WebSocketServer::Impl {
    struct Entry {
        std::shared_ptr<Peer> peer;
        bool is_open = true;
    };

    Impl(const std::optional<TlsIdentity>& tls, bool reads_on) : reads(reads_on) {
        if (tls) {
            context.emplace(asio::ssl::context::tls_server);
            context->use_certificate_chain(asio::buffer(tls->certificate_pem));
            context->use_private_key(asio::buffer(tls->key_pem), asio::ssl::context::pem);
        }
        asio::co_spawn(loop, listen(), asio::detached);
        thread = std::thread([this] { loop.run(); });
    }
    ~Impl() {
        loop.stop();
        thread.join();
    }

    asio::awaitable<void> listen() {
        for (;;) {
            tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
            std::shared_ptr<Peer> peer;
            if (context)
                peer = std::make_shared<PeerOf<beast::ssl_stream<beast::tcp_stream>>>(
                    std::move(socket), *context);
            else
                peer = std::make_shared<PeerOf<beast::tcp_stream>>(std::move(socket));
            asio::co_spawn(loop, serve(std::move(peer)), asio::detached);
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<Peer> peer) {
        std::string target;
        co_await peer->shake_hands(target);  // a failure ends this one
        std::string greeting;
        std::size_t index = 0;
        {
            const std::lock_guard lock(mutex);
            greeting = greeting_text;
            if (greeting.empty()) index = enter(peer, target);
        }
        if (!greeting.empty()) {
            co_await peer->write(greeting, false);
            const std::lock_guard lock(mutex);
            index = enter(peer, target);
        }
        if (!reads) {
            co_await peer->until_gone();
        } else {
            for (bool more = true; more;) {
                auto text = co_await peer->read();
                more = text.has_value();
                if (more) keep(std::move(*text));
            }
        }
        const std::lock_guard lock(mutex);
        entries[index].is_open = false;
        changed.notify_all();
    }

    std::size_t enter(const std::shared_ptr<Peer>& peer, const std::string& target) {
        entries.push_back({peer});
        targets.push_back(target);
        changed.notify_all();
        return entries.size() - 1;
    }

    void keep(std::string text) {
        const std::lock_guard lock(mutex);
        received.push_back(std::move(text));
        changed.notify_all();
    }

    /// Whoever has been greeted may know of it before it is entered.
    std::shared_ptr<Peer> peer(std::size_t connection) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, patience, [&] { return entries.size() >= connection; });
        return entries.at(connection - 1).peer;
    }

    /// Runs it on the server's thread to its end.
    void run(asio::awaitable<void> work) {
        asio::co_spawn(loop, std::move(work), asio::use_future).get();
    }

    bool wait(auto is_so) const {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, patience, is_so);
    }

    asio::io_context loop{1};
    tcp::acceptor acceptor{loop, {asio::ip::address_v4::loopback(), 0}};
    std::optional<asio::ssl::context> context;
    bool reads;
    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    std::string greeting_text;
    std::vector<Entry> entries;
    std::vector<std::string> received;
    std::vector<std::string> targets;
    std::thread thread;
};

WebSocketServer::WebSocketServer(std::optional<TlsIdentity> tls, bool reads)
    : impl_(std::make_unique<Impl>(tls, reads)) {}

WebSocketServer::~WebSocketServer() = default;

std::string WebSocketServer::url(std::string_view target) const {
    return fmt::format("{}://127.0.0.1:{}{}", impl_->context ? "wss" : "ws",
                       impl_->acceptor.local_endpoint().port(), target);
}

void WebSocketServer::greet_with(std::string text) {
    const std::lock_guard lock(impl_->mutex);
    impl_->greeting_text = std::move(text);
}

void WebSocketServer::send(std::size_t connection, std::string text) {
    impl_->run(impl_->peer(connection)->write(std::move(text), false));
}

void WebSocketServer::send_binary(std::size_t connection, std::string bytes) {
    impl_->run(impl_->peer(connection)->write(std::move(bytes), true));
}

void WebSocketServer::send_raw(std::size_t connection, std::string bytes) {
    impl_->run(impl_->peer(connection)->write_raw(std::move(bytes)));
}

void WebSocketServer::close(std::size_t connection) {
    impl_->run(impl_->peer(connection)->close());
}

void WebSocketServer::drop(std::size_t connection) {
    asio::post(impl_->loop, [peer = impl_->peer(connection)] { peer->drop(); });
}

bool WebSocketServer::wait_for_connections(std::size_t count) const {
    return impl_->wait([&] { return impl_->entries.size() >= count; });
}

bool WebSocketServer::wait_until_closed(std::size_t connection) const {
    return impl_->wait([&] { return !impl_->entries.at(connection - 1).is_open; });
}

bool WebSocketServer::wait_for_messages(std::size_t count) const {
    return impl_->wait([&] { return impl_->received.size() >= count; });
}

std::vector<std::string> WebSocketServer::received() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->received;
}

std::size_t WebSocketServer::open_connections() const {
    const std::lock_guard lock(impl_->mutex);
    return static_cast<std::size_t>(std::count_if(impl_->entries.begin(), impl_->entries.end(),
                                                  [](const auto& one) { return one.is_open; }));
}

std::vector<std::string> WebSocketServer::targets() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->targets;
}

}  // namespace nudged::tests
