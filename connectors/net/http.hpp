// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/base/instant.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::net {

namespace asio = boost::asio;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";  // GET or POST
    std::string url;             // https; http only for loopback hosts
    Headers headers;
    std::string body;
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{60'000};
    std::size_t max_body_bytes = 64u << 20;  // of the answer, after decompression
};

struct HttpResponse {
    int status = 0;
    Headers headers;  // names in lower case, at most 256 of them
    std::string body;

    /// The first value of a header; "" when absent.
    std::string_view header(std::string_view lower_case_name) const;
    /// `Retry-After` as seconds or HTTP date (RFC 9110 §10.2.3), never negative; nullopt when
    /// absent.
    std::optional<std::chrono::milliseconds> retry_after(Instant now) const;
    /// The server's clock, from `Date`.
    std::optional<Instant> date() const;
};

/// No answer came, or none that may be read on. `sent` tells the ambiguous from the certain: false
/// means that the server got no byte of the request (delivery reference §1.4).
class TransferFailure : public Failure {
public:
    TransferFailure(FailureKind kind, const std::string& what, int curl_code, bool sent)
        : Failure(kind, what), curl_code_(curl_code), sent_(sent) {}
    int curl_code() const { return curl_code_; }
    bool sent() const { return sent_; }

private:
    int curl_code_;
    bool sent_;
};

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
class HttpClient {
public:
    explicit HttpClient(asio::any_io_executor loop, HttpOptions options = {});
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    asio::awaitable<HttpResponse> send(HttpRequest request);

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
