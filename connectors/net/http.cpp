// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/dial.hpp"
#include "connectors/net/multi.hpp"
#include "connectors/net/transfer.hpp"

#include <boost/asio/this_coro.hpp>
#include <curl/curl.h>

#include <algorithm>
#include <charconv>

namespace nudged::net {

namespace {

std::optional<Instant> parse_http_date(std::string_view text) {
    const std::time_t seconds = curl_getdate(std::string{text}.c_str(), nullptr);
    if (seconds < 0) return std::nullopt;
    return Instant{std::chrono::seconds{seconds}};
}

}  // namespace

std::string_view HttpResponse::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return value;
    return {};
}

std::optional<std::chrono::milliseconds> HttpResponse::retry_after(Instant now) const {
    const auto value = trim(header("retry-after"));
    if (value.empty()) return std::nullopt;
    constexpr std::int64_t most_seconds = 366 * 86'400;
    std::int64_t seconds = 0;
    const auto end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, seconds);
    if (parsed.ptr == end) {
        if (parsed.ec == std::errc::result_out_of_range) seconds = most_seconds;
        return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, most_seconds)};
    }
    const auto until = parse_http_date(value);
    if (!until) return std::nullopt;
    return std::max(std::chrono::milliseconds{0}, *until - now);
}

std::optional<Instant> HttpResponse::date() const {
    return parse_http_date(header("date"));
}

HttpClient::HttpClient(asio::any_io_executor loop, HttpOptions options)
    : options_(std::move(options)),
      multi_(std::make_unique<Multi>(std::move(loop), options_.max_connections_per_host)) {}

HttpClient::~HttpClient() = default;

asio::awaitable<HttpResponse> HttpClient::send(HttpRequest request) {
    Transfer transfer(request, options_);
    const CURLcode code = co_await multi_->perform(transfer.handle());
    co_return transfer.finish(code);
}

asio::awaitable<asio::ip::tcp::socket> HttpClient::connect(std::string url,
                                                           std::chrono::milliseconds timeout) {
    using asio::ip::tcp;
    Dial dial(url, timeout);
    tcp::socket socket(co_await asio::this_coro::executor);
    const std::function<void(CURLcode)> take = [&](CURLcode code) {
        const int descriptor = dial.take(code);
        socket.assign(dial.is_v6() ? tcp::v6() : tcp::v4(), descriptor);
    };
    co_await multi_->perform(dial.handle(), take);
    co_return socket;
}

}  // namespace nudged::net
