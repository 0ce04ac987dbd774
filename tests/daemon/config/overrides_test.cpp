// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::Site;

TEST_CASE("a setting of the command line wins over checks.toml and leaves the rest of it") {
    Site site;
    site.write("checks.toml", "[opp.stalled]\nmultiple = 3.0\nfloor = 9\n");
    CHECK(site.good().checks.opp_stalled.multiple == Approx(3));
    const auto config = site.good({"opp.stalled.multiple=1.5", "kpi.attainment.enabled = false"});
    CHECK(config.checks.opp_stalled.multiple == Approx(1.5));
    CHECK(config.checks.opp_stalled.floor == 9);
    CHECK_FALSE(config.checks.kpi_attainment.enabled);
    CHECK(site.good({"opp.stalled.multiple=1.5", "opp.stalled.multiple=4"})
              .checks.opp_stalled.multiple == Approx(4));
}

TEST_CASE("a text may lose its quotes on the way through the shell") {
    Site site;
    CHECK(site.good({"opp.idle.days=calendar"}).checks.opp_idle.days == checks::Days::calendar);
    CHECK(site.good({"opp.idle.days=\"calendar\""}).checks.opp_idle.days == checks::Days::calendar);
    CHECK(site.good({"settle=48h"}).checks.settle == std::chrono::hours{48});
    CHECK(site.good({"opp.stalled.exempt_stages=[\"Legal\"]"}).checks.opp_stalled.exempt_stages ==
          std::vector<std::string>{"Legal"});
}

TEST_CASE("a wrong setting of the command line is told like one of a file") {
    struct Case {
        const char* name;
        const char* setting;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"an unknown key", "opp.stalled.multple=1.5",
         R"(--set: unknown key "multple" in [opp.stalled], did you mean "multiple"?)"},
        {"an unknown check", "opp.staled.multiple=1.5",
         R"(--set: unknown key "staled" in [opp], did you mean "stalled"?)"},
        {"out of range", "opp.stalled.multiple=0.5",
         R"(--set: "multiple" must be between 1.0 and 100.0)"},
        {"the wrong type", "opp.stalled.multiple=twice",
         R"(--set: "multiple" must be a number, not text)"},
        {"no setting", "opp.stalled.multiple",
         R"(--set: "opp.stalled.multiple" is no setting, write KEY=VALUE, such as opp.stalled.multiple=1.5)"},
        {"no key", "=3",
         R"(--set: "=3" is no setting, write KEY=VALUE, such as opp.stalled.multiple=1.5)"},
    }));
    DYNAMIC_SECTION(c.name) {
        Site site;
        site.write("checks.toml", "[opp.stalled]\nmultiple = 3.0\n");
        CHECK(site.problems({c.setting}) == std::string{c.problem} + "\n");
    }
}
