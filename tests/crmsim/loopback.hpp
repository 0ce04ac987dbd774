// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Real HTTP/1.1 on 127.0.0.1 for the simulated far ends, with the ways in which a real one fails.
namespace nudged::loopback {

struct Request {
    std::string method;
    std::string path;                            // without the query, not decoded
    std::map<std::string, std::string> query;    // decoded; a repeated name joins by commas
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    std::string_view header(std::string_view lower_case_name) const;
    std::string_view parameter(const std::string& name) const;
};

/// How a reply ends on the wire.
enum class Ending {
    whole,
    cut,            // half of the announced body, then an orderly close
    reset,          // RST before any byte of the answer
    reset_in_body,  // half of the announced body, then RST
    silence,        // no answer ever; the connection stays open until the client gives up
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json;charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    Ending ending = Ending::whole;
};

/// Called on the server's own thread, one request at a time.
using Handler = std::function<Reply(const Request&)>;

/// Serves from its own thread until destroyed; then every connection is closed.
class Server {
public:
    /// Port 0 takes any free one. Throws boost::system::system_error when the port is taken.
    Server(std::uint16_t port, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    std::string url() const;  // "http://127.0.0.1:8123"

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

/// A client for tests and control requests: one connection a request, blocking. Throws
/// boost::system::system_error when no whole answer comes.
Reply fetch(std::uint16_t port, const std::string& method, const std::string& target,
            const std::string& body = {},
            const std::vector<std::pair<std::string, std::string>>& headers = {});

/// SIGTERM and SIGINT as something that main() waits for. Made before any thread is started, so
/// that all of them leave the signals alone.
class StopSignals {
public:
    StopSignals();
    void wait() const;

private:
    sigset_t signals_;
};

/// The kernel sends this process SIGTERM when its parent dies.
void stop_with_parent();

}  // namespace nudged::loopback
