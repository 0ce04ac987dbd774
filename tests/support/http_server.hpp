// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::tests {

/// How long the wait_ functions wait before they give up: an event that will come comes much
/// sooner.
inline constexpr std::chrono::seconds patience{30};

struct Request {
    std::string method;
    std::string target;                          // as it came: path and query
    std::string path;                            // percent-decoded
    std::map<std::string, std::string> query;    // percent-decoded; the first value of each name
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    std::size_t connection = 0;  // counts from 1: equal numbers came over one connection

    std::string header(const std::string& lower_case_name) const;  // "" when absent
};

/// Something that a reply waits for, so that a test decides the order of events. Any thread.
class Gate {
public:
    void open();
    bool is_open() const;

private:
    friend class GateWaiter;
    mutable std::mutex mutex_;
    bool open_ = false;
    std::map<const void*, std::function<void()>> waiting_;
};

/// What the server does with one request. Plain by default; every misbehaviour is a member.
struct Reply {
    enum class Ending {
        keep_alive,
        close,  // FIN
        reset,  // RST
        hang,   // the connection stays open and silent until the client leaves
    };

    int status = 200;  // 0: not one byte is sent, only `ending` happens
    std::vector<std::pair<std::string, std::string>> headers;  // Content-Length is added
    std::string body;
    std::uint64_t repeat = 1;                 // the body is sent so many times, never held at once
    std::optional<std::uint64_t> cut_after;   // bytes of the body; then `ending`, or else a close
    std::shared_ptr<Gate> gate;               // opened by the test before anything is sent …
    std::optional<std::uint64_t> gate_after;  // … or before the rest of the body is
    Ending ending = Ending::keep_alive;
    std::string raw;  // sent as it stands instead of status, headers and body

    static Reply text(std::string body, int status = 200);
    static Reply json(std::string body, int status = 200);
    static Reply nothing(Ending ending);
};

struct TlsIdentity {
    std::string certificate_pem;
    std::string key_pem;
};

/// A real HTTP/1.1 server on 127.0.0.1 and a free port, in a thread of its own. The handler is
/// called on that thread, one request at a time; if it throws, the answer is 500. The rest may be
/// called from any thread. Going away, it drops all connections, whatever their gates say.
class HttpServer {
public:
    using Handler = std::function<Reply(const Request&)>;

    explicit HttpServer(Handler handler, std::optional<TlsIdentity> tls = std::nullopt);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::uint16_t port() const;
    std::string url(std::string_view target = "/") const;  // "http://127.0.0.1:PORT/…", or https

    std::vector<Request> requests() const;  // whole ones, in the order of their arrival
    std::size_t connections() const;        // accepted so far
    std::size_t open_connections() const;

    /// True once that many requests or open connections are there; false after `patience`.
    bool wait_for_requests(std::size_t count) const;
    bool wait_for_open_connections(std::size_t count) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace nudged::tests
