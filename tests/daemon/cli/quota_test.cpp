// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <regex>

using namespace nudged::tests;

namespace {

/// A fifth of a hundred requests a day are ours.
constexpr std::size_t our_share = 20;

void shrink_quota(const Site& site) {
    static const std::regex capacity{"capacity +?= 250000"};
    const auto manifest = read_file(site.folder().file("manifests/hubspot.toml"));
    REQUIRE(std::regex_search(manifest, capacity));
    site.folder().write("manifests/hubspot.toml",
                        std::regex_replace(manifest, capacity, "capacity = 100"));
}

constexpr const char* used_up = "our share of the quota \"daily\" is used up";

}  // namespace

TEST_CASE("no number of starts spends more than our share of the CRM's day") {
    const Crm crm({"--per-day", "0"});  // a limit that it tells takes the place of ours
    const Site site(crm.url());
    shrink_quota(site);
    SECTION("whether each is killed") {
        for (std::size_t start = 0, served = 0; start < 2 * our_share; ++start) {
            Process sync(site.command({"sync"}), site.folder().file("sync.log"));
            // A few requests each, as it happens, until there are none to be had.
            const bool asked = eventually([&] { return crm.requests() > served || !sync.runs(); });
            REQUIRE(asked);
            if (!sync.runs()) break;
            sync.signal(SIGKILL);
            sync.wait();
            served = crm.requests();
        }
        CHECK(crm.requests() > 0);
        CHECK(crm.requests() <= our_share);
    }
    SECTION("or ends by itself") {
        for (int start = 0; start < 2; ++start) {
            const auto sync = site.nudged({"sync"});
            CHECK(sync.status == 1);
            CHECK(sync.output.find(used_up) != std::string::npos);
            CHECK(crm.requests() == our_share);
        }
    }
    SECTION("or is the daemon, that is killed") {
        for (int start = 0; start < 2; ++start) {
            auto daemon = site.start_daemon();
            // The journal's line has its quotes escaped.
            REQUIRE(eventually(
                [&] { return daemon.output().find("is used up") != std::string::npos; }));
            daemon.signal(SIGKILL);
            daemon.wait();
            CHECK(crm.requests() == our_share);
        }
    }
}
