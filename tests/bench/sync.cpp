// SPDX-License-Identifier: Apache-2.0
// bench_sync MANIFEST BASE_URL FILE: what `nudged sync` does, for one source and without the rest
// of the program: manifest, decoding on workers, page queue, writer. Prints how many records it
// stored, and its peak memory. With "urgent", an urgent commit is made every 20 ms while it works;
// the longest one is printed, too.
#include "daemon/runtime/sync.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <malloc.h>
#include <string>

using namespace nudged;
using std::chrono::steady_clock;
namespace asio = boost::asio;

namespace {

sources::SourceOptions options_of(const char* manifest, const char* base_url) {
    sources::HttpSourceOptions http;
    http.manifest = manifest;
    http.settings["base_url"] = base_url;
    sources::SourceOptions options;
    options.name = "crm";
    options.connector = "http";
    options.connector_options = std::move(http);
    return options;
}

struct Figures {
    std::uint64_t records = 0, changed = 0;
    steady_clock::duration longest_urgent{};
    bool ended = false;
};

asio::awaitable<void> sync(sources::Source& source, const sources::SourceOptions& options,
                           warehouse::Writer& writer, Figures& figures) {
    co_await runtime::declare(source, options, writer, false);
    for (const auto& stream : source.streams()) {
        if (stream.lane == model::Lane::relink) continue;  // days later
        const auto turn = co_await runtime::pull_stream(source, options, stream, writer, system_now,
                                                        [](const runtime::StreamTurn&) {});
        if (turn.failed()) throw Failure(*turn.failure_kind, turn.failure);
        figures.records += turn.stored.records;
        figures.changed += turn.stored.changed;
    }
    figures.ended = true;
}

/// As the outbox would, all the time.
asio::awaitable<void> commit_urgently(warehouse::Writer& writer, Figures& figures) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    auto work = [](warehouse::Database& database) {
        database.execute("INSERT INTO channel_state (channel, failures) VALUES ('bench', 0) "
                         "ON CONFLICT DO UPDATE SET failures = failures + 1");
    };
    while (!figures.ended) {
        timer.expires_after(std::chrono::milliseconds{20});
        co_await timer.async_wait(asio::use_awaitable);
        const auto began = steady_clock::now();
        co_await writer.run(work);
        figures.longest_urgent = std::max(figures.longest_urgent, steady_clock::now() - began);
    }
}

/// In MB. What wait4(2) tells begins with the memory of whoever started the program.
double peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 && argc != 5) {
        std::fprintf(stderr, "usage: bench_sync MANIFEST BASE_URL FILE [urgent]\n");
        return 2;
    }
    mallopt(M_ARENA_MAX, 2);  // as `nudged run` does
    asio::io_context loop{1};
    asio::thread_pool workers{2};
    net::HttpClient http{loop.get_executor()};
    const auto options = options_of(argv[1], argv[2]);
    const auto source = sources::make_http(options, {http, workers, system_now, "", {}});
    warehouse::WriterOptions writer_options;
    writer_options.path = argv[3];
    warehouse::Writer writer{writer_options};
    Figures figures;
    std::exception_ptr thrown;
    asio::co_spawn(loop, sync(*source, options, writer, figures), [&](std::exception_ptr failed) {
        thrown = failed;
        if (failed) figures.ended = true;
    });
    if (argc == 5) asio::co_spawn(loop, commit_urgently(writer, figures), asio::detached);
    loop.run();
    workers.join();
    if (thrown) std::rethrow_exception(thrown);
    std::printf("{\"records\": %llu, \"changed\": %llu, \"longest_urgent_ms\": %.1f, "
                "\"peak_mb\": %.1f}\n",
                static_cast<unsigned long long>(figures.records),
                static_cast<unsigned long long>(figures.changed),
                std::chrono::duration<double, std::milli>(figures.longest_urgent).count(),
                peak_memory());
}
