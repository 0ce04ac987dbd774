// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/scope.hpp"

#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

/// An override that lets deals be idle for so long.
checks::Override idle_after(checks::Scope scope, int days) {
    return {std::move(scope),
            {},
            [days](checks::CheckOptions& options) { options.opp_idle.after = days; },
            {}};
}

checks::Scope scope(std::string team, std::string pipeline = {}, std::string stage = {},
                    std::optional<Decimal> from = {}, std::optional<Decimal> below = {}) {
    return {std::move(team), std::move(pipeline), std::move(stage), from, below};
}

std::set<std::string> ids_of(const checks::Findings& findings) {
    std::set<std::string> ids;
    for (const auto& finding : findings) ids.insert(finding.subject.id);
    return ids;
}

}  // namespace

TEST_CASE("an override is for deals for which all that it names holds") {
    Office office;
    office.stages();
    office.world.pipeline("p").name("New business");
    // Each has been quiet for far longer than ten days.
    office.deal("Acme").pipeline("p").stage("s2").amount("50000");
    struct Case {
        const char* name;
        checks::Scope scope;
        bool fits;
    };
    const Decimal fifty{50000};
    const Decimal more = *Decimal::parse("50000.01");
    const auto c = GENERATE_COPY(values<Case>({
        {"its owner's team", scope("north"), true},
        {"another team", scope("south"), false},
        {"the pipeline's name", scope("", "New business"), true},
        {"the pipeline's id", scope("", "p"), true},
        {"another pipeline", scope("", "q"), false},
        {"its stage", scope("", "", "s2"), true},
        {"another stage", scope("", "", "s1"), false},
        {"from its amount", scope("", "", "", fifty), true},
        {"from above its amount", scope("", "", "", more), false},
        {"below its amount", scope("", "", "", {}, fifty), false},
        {"below more", scope("", "", "", {}, more), true},
        {"all of them", scope("north", "", "s2", fifty), true},
        {"all but one", scope("north", "", "s1", fifty), false},
    }));
    DYNAMIC_SECTION(c.name) {
        office.options.overrides = {idle_after(c.scope, 3000)};
        CHECK(office.find("opp.idle").empty() == c.fits);
    }
}

TEST_CASE("a deal without an amount fits no bound") {
    Office office;
    office.deal("Acme");
    office.options.overrides = {idle_after(scope("", "", "", {}, Decimal{1000}), 3000)};
    CHECK(office.find("opp.idle").size() == 1);
}

TEST_CASE("of several overrides that fit the last one wins, key by key") {
    Office office;
    office.deal("Acme").amount("5000");
    office.deal("small").amount("10");
    auto keep_multiple = idle_after(scope("north"), 3000);
    keep_multiple.apply = [](checks::CheckOptions& options) {
        options.opp_idle.after = 3000;
        options.opp_no_next_step.grace = 3000;
    };
    office.options.overrides = {keep_multiple, idle_after(scope("", "", "", Decimal{1000}), 10)};
    CHECK(ids_of(office.find("opp.idle")) == std::set<std::string>{"Acme"});
    CHECK(office.find("opp.no_next_step").empty());  // the first still holds for this key
    std::swap(office.options.overrides[0], office.options.overrides[1]);
    CHECK(office.find("opp.idle").empty());
}

TEST_CASE("a check can be switched off or on for some deals") {
    Office office;
    office.deal("here");
    office.deal("there").owner("zoe");
    const auto told = [&] {
        std::set<std::string> ids;
        for (const auto& finding : office.find(""))
            if (finding.check == "opp.no_next_step") ids.insert(finding.subject.id);
        return ids;
    };
    const auto enabled = [](bool yes) {
        return checks::Override{
            scope("north"),
            {},
            [yes](checks::CheckOptions& options) { options.opp_no_next_step.enabled = yes; },
            {}};
    };
    CHECK(told() == std::set<std::string>{"here", "there"});
    office.options.overrides = {enabled(false)};
    CHECK(told() == std::set<std::string>{"there"});
    CHECK(office.find("opp.no_next_step").size() == 2);  // asked for by itself
    office.options.opp_no_next_step.enabled = false;
    office.options.overrides = {enabled(true)};
    CHECK(told() == std::set<std::string>{"here"});
}

TEST_CASE("tasks go by their owner's team, and by nothing that only deals have") {
    Office office;
    office.world.task("t").owner("ana").due_on(day(2026y / 11 / 2));
    const auto late = [](checks::Scope scope) {
        return checks::Override{
            std::move(scope),
            {},
            [](checks::CheckOptions& options) { options.task_overdue.grace = 3000; },
            {}};
    };
    office.options.overrides = {late(scope("north", "", "s1"))};
    CHECK(office.find("task.overdue").size() == 1);
    office.options.overrides = {late(scope("north"))};
    CHECK(office.find("task.overdue").empty());
}

TEST_CASE("what only some deals are spared does not make a layer of the rest") {
    Office office;
    office.stages();
    for (int i = 0; i < 10; ++i) office.deal(std::to_string(i)).stage(i < 7 ? "s1" : "s2");
    CHECK(office.find("rep.stale_layer").size() == 1);  // all ten are idle
    checks::Override resting{scope("", "", "s1"),
                             {},
                             [](checks::CheckOptions& options) {
                                 options.opp_idle.enabled = false;
                                 options.opp_never_moved.enabled = false;
                                 options.opp_stalled.enabled = false;
                             },
                             {}};
    office.options.overrides = {resting};
    CHECK(office.find("rep.stale_layer").empty());  // three of ten are not more than 30 %
}
