// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/care_client.hpp"

#include "daemon/cli/table.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/writer.hpp"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace nudged::cli {
namespace {

runtime::CareReport ask(runtime::ControlClient& client, const runtime::ControlRequest& request) {
    std::string answer;
    const int status =
        client.ask(request, [&](const runtime::ControlReply& reply) { answer = reply.text; });
    if (auto report = runtime::parse_care_report(answer)) return *report;
    runtime::CareReport failed;  // an older daemon answers in words
    failed.status = status == 0 ? exit_failure : status;
    failed.sentences.push_back(answer);
    return failed;
}

runtime::asio::awaitable<void> await_report(runtime::asio::awaitable<runtime::CareReport> work,
                                            runtime::CareReport& report) {
    report = co_await std::move(work);
}

runtime::CareReport work_here(const config::Config& config, runtime::ControlRequest request) {
    request.user = ::geteuid();  // as the daemon would hear it
    runtime::Workplace place;    // outlives the writer, which posts to its loop
    auto options = runtime::writer_options(config);
    const auto rules = options.rules;
    warehouse::Writer writer(std::move(options));
    runtime::asio::thread_pool worker{1};
    const runtime::CareContext context{
        .config = config, .writer = writer, .rules = rules, .workers = worker, .clock = system_now};
    runtime::CareReport report;
    auto work = runtime::find_care(request, context);
    place.run(await_report(std::move(*work), report));
    worker.join();
    return report;
}

}  // namespace

void print_report(const runtime::CareReport& report, bool json, CareVerbs verbs) {
    if (json) {
        fmt::print("{}\n", to_json(report));
        return;
    }
    auto* const stream = report.status == 0 ? stdout : stderr;
    for (const auto& sentence : report.sentences)
        fmt::print(stream, "{}\n", for_terminal(sentence, 400));
    if (report.removed.empty() && report.changed.empty()) return;
    Table table({Table::Align::left, Table::Align::right, Table::Align::right});
    table.row({"table", verbs.removed, verbs.changed});
    auto tables = report.removed;
    tables.insert(report.changed.begin(), report.changed.end());
    const auto count = [](const warehouse::RowCounts& counts, const std::string& name) {
        const auto found = counts.find(name);
        return found == counts.end() ? std::string{"0"} : fmt::format("{}", found->second);
    };
    for (const auto& [name, ignored] : tables)
        table.row({name, count(report.removed, name), count(report.changed, name)});
    fmt::print(stream, "{}", table.str());
}

runtime::CareReport do_care(const config::Config& config, const runtime::ControlRequest& request) {
    if (auto client = runtime::ControlClient::connect(config.control_socket_path()))
        return ask(*client, request);
    if (!std::filesystem::exists(config.warehouse_path())) {
        fmt::print(stderr, "{}: there is no warehouse yet; nothing has been synced\n",
                   config.warehouse_path().string());
        throw Exit{exit_unavailable};
    }
    return work_here(config, request);
}

int take_care(const config::Config& config, const runtime::ControlRequest& request, bool json) {
    const auto report = do_care(config, request);
    print_report(report, json);
    return report.status;
}

}  // namespace nudged::cli
