// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::Site;

namespace {

constexpr const char* good_overrides = R"([opp.idle]
after = 12

[[override]]
team = "East"
amount_from = 50000
amount_below = 1000000.5
[override.opp.stalled]
multiple = 1.5
exempt_stages = ["Legal"]
[override.opp.fields_missing.stages]
"Stage 1.2" = ["amount"]

[[override]]
pipeline = "New business"
stage = "Legal"
[override.opp.idle]
after = 20
)";

}  // namespace

TEST_CASE("an override sets what it names and nothing else") {
    Site site;
    site.write("checks.toml", good_overrides);
    const auto checks = site.good().checks;
    REQUIRE(checks.overrides.size() == 2);
    const auto& first = checks.overrides[0];
    CHECK(first.scope.team == "East");
    CHECK(first.scope.amount_from->str() == "50000");
    CHECK(first.scope.amount_below->str() == "1000000.5");
    CHECK(checks.overrides[1].scope.pipeline == "New business");
    CHECK(checks.overrides[1].scope.stage == "Legal");

    auto options = checks;
    first.apply(options);
    CHECK(options.opp_stalled.multiple == Approx(1.5));
    CHECK(options.opp_stalled.exempt_stages == std::vector<std::string>{"Legal"});
    CHECK(options.opp_stalled.floor == 7);
    CHECK(options.opp_idle.after == 12);
    CHECK(options.opp_fields_missing.stages.at("Stage 1.2") == std::vector<std::string>{"amount"});
    checks.overrides[1].apply(options);
    CHECK(options.opp_idle.after == 20);
    CHECK(options.opp_stalled.multiple == Approx(1.5));
}

TEST_CASE("overrides that are shown are overrides that show the same") {
    Site site;
    site.write("checks.toml", good_overrides);
    const auto shown = config::show(site.good());
    const auto begin = shown.find("[[override]]");
    REQUIRE(begin != std::string::npos);
    site.write("checks.toml", "[opp.idle]\nafter = 12\n" + shown.substr(begin));
    CHECK(config::show(site.good()) == shown);
    CHECK(site.good().checks.overrides[0].settings.size() == 3);
}

TEST_CASE("what is wrong in an override is told where it stands") {
    struct Case {
        const char* name;
        const char* text;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"a team that does not exist",
         "[[override]]\nteam = \"Eats\"\n[override.opp.idle]\nafter = 3\n",
         "checks.toml:1:1: an [[override]] is for a team \"Eats\" that does not exist, did you "
         "mean \"East\"?"},
        {"a key that no check has",
         "[[override]]\nteam = \"East\"\n[override.opp.idle]\nafer = 3\n",
         "checks.toml:4:1: unknown key \"afer\" in [override.opp.idle], did you mean \"after\"?"},
        {"a value out of range",
         "[[override]]\nteam = \"East\"\n[override.opp.stalled]\nmultiple = 0.5\n",
         "checks.toml:4:12: \"multiple\" must be between 1.0 and 100.0"},
        {"nobody", "[[override]]\n[override.opp.idle]\nafter = 3\n",
         "checks.toml:1:1: an [[override]] says for which deals it is, add team, pipeline, stage, "
         "amount_from or amount_below"},
        {"nothing", "[[override]]\nteam = \"East\"\n",
         "checks.toml:1:1: an [[override]] sets nothing, add the settings of a check: "
         "[override.opp.stalled] and under it multiple = 1.5"},
        {"no amount in between",
         "[[override]]\namount_from = 5\namount_below = 5\n[override.opp.idle]\nafter = 3\n",
         "checks.toml:1:1: no deal has an amount from \"amount_from\" to below \"amount_below\""},
        {"a task in a stage",
         "[[override]]\nstage = \"Legal\"\n[override.task.overdue]\ngrace = 9\n",
         "checks.toml:3:1: \"task\" goes by a person, so its [[override]] names a team and nothing "
         "else"},
    }));
    DYNAMIC_SECTION(c.name) {
        Site site;
        site.write("checks.toml", c.text);
        CHECK(site.problems() == std::string{c.problem} + "\n");
    }
}

TEST_CASE("what holds for everybody cannot be set for some deals") {
    Site site;
    site.write("checks.toml", "[[override]]\nteam = \"East\"\nsettle = \"40h\"\n");
    CHECK(site.problems().starts_with("checks.toml:3:1: unknown key \"settle\" in [override]"));
}

TEST_CASE("integrations, sources and fields that checks.toml names must exist") {
    struct Case {
        const char* name;
        const char* text;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"a user without a source", "integration_users = [\"sync\"]\n",
         "checks.toml:1:21: \"integration_users\" names \"sync\", write \"SOURCE/USER ID\""},
        {"a source that is not there", "integration_users = [\"export/7\"]\n",
         "checks.toml: \"export/7\" in integration_users names a source that does not exist, did "
         "you mean \"exports\"?"},
        {"a source of default dates", "[opp.close_default]\nsources = [\"hubspot\"]\n",
         "checks.toml: \"hubspot\" in opp.close_default.sources names a source that does not "
         "exist, known here: exports"},
        {"a field that no opportunity has", "[opp.fields_missing]\nfields = [\"ammount\"]\n",
         "checks.toml:2:10: \"fields\" names \"ammount\", which no opportunity has, did you mean "
         "\"amount\"?"},
        {"a month", "fiscal_year_starts = 13\n",
         "checks.toml:1:22: \"fiscal_year_starts\" must be between 1 and 12"},
    }));
    DYNAMIC_SECTION(c.name) {
        Site site;
        site.write("checks.toml", c.text);
        CHECK(site.problems() == std::string{c.problem} + "\n");
    }
}
