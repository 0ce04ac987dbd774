// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/config/config.hpp"
#include "daemon/warehouse/own_measures.hpp"
#include "tests/paths.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

/// The KPIs of config/examples/own-kpis over a World: those of Ana, in the last complete week.
struct Example {
    World world{noon(2026y / 11 / 20)};
    std::shared_ptr<const config::Config> config;

    Example() {
        const auto loaded = config::load(NUDGED_SOURCE_DIR "/config/examples/own-kpis/nudged.toml");
        INFO(loaded.problems.str());
        REQUIRE(loaded.config);
        config = loaded.config;
        world.set_roster(config->roster);
        world.mark_all_complete(noon(2026y / 11 / 20));
    }

    checks::KpiWeek week(std::string_view kpi) {
        auto& database = world.database();
        {
            warehouse::Transaction transaction{database};
            warehouse::apply_measures(database, config->checks.measures);
            transaction.commit();
        }
        const auto people = world.people();
        const auto reader = world.reader();
        const checks::Scene scene{reader, people, config->checks, noon(2026y / 11 / 20)};
        for (const auto& series : checks::read_kpi_series(scene, 4)) {
            for (const auto& held : series.unproven) FAIL(held.reason);
            if (series.kpi->name == kpi) return series.weeks.at(2);
        }
        throw std::runtime_error("no such KPI");
    }

    /// Deals of Ana's that ended on 9 November after so many days.
    Draft& deal(std::string_view id, int days, std::string_view amount) {
        const auto ended = noon(2026y / 11 / 9);
        return world.opportunity(id)
            .owner("ana")
            .amount(amount)
            .created(ended - std::chrono::days{days})
            .closed_at(ended);
    }
};

}  // namespace

TEST_CASE("the KPIs that ship as examples: medians of deals that were won") {
    Example example;
    // Sizes 10, 20, 30, 40, 50 thousand, 5 to 25 days; what was lost does not count.
    for (int i = 1; i <= 5; ++i)
        example.deal(fmt::format("w{}", i), 5 * i, fmt::format("{}", 10000 * i)).won();
    example.deal("l", 300, "990000").lost();
    CHECK(example.week("deal_size").value == 30000);
    CHECK(*example.week("cycle").value == Approx(15));
    SECTION("of an even number the mean of the two in the middle") {
        example.deal("w6", 100, "60000").won();
        CHECK(example.week("deal_size").value == 35000);
        CHECK(*example.week("cycle").value == Approx(17.5));
    }
    SECTION("of fewer than five nothing") {
        example.world.opportunity("w1").deleted();
        CHECK_FALSE(example.week("deal_size").value);
    }
}

TEST_CASE("the KPIs that ship as examples: 40 open deals, one in four won, 20,000 in 60 days") {
    Example example;
    for (int i = 0; i < 5; ++i) example.deal(fmt::format("w{}", i), 60, "20000").won();
    for (int i = 0; i < 15; ++i) example.deal(fmt::format("l{}", i), 20, "7").lost();
    for (int i = 0; i < 40; ++i)
        example.world.opportunity(fmt::format("o{}", i)).owner("ana").created(noon(2026y / 10 / 1));
    CHECK(*example.week("sales_velocity").value == Approx(3333.33).epsilon(1e-5));
}

TEST_CASE("the KPIs that ship as examples: deals taken over are not deals created") {
    Example example;
    example.world.user("ben").email("ben@example.com");
    example.world.opportunity("a").owner("ana").created(noon(2026y / 11 / 10));
    example.world.opportunity("b").owner("ana").created(noon(2026y / 9 / 1));
    example.world.change("c").opportunity("b").field("owner").from("ben").to("ana").changed_at(
        noon(2026y / 11 / 11));
    const auto week = example.week("deals_assigned");
    CHECK(week.value == 1);
    CHECK(week.target == 2);
}

TEST_CASE("the KPIs that ship as examples: punctuality, value won, and a score") {
    Example example;
    const auto due = day(2026y / 11 / 12);
    for (int i = 0; i < 30; ++i) {
        auto& task = example.world.task(fmt::format("t{}", i)).owner("ana").due_on(due);
        if (i < 27) task.done_at(noon(2026y / 11 / 12));
    }
    example.world.task("before").owner("ana").done_at(noon(2026y / 10 / 1));
    CHECK(*example.week("punctuality").value == Approx(0.9));

    example.deal("old", 5, "1").won().closed_at(noon(2026y / 10 / 1));
    example.deal("w", 5, "300.5").won();
    example.deal("l", 5, "901.5").lost();
    CHECK(*example.week("win_rate_value").value == Approx(0.25));

    // 45 of 90 dials, 10 of 20 conversations, 5 of 5 meetings: 20 + 15 + 30.
    for (int i = 0; i < 45; ++i)
        example.world.call(fmt::format("c{}", i))
            .owner("ana")
            .at(noon(2026y / 11 / 11))
            .direction("outbound")
            .outcome(i < 10 ? "connected" : "busy")
            .lasting(120s);
    example.world.call("first").owner("ana").at(noon(2026y / 10 / 1)).direction("outbound");
    for (int i = 0; i < 5; ++i)
        example.world.meeting(fmt::format("m{}", i))
            .owner("ana")
            .at(noon(2026y / 12 / 1))
            .created(noon(2026y / 11 / 11));
    example.world.meeting("held").owner("ana").at(noon(2026y / 10 / 1)).outcome("held");
    CHECK(*example.week("activity_score").value == Approx(65));
}
