// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/ways.hpp"

#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/alerts/ways.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using std::chrono::days;
using std::chrono::hours;

namespace {

/// What the daemon would send beside digests, where leads are told at once.
struct Quick : Ways {
    Quick() {
        config.alerts.routing.rules.push_back({.checks = {"lead.*"}, .at_once = true});
        config.alerts.at_once_a_day = 2;
    }

    std::vector<alerts::LineMessage> made(Instant now) {
        config.roster = world.roster();
        const auto who = people();
        const auto reader = world.reader();
        const checks::CheckOptions none;
        const checks::Scene scene{reader, who, none, now};
        return runtime::make_line_messages(config, scene, evaluation, nullptr);
    }
    /// One more lead comes in, and what is due is sent; how many messages that is.
    std::size_t lead(const char* name, Instant now) {
        found("lead.untouched", name, "ana");
        apply(now);
        const auto messages = made(now);
        for (const auto& message : messages)
            alerts::enqueue_line_message(world.database(), message, now, config.alerts);
        return messages.size();
    }

    config::Config config;
};

}  // namespace

TEST_CASE("before a team's first digest nothing is told at once: that one sums up what there was") {
    Quick desk;
    CHECK(desk.lead("acme", monday) == 0);
    desk.send_digest(monday);
    CHECK(desk.state_of("lead.untouched", "acme") == "notified 1");
    CHECK(desk.lead("globex", monday + hours{1}) == 1);
}

TEST_CASE("so many messages a day are told at once, the rest waits; the next day counts anew") {
    Quick desk;
    desk.found("opp.idle", "umbrella", "ben");
    desk.apply();
    desk.send_digest(monday);
    CHECK(desk.lead("acme", monday + hours{1}) == 1);
    CHECK(desk.lead("globex", monday + hours{2}) == 1);
    CHECK(desk.lead("initech", monday + hours{3}) == 0);
    CHECK(desk.state_of("lead.untouched", "initech") == "open 1");
    const auto tuesday = monday + days{1};
    CHECK(desk.lead("hooli", tuesday) == 1);  // with initech, which waited
    CHECK(desk.state_of("lead.untouched", "initech") == "notified 1");
    CHECK(desk.made(tuesday + hours{1}).empty());
}

TEST_CASE("a rep hears one message a day of what cannot wait") {
    Quick desk;
    desk.options.routing.teams.emplace_back();
    desk.options.routing.teams[0].name = "North";
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.config.alerts.routing.teams = desk.options.routing.teams;
    const auto to_ana = [&](const char* name, Instant now) {
        desk.lead(name, now);
        std::int64_t queued = 0;
        queued = warehouse::count_messages(desk.world.database(), "mail", "ana@example.com",
                                           "at_once", monday);
        return queued;
    };
    CHECK(to_ana("acme", monday) == 1);
    CHECK(to_ana("globex", monday + hours{1}) == 1);
    CHECK(to_ana("initech", monday + days{1}) == 2);
}
