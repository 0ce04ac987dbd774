// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/gauges.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using Catch::Contains;

TEST_CASE("the gauges of the file name the process that holds the log, as status does") {
    const std::chrono::steady_clock::time_point now{100s};
    warehouse::FileHealth health;
    CHECK_THAT(runtime::render_file_gauges(health, now),
               Contains("\nnudged_warehouse_log_held_seconds 0\n"));
    health.log.held_since = now - 61s;
    health.log_holder = "pid 4711 (metabase)";
    CHECK_THAT(
        runtime::render_file_gauges(health, now),
        Contains("\nnudged_warehouse_log_held_seconds{holder=\"pid 4711 (metabase)\"} 61\n"));
    CHECK_THAT(warehouse::advice(health, now), Contains("pid 4711 (metabase)"));
}
