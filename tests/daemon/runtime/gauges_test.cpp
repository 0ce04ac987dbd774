// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/gauges.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace std::chrono_literals;
using Catch::Contains;

TEST_CASE("each channel has its figures, those that nothing has come of yet as well") {
    const auto now = parse_instant("2026-11-20T08:00:00Z").value();
    runtime::ChannelFigures busy{.channel = "hook", .given_up = 2};
    busy.tries[static_cast<std::size_t>(channels::Outcome::delivered)] = 7;
    busy.tries[static_cast<std::size_t>(channels::Outcome::refused_destination)] = 1;
    busy.queue = {.waiting = 3, .oldest = now - 90s};
    const auto text = runtime::render_channel_figures({busy, {.channel = "mail"}}, now);
    for (const auto* line :
         {"nudged_channel_tries_total{channel=\"hook\",outcome=\"delivered\"} 7",
          "nudged_channel_tries_total{channel=\"hook\",outcome=\"refused_destination\"} 1",
          "nudged_channel_tries_total{channel=\"mail\",outcome=\"ambiguous\"} 0",
          "nudged_channel_given_up_total{channel=\"hook\"} 2",
          "nudged_channel_waiting{channel=\"hook\"} 3",
          "nudged_channel_oldest_waiting_seconds{channel=\"hook\"} 90",
          "nudged_channel_oldest_waiting_seconds{channel=\"mail\"} 0"}) {
        CAPTURE(line);
        CHECK_THAT(text, Contains(fmt::format("\n{}\n", line)));
    }
    // A clock that was set back does not make the age of it less than nothing.
    CHECK_THAT(runtime::render_channel_figures({busy}, now - 1h),
               Contains("nudged_channel_oldest_waiting_seconds{channel=\"hook\"} 0\n"));
}

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
