// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

using namespace nudged::tests;

TEST_CASE("a sync that is killed at any point, and started again, ends as one that was not") {
    const Crm crm({"--seed", "11", "--today", "2026-11-20"});
    const Site undisturbed(crm.url());
    const auto began = std::chrono::steady_clock::now();
    const auto whole = undisturbed.nudged({"sync"});
    const auto took = std::chrono::steady_clock::now() - began;
    CAPTURE(whole.output);
    REQUIRE(whole.status == 0);
    const auto expected = undisturbed.contents();
    REQUIRE(std::count(expected.begin(), expected.end(), '\n') > 1000);

    std::mt19937_64 random(20);
    int killed = 0;
    const Site site(crm.url());
    for (int point = 0; point < 20; ++point) {
        // Each kill meets the state that the kills before it left; every fourth starts from
        // nothing.
        if (point % 4 == 0) std::filesystem::remove_all(site.folder().path() / "state");
        const auto share = std::uniform_real_distribution<>(0.02, 0.25)(random);
        CAPTURE(point, share);
        Process sync(site.command({"sync"}), site.folder().file("sync.log"));
        std::this_thread::sleep_for(took * share);
        sync.signal(SIGKILL);
        if (sync.wait() == 128 + SIGKILL) ++killed;
        if (point % 4 != 3) continue;
        const auto rest = site.nudged({"sync"});
        CAPTURE(rest.output);
        REQUIRE(rest.status == 0);
        CHECK(site.contents() == expected);
        const auto verified = site.nudged({"warehouse", "verify"});
        CAPTURE(verified.output);
        CHECK(verified.status == 0);
    }
    CHECK(killed >= 12);  // the others had ended before their kill
}
