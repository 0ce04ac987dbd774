// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/warehouse/summary.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>

namespace nudged::cli {
namespace {

struct Status {
    bool running = false;
    warehouse::Summary summary;
    std::vector<std::string> for_a_person;  // what a person must do, a sentence each
};

Status read_status(const config::Config& config) {
    Status status;
    status.running = runtime::ControlClient::connect(config.control_socket_path()).has_value();
    if (!status.running)
        status.for_a_person.push_back(
            "The daemon is not running: start it with `systemctl start nudged`.");
    if (!std::filesystem::exists(config.warehouse_path())) {
        status.for_a_person.push_back("There is no warehouse yet: nothing has been synced.");
        return status;
    }
    status.summary = warehouse::read_summary(warehouse::Reader{config.warehouse_path().string()});
    for (const auto& stream : status.summary.streams)
        if (stream.failure_kind == "needs_person")
            status.for_a_person.push_back(
                fmt::format("{} {}: {}", stream.source, stream.stream, stream.failure));
    for (const auto& channel : status.summary.channels)
        if (channel.broken_since)
            status.for_a_person.push_back(
                fmt::format("channel {} is broken: {}", channel.channel, channel.broken_reason));
    return status;
}

std::string when(const std::optional<Instant>& instant) {
    return instant ? format_instant(std::chrono::floor<std::chrono::seconds>(*instant)) : "never";
}

void print_text(const Status& status) {
    fmt::print("daemon: {}\n\n", status.running ? "running" : "not running");
    Table streams({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::left});
    streams.row({"source", "stream", "complete at", "last failure"});
    for (const auto& stream : status.summary.streams)
        streams.row(
            {stream.source, stream.stream, when(stream.complete_at), for_terminal(stream.failure)});
    fmt::print("{}\n", streams.str());
    for (const auto& [state, count] : status.summary.findings)
        fmt::print("findings {}: {}\n", state, count);
    for (const auto& [state, count] : status.summary.messages)
        fmt::print("messages {}: {}\n", state, count);
    if (status.for_a_person.empty()) return;
    fmt::print("\nFor a person to do\n");
    for (const auto& sentence : status.for_a_person)
        fmt::print("  {}\n", for_terminal(sentence, 300));
}

void print_json(const Status& status) {
    Json json;
    json.begin_object().field("running", status.running);
    json.key("streams").begin_array();
    for (const auto& stream : status.summary.streams) {
        json.begin_object().field("source", stream.source).field("stream", stream.stream);
        json.field("complete_at", stream.complete_at
                                      ? std::optional{format_instant(*stream.complete_at)}
                                      : std::nullopt);
        json.field("failure_kind", stream.failure_kind)
            .field("failure", stream.failure)
            .end_object();
    }
    json.end_array();
    const auto write_counts = [&](const char* name, const auto& counts) {
        json.key(name).begin_object();
        for (const auto& [state, count] : counts) json.field(state, count);
        json.end_object();
    };
    write_counts("findings", status.summary.findings);
    write_counts("messages", status.summary.messages);
    json.key("for_a_person").begin_array();
    for (const auto& sentence : status.for_a_person) json.value(sentence);
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
    auto json = std::make_shared<bool>(false);
    auto* command = app.add_subcommand(
        "status",
        "How the daemon, the sources and the messages stand; exits 1 when a person is needed");
    command->add_flag("--json", *json, "an object");
    command->callback([json, &context] {
        const auto status = read_status(*context.load());
        *json ? print_json(status) : print_text(status);
        context.status = status.for_a_person.empty() ? exit_ok : exit_failure;
    });
}

}  // namespace nudged::cli
