// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/event.hpp"
#include "daemon/web/metrics.hpp"
#include "tests/skip.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <limits>

using namespace nudged;
using web::MetricsText;

TEST_CASE("a metric is introduced once, and its samples follow") {
    MetricsText text;
    text.begin("nudged_streams", MetricsText::Type::gauge, "Streams by state.")
        .sample(3, {{"source", "hub"}, {"state", "ok"}})
        .sample(0.5);
    text.begin("nudged_pages_total", MetricsText::Type::counter, "Pages fetched.").sample(1e15);

    CHECK(text.str() == "# HELP nudged_streams Streams by state.\n"
                        "# TYPE nudged_streams gauge\n"
                        "nudged_streams{source=\"hub\",state=\"ok\"} 3\n"
                        "nudged_streams 0.5\n"
                        "# HELP nudged_pages_total Pages fetched.\n"
                        "# TYPE nudged_pages_total counter\n"
                        "nudged_pages_total 1000000000000000\n");
}

TEST_CASE("a label cannot break out of its quotes, nor a help out of its line") {
    MetricsText text;
    text.begin("nudged_x", MetricsText::Type::gauge, "a \"b\" \\ \n c")
        .sample(1, {{"name", "a\"b\\c\nd é"}});

    CHECK(text.str() == "# HELP nudged_x a \"b\" \\\\ \\n c\n"
                        "# TYPE nudged_x gauge\n"
                        "nudged_x{name=\"a\\\"b\\\\c\\nd é\"} 1\n");
}

TEST_CASE("values that are no ordinary number have their names") {
    MetricsText text;
    const double infinity = std::numeric_limits<double>::infinity();
    text.begin("nudged_x", MetricsText::Type::gauge, "Any.")
        .sample(infinity)
        .sample(-infinity)
        .sample(std::numeric_limits<double>::quiet_NaN());

    CHECK(text.str().ends_with("nudged_x +Inf\nnudged_x -Inf\nnudged_x NaN\n"));
}

TEST_CASE("every event that was told is counted") {
    const EventKind kind{"test.metrics", Level::info, "A test told it.", ""};
    tell(kind, {});
    tell(kind, {});

    const auto text = web::render_event_counts();

    CHECK(text.starts_with("# HELP nudged_events_total "));
    CHECK(text.find("# TYPE nudged_events_total counter\n") != std::string::npos);
    CHECK(text.find("nudged_events_total{event=\"test.metrics\"} 2\n") != std::string::npos);
}

TEST_CASE("promtool finds nothing to say about the metrics") {
    if (std::system("command -v promtool >/dev/null") != 0)
        return tests::skip("promtool is not installed");
    const EventKind kind{"test.promtool", Level::info, "A test told it.", ""};
    tell(kind, {});
    std::FILE* promtool = popen("promtool check metrics", "w");
    REQUIRE(promtool != nullptr);
    std::fputs(web::render_event_counts().c_str(), promtool);
    CHECK(pclose(promtool) == 0);
}

TEST_CASE("an event that was not told yet stands at 0, so that its rate has a beginning") {
    const auto text = web::render_event_counts();
    CHECK(text.find("nudged_events_total{event=\"warehouse.failing\"} 0\n") != std::string::npos);
}
