// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <set>

using namespace nudged::tests;

namespace {

const std::vector<std::string> options{"--seed", "11", "--today", "2026-11-20"};
constexpr const char* calls = "/crm/objects/2026-03/calls/search";

/// The CRM never answers this request for calls; those before it, it does.
void hang_at(const Crm& crm, int request) {
    crm.order("/_sim/fault",
              fmt::format(R"({{"match":"{}","skip":{},"kind":"hang"}})", calls, request - 1));
}

/// The pages of the first load that were asked for: its window begins in 1970, and those of the
/// increments do not.
std::vector<std::string> pages_of_load(const Crm& crm) {
    auto pages = crm.bodies(calls);
    std::erase_if(pages, [](const std::string& body) {
        return body.find(R"("propertyName":"hs_lastmodifieddate","value":"0")") == body.npos;
    });
    return pages;
}

/// Waits until the daemon has loaded everything.
void await_load(const Site& site, const Process& daemon) {
    REQUIRE(eventually([&] {
        const auto log = daemon.output();
        return log.find("evaluation.done") != std::string::npos;
    }));
    const auto synced = site.nudged({"sync"});
    CAPTURE(synced.output);
    REQUIRE(synced.status == 0);
}

}  // namespace

TEST_CASE("a daemon that is stopped in the middle of its first load goes on where it was") {
    constexpr int hangs = 7;
    const Crm whole(options);
    const Site undisturbed(whole.url());
    REQUIRE(undisturbed.nudged({"sync"}).status == 0);
    REQUIRE(pages_of_load(whole).size() > 2 * hangs);

    const Crm crm(options);
    const Site site(crm.url());
    hang_at(crm, hangs);
    auto first = site.start_daemon();
    REQUIRE(eventually([&] { return crm.bodies(calls).size() == hangs; }));
    const auto asked_first = crm.requests();
    const auto before = pages_of_load(crm);
    REQUIRE(before.size() > 3);
    first.signal(SIGTERM);
    CHECK(first.wait() == 0);
    CHECK(crm.requests() == asked_first);  // a runner asks for one page at a time
    CHECK(site.rows("SELECT count(*) FROM call") != "0\t\n");  // what had come is there

    auto second = site.start_daemon();
    await_load(site, second);
    second.signal(SIGTERM);
    CHECK(second.wait() == 0);
    CHECK(site.contents() == undisturbed.contents());

    // The page that was never answered is asked for again, and none of those before it.
    const auto all = pages_of_load(crm);
    REQUIRE(all.size() == pages_of_load(whole).size() + 1);
    CHECK(std::equal(before.begin(), before.end(), all.begin()));
    CHECK(all[before.size()] == before.back());
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size() - 1);
}
