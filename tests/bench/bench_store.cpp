// SPDX-License-Identifier: Apache-2.0
// bench_store [RECORDS] [FOLDER]: how many calls a second a Writer stores, new and then unchanged.
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include <sys/resource.h>

using namespace nudged;
using namespace nudged::warehouse;
using model::Entity;
using std::chrono::steady_clock;

namespace {

constexpr int records_a_page = 100;  // as most CRMs answer
constexpr int owners = 50;
constexpr Instant first_call = std::chrono::sys_days{std::chrono::year{2026} / 8 / 1};

/// Calls as a CRM tells them: ids in the order of their creation.
model::Page make_page(int first, std::mt19937& random) {
    const auto at = [](std::string_view name) { return *model::field_index(Entity::call, name); };
    static const auto owner = at("owner"), account = at("account"), opportunity = at("opportunity");
    static const auto started_at = at("started_at"), duration_s = at("duration_s");
    static const auto direction = at("direction"), outcome = at("outcome"), subject = at("subject");
    static const auto url = at("url");
    model::Page page;
    page.fetched_at = system_now();
    page.more = true;
    page.cursor.position = std::to_string(first);
    for (int i = first; i < first + records_a_page; ++i) {
        auto& record = page.records.emplace_back();
        record.entity = Entity::call;
        record.id = page.keep(fmt::format("51{:010}", i));
        record.modified = first_call + std::chrono::seconds{43 * i};  // 2,000 a day
        record.values[owner] = page.keep(fmt::format("{}", 70'000 + random() % owners));
        record.values[account] = page.keep(fmt::format("{}", 900'000 + random() % 20'000));
        record.values[opportunity] = page.keep(fmt::format("{}", 800'000 + random() % 8'000));
        record.values[started_at] = to_millis(*record.modified);
        record.values[duration_s] = static_cast<std::int64_t>(random() % 600);
        record.values[direction] = std::string_view{"outbound"};
        record.values[outcome] = std::string_view{random() % 3 ? "no_answer" : "connected"};
        record.values[subject] = std::string_view{"Call about the renewal"};
        record.values[url] = page.keep(fmt::format("https://crm.example.com/calls/51{:010}", i));
    }
    return page;
}

asio::awaitable<void> store(Writer& writer, int records, Stored& stored) {
    std::mt19937 random{1};
    auto queue = writer.open_queue("bench", "none", {Entity::call, model::Lane::incremental});
    for (int i = 0; i < records; i += records_a_page) co_await queue.push(make_page(i, random));
    stored = co_await queue.drain();
}

/// Of this process; a machine that is busy otherwise does not count.
std::chrono::duration<double> cpu_time() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return std::chrono::seconds{usage.ru_utime.tv_sec + usage.ru_stime.tv_sec} +
           std::chrono::microseconds{usage.ru_utime.tv_usec + usage.ru_stime.tv_usec};
}

void measure(const char* name, Writer& writer, int records) {
    asio::io_context loop;
    Stored stored;
    const auto began = steady_clock::now();
    const auto cpu_before = cpu_time();
    asio::co_spawn(loop, store(writer, records, stored), [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
    loop.run();
    const std::chrono::duration<double> took = steady_clock::now() - began;
    std::printf("%-10s %8llu records, %8llu changed, %6.2f s (cpu %.2f s), %8.0f records/s\n", name,
                static_cast<unsigned long long>(stored.records),
                static_cast<unsigned long long>(stored.changed), took.count(),
                (cpu_time() - cpu_before).count(),
                static_cast<double>(stored.records) / took.count());
}

}  // namespace

int main(int argc, char** argv) {
    const int records = argc > 1 ? std::atoi(argv[1]) : 200'000;
    const std::filesystem::path folder =
        argc > 2 ? argv[2] : std::filesystem::temp_directory_path() / "nudged-bench";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const auto path = folder / "warehouse.db";
    {
        WriterOptions options;
        options.path = path;
        Writer writer{options};
        measure("new", writer, records);
        measure("unchanged", writer, records);
        std::printf("log %ju MiB, ", std::filesystem::file_size(path.string() + "-wal") >> 20);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("warehouse %ju MiB, peak memory %ld MiB\n", std::filesystem::file_size(path) >> 20,
                usage.ru_maxrss >> 10);
    std::filesystem::remove_all(folder);
}
