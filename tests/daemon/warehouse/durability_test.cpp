// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "daemon/warehouse/writer.hpp"
#include "tests/support/world/world.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <filesystem>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using model::Entity;

namespace {

constexpr model::Stream calls{Entity::call, model::Lane::incremental};
constexpr int calls_a_page = 5;

model::Page page(int number) {
    const auto owner = *model::field_index(Entity::call, "owner");
    const auto started_at = *model::field_index(Entity::call, "started_at");
    model::Page made;
    made.fetched_at = tests::noon(2026y / 11 / 20);
    made.more = true;
    made.cursor.position = std::to_string(number);
    for (int i = 0; i < calls_a_page; ++i) {
        auto& record = made.records.emplace_back();
        record.entity = Entity::call;
        record.id = made.keep(fmt::format("{}-{}", number, i));
        record.values[owner] = made.keep(fmt::format("user{}", i));
        record.values[started_at] = to_millis(made.fetched_at);
    }
    return made;
}

/// Goes on where the warehouse stands and never stops; a byte for each page that was committed.
[[noreturn]] void store_for_ever(const std::string& path, int told) {
    asio::io_context loop;
    WriterOptions options;
    options.path = path;
    Writer writer{options};
    int number = 0;
    writer.run_blocking([&](Database& database) {
        const auto position = read_cursor(database, "crm", calls).position;
        number = position.empty() ? 0 : std::stoi(position);
    });
    auto work = [&]() -> asio::awaitable<void> {
        for (;;) {
            auto queue = writer.open_queue("crm", "http", calls);
            for (int i = 0; i < 3; ++i) co_await queue.push(page(++number));
            co_await queue.drain();
            if (::write(told, "...", 3) != 3) ::_exit(1);
        }
    };
    asio::co_spawn(loop, work(), [](std::exception_ptr) { ::_exit(2); });
    loop.run();
    ::_exit(3);
}

/// Kills a child that stores pages once it has committed `pages`; how many it had told by then.
int kill_after(const std::string& path, int pages) {
    std::array<int, 2> told{};
    REQUIRE(::pipe(told.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) store_for_ever(path, told[1]);
    ::close(told[1]);
    int committed = 0;
    std::array<char, 64> bytes{};
    for (ssize_t length = 1; committed < pages && length > 0;)
        committed += static_cast<int>(length = ::read(told[0], bytes.data(), 3));
    ::kill(child, SIGKILL);
    for (ssize_t length; (length = ::read(told[0], bytes.data(), bytes.size())) > 0;)
        committed += static_cast<int>(length);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(told[0]);
    REQUIRE(WIFSIGNALED(status));
    return committed;
}

}  // namespace

TEST_CASE("a killed writer leaves every page it said was stored, whole, with its cursor") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random{seed};
    tests::World world;
    const std::string path = std::filesystem::path(world.path()).parent_path() / "killed.db";
    int before = 0;
    for (int round = 0; round < 20; ++round) {
        const int committed = kill_after(path, std::uniform_int_distribution<int>{1, 60}(random));
        const Reader reader{path};
        const auto& database = reader.database();
        const int position = std::stoi(read_cursor(database, "crm", calls).position);
        CHECK(position >= before + committed);
        CHECK(database.integer("SELECT count(*) FROM call") == position * calls_a_page);
        CHECK(database.integer("SELECT sum(value) FROM v_rep_day WHERE measure = 'dials'") ==
              position * calls_a_page);
        auto check = database.prepare("PRAGMA integrity_check");
        REQUIRE(check.step());
        CHECK(check.text(0) == "ok");
        before = position;
    }
    CHECK(verify_rollups(Reader{path}.database()).empty());
}
