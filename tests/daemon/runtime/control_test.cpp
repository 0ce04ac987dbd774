// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/control.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/task_group.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace nudged;
using namespace nudged::runtime;

TEST_CASE("a command reaches the daemon, and gets every line of its answer") {
    const tests::TempFolder folder;
    const auto path = folder.file("control.sock");
    asio::io_context loop;
    ControlRequest seen;
    auto handler = [&](ControlRequest request, ControlServer::Send send) -> asio::awaitable<void> {
        seen = std::move(request);
        ControlReply line{.text = "half way \"there\""};
        co_await send(std::move(line));
        ControlReply last{.text = "done", .last = true, .status = 3};
        co_await send(std::move(last));
    };
    ControlServer server(loop.get_executor(), path, handler);
    struct stat info {};
    REQUIRE(stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0660);
    TaskGroup tasks(loop.get_executor(), [](std::exception_ptr) {});
    tasks.spawn(server.run());

    std::vector<std::string> lines;
    int status = 0;
    std::thread client([&] {
        const ControlRequest request{.command = "sync", .arguments = {{"source", "a \"b\""}}};
        status = ControlClient::connect(path)->ask(
            request, [&](const ControlReply& reply) { lines.push_back(reply.text); });
        asio::co_spawn(loop, tasks.stop(), asio::detached);
    });
    loop.run();
    client.join();
    CHECK(seen.command == "sync");
    CHECK(seen.argument("source") == "a \"b\"");
    CHECK(seen.argument("full").empty());
    CHECK(seen.user == ::geteuid());
    CHECK(lines == std::vector<std::string>{"half way \"there\"", "done"});
    CHECK(status == 3);
}

TEST_CASE("nobody listens where no daemon runs") {
    const tests::TempFolder folder;
    CHECK_FALSE(ControlClient::connect(folder.file("control.sock")).has_value());
}

TEST_CASE("what is no request is told from one") {
    CHECK_FALSE(parse_request("").has_value());
    CHECK_FALSE(parse_request("[]").has_value());
    CHECK_FALSE(parse_request(R"({"command": 7})").has_value());
    CHECK_FALSE(parse_request(std::string(100'000, '[')).has_value());
    CHECK(parse_request(R"({"command": "ping"})")->command == "ping");
    CHECK_FALSE(
        parse_request(R"({"command": "ping", "user": 0})")->user);  // nobody says who they are
}

TEST_CASE("an event is one line, whatever its fields hold") {
    constexpr EventKind kind{"stream.failed", Level::warning, "", ""};
    const std::vector<EventField> fields{{"source", "crm"}, {"pages", 3}, {"why", "a \"b\"\nc"}};
    const auto now = from_millis(1'772'463'600'123);  // 2026-03-02T15:00:00.123Z
    CHECK(format_event(LogFormat::journal, now, kind, fields) ==
          "<4>stream.failed source=crm pages=3 why=\"a \\\"b\\\" c\"");
    CHECK(
        format_event(LogFormat::text, now, kind, fields) ==
        "2026-03-02T15:00:00.123Z warning stream.failed source=crm pages=3 why=\"a \\\"b\\\" c\"");
    CHECK(format_event(LogFormat::json, now, kind, fields) ==
          R"({"time":"2026-03-02T15:00:00.123Z","level":"warning","event":"stream.failed",)"
          R"("source":"crm","pages":3,"why":"a \"b\"\nc"})");
}
