// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/base/instant.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
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
    bool is_private = false;             // it or its answer is a credential: never to be recorded
    std::vector<std::string> secrets{};  // that stand somewhere in it, such as a session's key
    bool public_only = false;  // refused where the name leads to this machine or a private network;
                               // behind a proxy of the environment, that one decides
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

/// What answers requests: the network, or a recording of it. Lives on the loop.
class Exchange {
public:
    virtual ~Exchange() = default;
    /// Every status is a value; throws TransferFailure when there is no answer.
    virtual asio::awaitable<HttpResponse> send(HttpRequest request) = 0;
};

}  // namespace nudged::net
