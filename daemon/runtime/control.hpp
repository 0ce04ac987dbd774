// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::runtime {

namespace asio = boost::asio;

/// What a command asks of the running daemon: one JSON object on one line.
struct ControlRequest {
    std::string command;                           // "ping", "reload", "status", "sync"
    std::map<std::string, std::string> arguments;  // {"source": "sales", "full": "true"}
    /// Whose process it came from, as the kernel says: nothing that a request itself could claim.
    /// Empty: nobody's, but nudged's own.
    std::optional<std::int64_t> user{};

    std::string argument(const std::string& name) const;
};
std::string to_json(const ControlRequest& request);
/// nullopt for what is no request.
std::optional<ControlRequest> parse_request(std::string_view line);

/// One line of an answer: text for a person, and whether it is the last one.
struct ControlReply {
    std::string text;
    bool last = false;
    int status = 0;  // of the last one: the command's exit status
};
std::string to_json(const ControlReply& reply);
std::optional<ControlReply> parse_reply(std::string_view line);

/// The daemon's end of the control socket (0660): whoever may open it may command. Lives on the
/// loop. A connection carries one request and its answer; requests are bounded in size and time.
class ControlServer {
public:
    using Send = std::function<asio::awaitable<void>(ControlReply)>;
    using Handler = std::function<asio::awaitable<void>(ControlRequest, Send)>;

    /// Takes the path over from a dead predecessor. Throws Failure(needs_person) when it cannot.
    ControlServer(asio::any_io_executor loop, std::string path, Handler handler);
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    /// Serves until cancelled; waits for the answers that are under way.
    asio::awaitable<void> run();

private:
    asio::awaitable<void> serve(asio::local::stream_protocol::socket peer);

    asio::any_io_executor loop_;
    std::string path_;
    Handler handler_;
    asio::local::stream_protocol::acceptor acceptor_;
};

/// The command line's end; blocks.
class ControlClient {
public:
    /// nullopt when no daemon listens there.
    static std::optional<ControlClient> connect(const std::string& path);

    /// Hands every line of the answer over; the exit status. Throws Failure(transient) when the
    /// daemon goes away before its last line, or `patience` ends before it.
    int ask(const ControlRequest& request, const std::function<void(const ControlReply&)>& told,
            std::chrono::seconds patience = std::chrono::hours{24 * 365});

private:
    explicit ControlClient(std::unique_ptr<asio::local::stream_protocol::iostream> stream);
    std::unique_ptr<asio::local::stream_protocol::iostream> stream_;
};

}  // namespace nudged::runtime
