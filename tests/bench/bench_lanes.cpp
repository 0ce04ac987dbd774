// SPDX-License-Identifier: Apache-2.0
// bench_lanes [RECORDS] [FOLDER]: how long findings and outbox commits take while a first load of
// so many calls runs. Prints the distribution as JSON; the
// design asks for half a second at most.
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

using namespace nudged;
using namespace nudged::warehouse;
using model::Entity;
using std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

namespace {

constexpr int records_a_page = 100;
constexpr Instant first_call = std::chrono::sys_days{std::chrono::year{2026} / 8 / 1};
constexpr std::chrono::milliseconds between_commits{50};

/// A call whose owner, account and opportunity are spread, as in a large team.
model::Page make_page(int first) {
    const auto at = [](std::string_view name) { return *model::field_index(Entity::call, name); };
    static const auto owner = at("owner"), account = at("account"), opportunity = at("opportunity");
    static const auto started_at = at("started_at"), duration_s = at("duration_s");
    model::Page page;
    page.fetched_at = first_call;
    page.more = true;
    page.cursor.position = std::to_string(first);
    for (int i = first; i < first + records_a_page; ++i) {
        const auto spread = static_cast<unsigned>(i) * 2654435761U;
        auto& record = page.records.emplace_back();
        record.entity = Entity::call;
        record.id = page.keep(fmt::format("{:010}", spread));
        record.values[owner] = page.keep(std::to_string(spread % 500));
        record.values[account] = page.keep(std::to_string(spread % 20'000));
        record.values[opportunity] = page.keep(std::to_string(spread % 8'000));
        record.values[started_at] = to_millis(first_call + std::chrono::seconds{43 * i});
        record.values[duration_s] = static_cast<std::int64_t>(spread % 600);
    }
    return page;
}

asio::awaitable<void> load(Writer& writer, int records) {
    auto queue = writer.open_queue("bench", "none", {Entity::call, model::Lane::incremental});
    for (int i = 0; i < records; i += records_a_page) co_await queue.push(make_page(i));
    co_await queue.drain();
}

/// A finding and its message, as an evaluation writes them.
void decide(Database& database, int number) {
    Finding finding;
    finding.check = "bench";
    finding.subject.id = std::to_string(number);
    open_finding(database, finding, 1, first_call);
    insert_message(database,
                   {.key = std::to_string(number),
                    .channel = "bench",
                    .recipient = "mara@example.com",
                    .reason = "nudge",
                    .message = "{}",
                    .due_at = first_call,
                    .expires_at = first_call},
                   first_call);
}

std::vector<Milliseconds> commit_until(Writer& writer, const std::atomic<bool>& is_over) {
    std::vector<Milliseconds> took;
    for (int number = 0; !is_over; ++number) {
        const auto began = steady_clock::now();
        writer.run_blocking([&](Database& database) { decide(database, number); });
        took.push_back(steady_clock::now() - began);
        std::this_thread::sleep_for(between_commits);
    }
    return took;
}

void print(int records, double seconds, std::vector<Milliseconds> took) {
    std::sort(took.begin(), took.end());
    const auto share = [&](double part) {
        return took[static_cast<std::size_t>(part * static_cast<double>(took.size() - 1))].count();
    };
    std::printf("{\"records\": %d, \"seconds\": %.2f, \"commits\": %zu, \"median_ms\": %.2f, "
                "\"p90_ms\": %.2f, \"p99_ms\": %.2f, \"longest_ms\": %.2f}\n",
                records, seconds, took.size(), share(0.5), share(0.9), share(0.99), share(1));
}

}  // namespace

int main(int argc, char** argv) {
    const int records = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    const std::filesystem::path folder =
        argc > 2 ? argv[2] : std::filesystem::temp_directory_path() / "nudged_bench_lanes";
    std::filesystem::create_directories(folder);
    WriterOptions options;
    options.path = folder / "nudged.db";
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(options.path + suffix);
    asio::io_context loop;
    std::vector<Milliseconds> took;
    std::chrono::duration<double> loading{};
    {
        Writer writer(options);
        std::atomic<bool> is_over = false;
        std::thread committing([&] { took = commit_until(writer, is_over); });
        const auto began = steady_clock::now();
        asio::co_spawn(loop, load(writer, records), [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
        loop.run();
        loading = steady_clock::now() - began;
        is_over = true;
        committing.join();
    }
    print(records, loading.count(), std::move(took));
    for (const char* suffix : {"", "-wal", "-shm", ".lock"})
        std::filesystem::remove(options.path + suffix);
}
