// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/control.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/runtime/task_group.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>

namespace nudged::runtime {

using asio::local::stream_protocol;
using Json = rapidjson::Writer<rapidjson::StringBuffer>;

namespace {

constexpr std::size_t max_request_bytes = 64 * 1024;
constexpr std::chrono::seconds request_timeout{5};

void write_text(Json& json, std::string_view text) {
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

std::string_view text_of(const rapidjson::Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

/// An object, or a null value for anything else.
rapidjson::Document parse_object(std::string_view line) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
    if (document.HasParseError() || !document.IsObject()) document.SetNull();
    return document;
}

/// Whoever connected, by the kernel's word (unix(7), SO_PEERCRED).
std::optional<std::int64_t> user_of(stream_protocol::socket& peer) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(peer.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        return std::nullopt;
    return who.uid;
}

}  // namespace

std::string ControlRequest::argument(const std::string& name) const {
    const auto found = arguments.find(name);
    return found == arguments.end() ? std::string{} : found->second;
}

std::string to_json(const ControlRequest& request) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("command"), write_text(json, request.command);
    json.Key("arguments"), json.StartObject();
    for (const auto& [name, value] : request.arguments) {
        write_text(json, name), write_text(json, value);
    }
    json.EndObject(), json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

std::optional<ControlRequest> parse_request(std::string_view line) {
    const auto document = parse_object(line);
    if (!document.IsObject()) return std::nullopt;
    const auto command = document.FindMember("command");
    if (command == document.MemberEnd() || !command->value.IsString()) return std::nullopt;
    ControlRequest request;
    request.command = text_of(command->value);
    const auto arguments = document.FindMember("arguments");
    if (arguments != document.MemberEnd() && arguments->value.IsObject())
        for (const auto& member : arguments->value.GetObject())
            if (member.value.IsString())
                request.arguments.emplace(text_of(member.name), text_of(member.value));
    return request;
}

std::string to_json(const ControlReply& reply) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("text"), write_text(json, reply.text);
    if (reply.last) json.Key("status"), json.Int(reply.status);
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

std::optional<ControlReply> parse_reply(std::string_view line) {
    const auto document = parse_object(line);
    if (!document.IsObject()) return std::nullopt;
    const auto text = document.FindMember("text");
    if (text == document.MemberEnd() || !text->value.IsString()) return std::nullopt;
    ControlReply reply{.text = std::string{text_of(text->value)}};
    const auto status = document.FindMember("status");
    if (status != document.MemberEnd() && status->value.IsInt()) {
        reply.last = true;
        reply.status = status->value.GetInt();
    }
    return reply;
}

ControlServer::ControlServer(asio::any_io_executor loop, std::string path, Handler handler)
    : loop_(loop), path_(std::move(path)), handler_(std::move(handler)), acceptor_(loop) {
    try {
        const stream_protocol::endpoint endpoint{path_};
        acceptor_.open();
        // The writer's lock says that no other daemon runs on this state: what lies here is dead.
        std::filesystem::remove(path_);
        const auto mask = umask(0117);
        boost::system::error_code failed;
        acceptor_.bind(endpoint, failed);
        umask(mask);
        if (failed) throw boost::system::system_error(failed);
        acceptor_.listen();
    } catch (const std::exception&) {
        throw Failure(FailureKind::needs_person,
                      fmt::format("cannot listen on the control socket {}: check that its folder "
                                  "exists, belongs to nudged, and that the path is short enough "
                                  "(107 characters)",
                                  path_));
    }
}

ControlServer::~ControlServer() {
    std::error_code ignored;  // the folder may be gone already
    std::filesystem::remove(path_, ignored);
}

asio::awaitable<void> ControlServer::run() {
    TaskGroup conversations(loop_,
                            [](std::exception_ptr) {});  // a peer that goes away ends only its own
    std::exception_ptr ended;
    try {
        for (;;) {
            auto peer = co_await acceptor_.async_accept(asio::use_awaitable);
            conversations.spawn(serve(std::move(peer)));
        }
    } catch (...) {
        ended = std::current_exception();
    }
    // Who has been cancelled may await nothing else, and this has to be awaited.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await conversations.stop();
    std::rethrow_exception(ended);
}

asio::awaitable<void> ControlServer::serve(stream_protocol::socket peer) {
    using namespace asio::experimental::awaitable_operators;
    Send send = [&peer](ControlReply reply) -> asio::awaitable<void> {
        const auto line = to_json(reply) + "\n";
        co_await asio::async_write(peer, asio::buffer(line), asio::use_awaitable);
    };
    std::string input;
    asio::steady_timer too_slow(loop_, request_timeout);
    auto limited = asio::dynamic_buffer(input, max_request_bytes);
    auto read = co_await (asio::async_read_until(peer, limited, '\n', asio::use_awaitable) ||
                          too_slow.async_wait(asio::use_awaitable));
    if (read.index() != 0) co_return;
    auto request = parse_request(std::string_view{input}.substr(0, std::get<0>(read)));
    if (!request) {
        ControlReply reply{.text = "not a request", .last = true, .status = 64};
        co_await send(std::move(reply));
        co_return;
    }
    request->user = user_of(peer);
    co_await handler_(std::move(*request), send);
}

ControlClient::ControlClient(std::unique_ptr<stream_protocol::iostream> stream)
    : stream_(std::move(stream)) {}

std::optional<ControlClient> ControlClient::connect(const std::string& path) {
    auto stream = std::make_unique<stream_protocol::iostream>();
    stream->connect(stream_protocol::endpoint{path});
    if (!*stream) return std::nullopt;
    return ControlClient{std::move(stream)};
}

int ControlClient::ask(const ControlRequest& request,
                       const std::function<void(const ControlReply&)>& told,
                       std::chrono::seconds patience) {
    stream_->expires_after(patience);
    *stream_ << to_json(request) << '\n' << std::flush;
    std::string line;
    while (std::getline(*stream_, line)) {
        const auto reply = parse_reply(line);
        if (!reply) continue;
        told(*reply);
        if (reply->last) return reply->status;
    }
    throw Failure(FailureKind::transient,
                  "the daemon went away, or is stuck, before it had answered");
}

}  // namespace nudged::runtime
