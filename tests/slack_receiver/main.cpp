// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/json.hpp"
#include "tests/slack_receiver/receiver.hpp"
#include "tests/slack_receiver/render.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <unistd.h>

namespace {

using namespace nudged;

struct Arguments {
    std::uint16_t port = 0;
    std::string log;
    std::string color = "auto";
    std::size_t width = 80;
    bool with_parent = false;
};

/// The message as one line of JSON.
std::string one_line(const rapidjson::Value& message) {
    loopback::JsonWriter json;
    message.Accept(json);
    return json.str();
}

void show(const slack_receiver::Received& post, const rapidjson::Value& message,
          const slack_receiver::RenderOptions& options) {
    // The path is the webhook's secret: its first part is enough to tell channels apart.
    fmt::print("\n== Slack, {}, {}\n", post.path.substr(0, post.path.find('/', 10)),
               format_instant(post.at));
    if (post.objection)
        fmt::print("refused, {}: {}\n", post.objection->code, post.objection->reason);
    else if (post.status != 200)
        fmt::print("answered {} as ordered\n",
                   post.status == 0 ? "nothing" : std::to_string(post.status));
    else
        fmt::print("{}", slack_receiver::render(message, options));
    std::fflush(stdout);
}

int run(const Arguments& arguments) {
    const loopback::StopSignals stop;
    if (arguments.with_parent) loopback::stop_with_parent();
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    const slack_receiver::RenderOptions options{
        arguments.width, arguments.color == "always" || (arguments.color == "auto" && terminal)};
    std::ofstream log;
    if (!arguments.log.empty()) {
        log.open(arguments.log, std::ios::app);
        if (!log) throw std::runtime_error("cannot write " + arguments.log);
    }
    slack_receiver::Receiver receiver(
        [&](const slack_receiver::Received& post, const rapidjson::Value& message) {
            if (log.is_open() && post.status == 200) log << one_line(message) << std::endl;
            show(post, message, options);
        });
    const loopback::Server server(
        arguments.port, [&](const loopback::Request& request) { return receiver.answer(request); });
    fmt::print("listening on {}\n", server.url());
    std::fflush(stdout);
    stop.wait();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("slack_receiver: Slack's end of an incoming webhook, shown in the terminal");
    Arguments arguments;
    app.add_option("--port", arguments.port, "on 127.0.0.1; 0 takes any free one");
    app.add_option("--log", arguments.log,
                   "append every accepted message to this file, one JSON a line");
    app.add_option("--color", arguments.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    app.add_option("--width", arguments.width, "columns")->check(CLI::Range(20, 400));
    app.add_flag("--with-parent", arguments.with_parent, "stop when the parent process dies");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(arguments);
    } catch (const std::exception& error) {
        fmt::print(stderr, "slack_receiver: {}\n", error.what());
        return 1;
    }
}
