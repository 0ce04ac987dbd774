// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/daemon/warehouse/rollup_script.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <random>

using namespace nudged;
using namespace nudged::warehouse;

namespace {

constexpr int edits_of_a_script = 24;
constexpr int default_scripts = 500;  // 54 ms of CPU each with sanitizers

int scripts() {
    const char* wanted = std::getenv("NUDGED_ROLLUP_SCRIPTS");
    return wanted ? std::max(1, std::atoi(wanted)) : default_scripts;
}

std::int64_t noise_revision(const tests::RollupScript& script) {
    for (const auto& measure : script.measures())
        if (measure.name == tests::noise_measure) return measure.revision;
    return 0;
}

/// What can be read is what an independent count gives, and what is counted so far is what the
/// records up to there come to.
std::string what_is_wrong(const Database& database, const tests::RollupScript& script) {
    auto counted = tests::count_naively(database, noise_revision(script));
    tests::keep_readable(counted, database);
    auto wrong = tests::differences(tests::stored_sums(database), counted);
    for (const auto& one : verify_rollups(database, script.measures()))
        wrong += fmt::format("verify: {} {} {} {}: stored {}, counted {}\n", one.source, one.user,
                             one.measure, one.day, one.stored, one.counted);
    return wrong;
}

/// Runs one script in a transaction that is undone; "" when all was right.
std::string run_script(Database& database, std::uint32_t seed, std::size_t& compared) {
    Transaction undone{database};
    tests::RollupScript script{database, seed};
    for (int i = 0; i < edits_of_a_script; ++i) {
        script.edit();
        if (i % 6 != 5) continue;
        if (const auto wrong = what_is_wrong(database, script); !wrong.empty())
            return wrong + script.log();
    }
    for (int steps = 0; recount_some(database, 3, script.measures()); ++steps)
        if (steps > 10'000) return "a recount never ends\n" + script.log();
    const auto sums = tests::stored_sums(database);
    compared += sums.size();
    if (!read_recount_state(database, script.measures()).is_done())
        return "a recount says that it is not done\n" + script.log();
    if (database.integer("SELECT count(*) FROM rollup") != static_cast<std::int64_t>(sums.size()))
        return "there are sums that nobody reads\n" + script.log();
    const auto wrong = what_is_wrong(database, script);
    return wrong.empty() ? wrong : wrong + script.log();
}

}  // namespace

TEST_CASE("rollups kept by difference are what an independent count gives, after any edits") {
    const std::uint32_t first_seed = std::random_device{}();
    tests::World world;
    auto& database = world.database();
    std::size_t compared = 0;
    const int count = scripts();
    for (std::uint32_t seed = first_seed; seed < first_seed + static_cast<std::uint32_t>(count);
         ++seed) {
        const auto wrong = run_script(database, seed, compared);
        if (wrong.empty()) continue;
        FAIL("seed " << seed << "\n" << wrong);
    }
    std::printf("rollups by difference: first seed %u, %d scripts, %zu sums compared\n",
                static_cast<unsigned>(first_seed), count, compared);
    CHECK(compared > 10U * static_cast<std::size_t>(count));  // there was something to compare
}
