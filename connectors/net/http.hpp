// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/exchange.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace nudged::net {

struct HttpOptions {
    std::string user_agent = "nudged/" NUDGED_VERSION;
    std::string ca_file;  // beside the system's; empty: the system's alone
    int max_connections_per_host = 4;
};

class Multi;

/// HTTP over libcurl's multi interface, driven by the loop; lives there. TLS is always verified,
/// redirects are never followed (a credential must not travel), answers are bounded. Every status
/// is a value; TransferFailure is thrown when there is no answer. Cancelling the coroutine ends the
/// transfer at once, a hanging name look-up included. Error texts name scheme and host, never a
/// path, a query or a header.
///
/// The environment's HTTPS_PROXY and NO_PROXY are obeyed, as an admin behind a proxy expects;
/// through it runs TLS up to the server, and loopback hosts are always reached directly. Time spent
/// waiting for a free connection counts. A POST is sent at most once: where a kept connection dies
/// under it, that is a failure with `sent`.
class HttpClient : public Exchange {
public:
    explicit HttpClient(asio::any_io_executor loop, HttpOptions options = {});
    ~HttpClient() override;
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    asio::awaitable<HttpResponse> send(HttpRequest request) override;
    /// A connection to where an http(s) URL leads, with nothing said on it: TLS is the caller's
    /// affair. By the same rules; of the URL only the place is used.
    asio::awaitable<asio::ip::tcp::socket> connect(std::string url,
                                                   std::chrono::milliseconds timeout);
    const HttpOptions& options() const { return options_; }

private:
    HttpOptions options_;
    std::unique_ptr<Multi> multi_;
};

/// Percent-encodes everything but RFC 3986's unreserved characters.
std::string url_encode(std::string_view text);
/// "https://hooks.example.com/…4f2a91": scheme, host and a 6-character fingerprint; for logs.
std::string redact_url(std::string_view url);
/// "https://host:port" of a URL, lower case; "" for anything that is not http(s).
std::string origin_of(std::string_view url);
bool is_loopback(std::string_view url);

}  // namespace nudged::net
