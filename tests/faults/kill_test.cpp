// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

using namespace nudged;
using namespace nudged::tests;
using std::chrono::steady_clock;
using warehouse::Database;

namespace {

constexpr unsigned seeds_a_site = 10;

unsigned seeds() {
    const char* wanted = std::getenv("NUDGED_KILL_SEEDS");
    return wanted ? static_cast<unsigned>(std::stoul(wanted)) : 50;
}

/// Waits until the daemon has told such an event; false when it ends before.
bool await_event(Process& daemon, const std::string& event) {
    while (daemon.runs()) {
        if (daemon.output().find(event) != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return false;
}

/// Where each kill meets what the kills before it left.
class Victim {
public:
    explicit Victim(const Crm& crm) : site_(crm.url()) { site_.add_team(slack_.url()); }

    Process start() const { return {site_.command({"run"}), site_.folder().file("daemon.log")}; }
    const Site& site() const { return site_; }

    /// Kills a daemon so long after its start, or when it is ready and somewhat more.
    void kill_after(std::chrono::milliseconds delay) const {
        auto daemon = start();
        std::this_thread::sleep_for(delay);
        daemon.signal(SIGKILL);
        daemon.wait();
    }

    std::vector<std::string> problems() const {
        std::vector<std::string> found;
        if (!std::filesystem::exists(site_.warehouse())) return found;
        const Database database{site_.warehouse(), Database::Mode::read_write};
        if (database.integer("PRAGMA user_version") == 0) return found;  // killed before all else
        auto check = database.prepare("PRAGMA integrity_check");
        while (check.step())
            if (check.text(0) != "ok") found.emplace_back(check.text(0));
        for (const auto& difference : warehouse::verify_rollups(database))
            found.push_back(fmt::format("rollup {} {} {}", difference.user, difference.measure,
                                        difference.day));
        return found;
    }

    /// Lets a daemon come to its end of work, and compares everything.
    void finish(const std::string& expected) const {
        auto daemon = start();
        REQUIRE(await_event(daemon, "evaluation.done"));
        daemon.signal(SIGTERM);
        REQUIRE(daemon.wait() == 0);
        const auto rest = site_.nudged({"sync"});
        CAPTURE(rest.output);
        REQUIRE(rest.status == 0);
        CHECK(site_.contents() == expected);
        CHECK(problems().empty());
        const Database database{site_.warehouse(), Database::Mode::read_write};
        // Every message that arrived was a try that is written down; no more than one repeat.
        const auto messages = slack_.messages();
        const auto arrived = std::count(messages.begin(), messages.end(), '\n');
        CHECK(arrived <= database.integer("SELECT coalesce(sum(attempts), 0) FROM outbox"));
        CHECK(database.integer("SELECT coalesce(max(ambiguous), 0) FROM outbox") <= 2);
        CHECK(database.integer("SELECT count(*) FROM (SELECT fingerprint FROM finding WHERE state "
                               "<> 'resolved' GROUP BY fingerprint HAVING count(*) > 1)") == 0);
    }

private:
    SlackReceiver slack_;
    Site site_;
};

}  // namespace

TEST_CASE("a daemon that is killed again and again loses nothing and tells nothing twice") {
    const Crm crm({"--seed", "11", "--today", "2026-11-20"});
    const Victim undisturbed(crm);
    const auto began = steady_clock::now();
    auto daemon = undisturbed.start();
    REQUIRE(await_event(daemon, "evaluation.done"));
    const auto took = std::chrono::ceil<std::chrono::milliseconds>(steady_clock::now() - began);
    daemon.signal(SIGTERM);
    REQUIRE(daemon.wait() == 0);
    REQUIRE(undisturbed.site().nudged({"sync"}).status == 0);
    const auto expected = undisturbed.site().contents();
    REQUIRE(std::count(expected.begin(), expected.end(), '\n') > 1000);

    unsigned killed = 0, unsound = 0;
    for (unsigned done = 0; done < seeds();) {
        const Victim victim(crm);
        for (unsigned i = 0; i < seeds_a_site && done < seeds(); ++i, ++done) {
            std::mt19937 random(done);
            const auto delay = std::uniform_int_distribution<long>(0, took.count() * 6 / 5)(random);
            CAPTURE(done, delay);
            victim.kill_after(std::chrono::milliseconds{delay});
            ++killed;
            const auto problems = victim.problems();
            CAPTURE(problems);
            CHECK(problems.empty());
            unsound += problems.empty() ? 0 : 1;
        }
        victim.finish(expected);
    }
    std::printf("daemons killed: %u, warehouses unsound: %u\n", killed, unsound);
}
