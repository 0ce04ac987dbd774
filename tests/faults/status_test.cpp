// SPDX-License-Identifier: Apache-2.0
// What `nudged status` says of a running daemon whose surroundings do not behave.
#include "tests/daemon/cli/site.hpp"
#include "tests/support/foreign_reader.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>

using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

bool has(const Process& daemon, const std::string& text) {
    return daemon.output().find(text) != std::string::npos;
}

constexpr auto large_tasks = R"(
[request.tasks]
get = "/tasks"
query = { page = "{page.number}" }
records = "/data"
[stream.task]
request = "tasks"
[stream.task.map]
subject = "/title"
)";

/// Pages 1 to 20 hold 2 MB each: more than the log of 32 MiB that is worth taking up.
Reply page_of_large_tasks(int page) {
    std::string rows;
    for (int row = 0; page <= 20 && row < 20; ++row)
        rows += fmt::format(R"({}{{"id":"{}-{}","title":"{}"}})", rows.empty() ? "" : ",", page,
                            row, std::string(100'000, 'x'));
    return Reply::json("{\"data\":[" + rows + "]}");
}

}  // namespace

TEST_CASE("status names the program that keeps the write-ahead log from being taken up") {
    std::atomic<bool> is_open = false;
    const HttpServer crm([&](const Request& request) {
        if (!is_open) return Reply::json("{}", 401);
        return page_of_large_tasks(std::stoi(request.query.at("page")));
    });
    const Site site;
    site.add_source(large_tasks, crm.url(""));
    ShiftedClock clock;
    const auto daemon = site.start_daemon(clock);
    REQUIRE(eventually([&] { return has(daemon, "stream.needs_person"); }));
    ForeignReader foreign(site.folder(), site.warehouse());
    is_open = true;
    REQUIRE(site.nudged({"sync"}).status == 0);
    CHECK(std::filesystem::file_size(site.warehouse() + "-wal") > 32 << 20);
    CHECK(site.for_a_person().empty());  // a read of ours may take so long

    clock.shift_steady(61s);
    CHECK_THAT(site.for_a_person(),
               Contains(fmt::format("pid {} (sqlite3) has kept a read of the warehouse open for ",
                                    foreign.pid())) &&
                   Contains("end that read, or let it read in short transactions"));

    foreign.end();
    REQUIRE(site.nudged({"sync"}).status == 0);
    clock.shift_steady(122s);
    CHECK(site.for_a_person().empty());
}

TEST_CASE("status tells of a clock that leaped, and of nothing once it is set right") {
    const Crm crm;
    const Site site(crm.url());
    site.serve_web();
    site.add_admin();
    ShiftedClock clock;
    const auto daemon = site.start_daemon(clock);
    const auto is_failing = [&] {
        const auto metrics = ask_web(daemon, "/metrics").body;
        return metrics.find("nudged_upkeep_failing{task=\"retention\"} 1") != std::string::npos;
    };
    REQUIRE(eventually([&] { return has(daemon, "retention.done"); }));
    CHECK(site.for_a_person().empty());
    CHECK_FALSE(is_failing());

    clock.shift_time_of_day(40 * 24h);
    REQUIRE(site.nudged({"sync"}).status == 0);
    REQUIRE(eventually([&] { return has(daemon, "retention.failed"); }));
    REQUIRE(eventually([&] { return site.admin_notices().size() == 1; }));
    CHECK_THAT(site.for_a_person(),
               Contains("retention fails: the clock went from 20") &&
                   Contains("at once: set it, if the machine was not off for so long") &&
                   Contains("nothing is past its time"));
    CHECK(eventually(is_failing));

    clock.shift_time_of_day(0s);
    REQUIRE(site.nudged({"sync"}).status == 0);
    CHECK(eventually([&] { return site.admin_notices().size() == 2; }));
    CHECK(site.for_a_person().empty());
    CHECK(eventually([&] { return !is_failing(); }));
}
