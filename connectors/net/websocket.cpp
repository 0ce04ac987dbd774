// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/websocket.hpp"

#include "connectors/net/url.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nudged::net {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
namespace ssl = asio::ssl;
using boost::system::error_code;
using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;

/// Where it leads, as our HTTP client reads it, and what is asked of the server there.
struct Target {
    Place place;
    std::string url;      // http(s), without path and query
    std::string request;  // path and query
};

[[noreturn]] void fail(FailureKind kind, const Place& place, std::string_view why) {
    throw Failure(kind, fmt::format("{}: {}", place.str(), why));
}

Target read_target(std::string_view url) {
    const bool is_secure = url.starts_with("wss://");
    if (!is_secure && !url.starts_with("ws://"))
        throw Failure(FailureKind::refused, "the URL is not a ws(s) URL");
    const auto http = (is_secure ? "https" : "http") + std::string{url.substr(url.find(':'))};
    auto place = parse_place(http);
    if (!place) throw Failure(FailureKind::refused, "the URL is not a ws(s) URL");
    const auto begin = http.find("://") + 3;
    const auto end = std::min(http.size(), http.find_first_of("/?#", begin));
    auto request = http.substr(end, http.find('#', end) - end);
    if (!request.starts_with('/')) request.insert(0, "/");
    return {std::move(*place), http.substr(0, end), std::move(request)};
}

/// The authorities that our HTTP client trusts.
void trust(ssl::context& context, const std::string& ca_file) {
    const auto* curl = curl_version_info(CURLVERSION_NOW);
    const auto file = ca_file.empty() && curl->cainfo ? std::string{curl->cainfo} : ca_file;
    error_code error;
    if (!file.empty()) context.load_verify_file(file, error);
    if (error)
        throw Failure(FailureKind::needs_person,
                      fmt::format("{}: cannot be read: {}", file, error.message()));
    if (curl->capath) context.add_verify_path(curl->capath, error);
}

/// What to do about it, of what an operation ended with. One that was aborted belonged to a
/// connection that another operation had found broken, or to us: who cancels it is asked first.
[[noreturn]] void fail(const Place& place, std::string_view doing, const error_code& error) {
    if (error == beast::error::timeout)
        fail(FailureKind::transient, place, fmt::format("silent for too long while {}", doing));
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
        fail(FailureKind::refused, place, "a message is too long");
    if (error == asio::error::eof || error == ssl::error::stream_truncated)
        fail(FailureKind::transient, place, fmt::format("the connection broke while {}", doing));
    fail(FailureKind::transient, place, fmt::format("{} while {}", error.message(), doing));
}

/// Throws it on, where whoever waits has given up.
void pass_cancellation(const asio::cancellation_state& state) {
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
}

template <typename Stream>
class Connection : public WebSocket {
public:
    Connection(Target target, WebSocketOptions options, auto&&... stream)
        : target_(std::move(target)),
          options_(options),
          stream_(std::forward<decltype(stream)>(stream)...) {}

    asio::awaitable<void> shake_hands(const std::string& user_agent) {
        websocket::stream_base::timeout times{options_.connect_timeout, options_.idle_timeout,
                                              true};
        beast::get_lowest_layer(stream_).expires_never();  // it has its own clock
        stream_.set_option(times);
        stream_.set_option(websocket::stream_base::decorator(
            [&](websocket::request_type& request) { request.set("User-Agent", user_agent); }));
        stream_.read_message_max(options_.max_message_bytes);
        const auto& place = target_.place;
        const bool is_usual = place.port == (place.scheme == "https" ? "443" : "80");
        const auto host = is_usual ? place.host : fmt::format("{}:{}", place.host, place.port);
        websocket::response_type response;
        error_code error;
        co_await stream_.async_handshake(response, host, target_.request,
                                         asio::redirect_error(asio::use_awaitable, error));
        pass_cancellation(co_await asio::this_coro::cancellation_state);
        if (error == websocket::error::upgrade_declined)
            fail(FailureKind::transient, place,
                 fmt::format("no WebSocket: status {}", response.result_int()));
        if (error) fail(place, "it was opened", error);
    }

    asio::awaitable<std::optional<std::string>> read() override {
        beast::flat_buffer buffer(options_.max_message_bytes);
        error_code error;
        co_await stream_.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
        if (error) pass_cancellation(co_await asio::this_coro::cancellation_state);
        if (error == websocket::error::closed) co_return std::nullopt;
        if (error) fail(target_.place, "waiting for a message", error);
        if (!stream_.got_text()) {
            co_await close();
            fail(FailureKind::refused, target_.place, "a message is no text");
        }
        co_return beast::buffers_to_string(buffer.data());
    }

    asio::awaitable<void> write(const std::string& text) override {
        stream_.text(true);
        error_code error;
        co_await stream_.async_write(asio::buffer(text),
                                     asio::redirect_error(asio::use_awaitable, error));
        if (error) pass_cancellation(co_await asio::this_coro::cancellation_state);
        if (error) fail(target_.place, "sending a message", error);
    }

    asio::awaitable<void> close() override {
        if (!stream_.is_open()) co_return;
        websocket::stream_base::timeout times{options_.close_timeout, options_.close_timeout,
                                              false};
        stream_.set_option(times);
        error_code error;
        co_await stream_.async_close(websocket::close_code::normal,
                                     asio::redirect_error(asio::use_awaitable, error));
        if (error) pass_cancellation(co_await asio::this_coro::cancellation_state);
    }

    void abort() override { beast::get_lowest_layer(stream_).close(); }

    auto& next_layer() { return stream_.next_layer(); }

private:
    Target target_;
    WebSocketOptions options_;
    websocket::stream<Stream> stream_;
};

/// Verified, or a Failure. Takes as long as expires_after() says.
asio::awaitable<void> shake_tls_hands(Secure& stream, const Place& place) {
    auto host = place.host;
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    error_code ignored;
    asio::ip::make_address(host, ignored);
    const bool is_name = ignored.failed();
    if (is_name) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    stream.set_verify_mode(ssl::verify_peer);
    stream.set_verify_callback(ssl::host_name_verification(host));
    error_code error;
    co_await stream.async_handshake(ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, error));
    pass_cancellation(co_await asio::this_coro::cancellation_state);
    const long verdict = SSL_get_verify_result(stream.native_handle());
    const bool is_untrusted =
        verdict != X509_V_OK || ERR_GET_REASON(error.value()) == SSL_R_CERTIFICATE_VERIFY_FAILED;
    if (error && error.category() == asio::error::get_ssl_category() && is_untrusted) {
        const auto* why = verdict == X509_V_OK ? "it is for another host"
                                               : X509_verify_cert_error_string(verdict);
        fail(FailureKind::needs_person, place,
             fmt::format("its certificate is not trusted ({}); check its CA and this machine's "
                         "clock",
                         why));
    }
    if (error) fail(place, "TLS was set up", error);
}

}  // namespace

asio::awaitable<std::unique_ptr<WebSocket>> WebSocket::open(HttpClient& http, std::string url,
                                                            WebSocketOptions options) {
    auto target = read_target(url);
    const auto place = target.place;
    const auto& user_agent = http.options().user_agent;
    auto socket = co_await http.connect(target.url, options.connect_timeout);
    if (place.scheme == "http") {
        auto plain =
            std::make_unique<Connection<Plain>>(std::move(target), options, std::move(socket));
        co_await plain->shake_hands(user_agent);
        co_return plain;
    }
    ssl::context context(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    trust(context, http.options().ca_file);
    auto secure = std::make_unique<Connection<Secure>>(std::move(target), options,
                                                       std::move(socket), context);
    beast::get_lowest_layer(secure->next_layer()).expires_after(options.connect_timeout);
    co_await shake_tls_hands(secure->next_layer(), place);
    co_await secure->shake_hands(user_agent);
    co_return secure;
}

}  // namespace nudged::net
