// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/runtime/quota_book.hpp"
#include "daemon/runtime/recounter.hpp"
#include "daemon/runtime/sheet_reader.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/cursors.hpp"

#include <cstdio>
#include <unistd.h>

namespace nudged::cli {
namespace {

struct Options {
    std::string source;
    bool full = false;
};

void check_source_exists(const config::Config& config, const std::string& name) {
    for (const auto& source : config.sources)
        if (name.empty() || source.name == name) return;
    if (name.empty())
        fmt::print(stderr, "no source is configured\n");
    else
        fmt::print(stderr, "--source {}: no such source; `nudged source list` shows them\n", name);
    throw Exit{exit_usage};
}

/// Behind all records, and leave before commitments: where a row says no "from", its baseline is
/// the median of weeks, of which those with leave may be no use.
runtime::asio::awaitable<void> read_sheets(const Options& options,
                                           const sources::SourceContext& context,
                                           const runtime::CareContext& desk, int& failed) {
    using sources::CoachingRows;
    for (const auto kind : {CoachingRows::leave, CoachingRows::commitment})
        for (const auto& source : desk.config.sources) {
            if (!options.source.empty() && source.name != options.source) continue;
            auto rows = sources::coaching_source(source, kind);
            if (!rows) continue;
            runtime::SheetReader reader(std::move(*rows), kind, context, desk, [] {});
            const auto turn = co_await reader.read();
            if (!turn.failure.empty()) ++failed;
            fmt::print("{}\n", runtime::sheet_line(turn));
        }
}

/// Links that were read lately are not read again each time that somebody syncs.
runtime::asio::awaitable<bool> is_relinked(warehouse::Writer& writer, const sources::Source& source,
                                           const sources::SourceOptions& options,
                                           model::Stream stream) {
    if (stream.lane != model::Lane::relink) co_return false;
    auto read = [&](warehouse::Database& database) {
        return warehouse::read_completed(database, options.name);
    };
    const auto completed = co_await writer.run(read);
    const auto last = completed.find(stream);
    co_return last != completed.end() &&
        system_now() - last->second < source.interval(stream, options.poll);
}

runtime::asio::awaitable<void> sync_here(const config::Config& config, const Options& options,
                                         runtime::Workplace& place,
                                         const runtime::CareContext& desk, Progress& progress,
                                         int& failed) {
    auto& writer = desk.writer;
    auto apply = [&](warehouse::Database& database) {
        warehouse::apply_roster(database, config.roster);
        warehouse::apply_measures(database, config.checks.measures);
    };
    co_await writer.run(apply);
    runtime::WarehouseQuotaBook quotas(writer, system_now);
    auto context = place.source_context(config);
    context.quotas = &quotas;
    sources::SharedLimits limits;
    context.limits = &limits;
    for (const auto& source_options : config.sources) {
        if (!options.source.empty() && source_options.name != options.source) continue;
        const auto source = runtime::make_source(source_options, context);
        co_await runtime::declare(*source, source_options, writer, options.full);
        for (const auto& stream : source->streams()) {
            const bool is_done = co_await is_relinked(writer, *source, source_options, stream);
            if (is_done) continue;
            const auto turn = co_await runtime::pull_stream(
                *source, source_options, stream, writer, system_now,
                [&](const runtime::StreamTurn& so_far) { progress.show(so_far); });
            if (turn.failed()) ++failed;
            if (turn.is_dead_credential) break;  // no other stream would fare better
        }
    }
    // What a daemon does in the background.
    for (auto state = co_await runtime::recount_step(writer); state.is_pending();)
        state = co_await runtime::recount_step(writer);
    co_await read_sheets(options, context, desk, failed);
}

int sync_by_daemon(runtime::ControlClient& client, const Options& options) {
    const runtime::ControlRequest request{
        .command = "sync",
        .arguments = {{"source", options.source}, {"full", options.full ? "true" : "false"}}};
    return client.ask(request, [](const runtime::ControlReply& reply) {
        if (!reply.text.empty()) fmt::print("{}\n", reply.text);
    });
}

}  // namespace

void add_sync(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "sync", "Pull the sources now: by the running daemon, or here when none runs");
    command.add_option("--source", options->source, "only this source");
    command.add_flag("--full", options->full,
                     "from the very beginning; what is found wins over what is stored");
    command.callback([options, &context] {
        auto config = context.load();
        check_source_exists(*config, options->source);
        if (auto client = runtime::ControlClient::connect(config->control_socket_path())) {
            context.status = sync_by_daemon(*client, *options);
            return;
        }
        config = context.load(config::Secrets::required);
        runtime::Workplace place;  // outlives the writer, which posts to its loop
        auto opening = runtime::writer_options(*config);
        const auto rules = opening.rules;
        warehouse::Writer writer(std::move(opening));
        runtime::asio::thread_pool worker{1};
        const runtime::CareContext desk{.config = *config,
                                        .writer = writer,
                                        .rules = rules,
                                        .workers = worker,
                                        .clock = system_now};
        Progress progress(isatty(STDOUT_FILENO) != 0);
        int failed = 0;
        place.run(sync_here(*config, *options, place, desk, progress, failed));
        if (failed > 0) context.status = exit_failure;
    });
}

}  // namespace nudged::cli
