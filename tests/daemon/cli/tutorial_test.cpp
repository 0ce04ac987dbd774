// SPDX-License-Identifier: Apache-2.0
// What the manual's tutorial says, done: its files come from docs/connectors.md itself.
#include "daemon/warehouse/database.hpp"
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using namespace nudged::tests;

namespace {

/// The first ```toml block behind `heading`.
std::string block_after(const std::string& text, const std::string& heading) {
    const std::string opening = "```toml\n";
    const auto begin = text.find(opening, text.find(heading)) + opening.size();
    return text.substr(begin, text.find("```\n", begin) - begin);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::int64_t count(const std::string& warehouse, const std::string& sql) {
    const warehouse::Database database(warehouse, warehouse::Database::Mode::read_only);
    auto row = database.prepare(sql);
    row.step();
    return row.integer(0);
}

}  // namespace

TEST_CASE("the tutorial's manifest connects a CRM that nobody has heard of") {
    const auto manual = read_file(NUDGED_SOURCE_DIR "/docs/connectors.md");
    const auto manifest = block_after(manual, "**3. The manifest**");
    const Crm tally({"--dialect", "tally", "--seed", "7"});
    const TempFolder folder;
    folder.write("nudged.toml", "state_dir = \"state\"\n");
    folder.write("tally.toml", manifest);
    folder.write("sources.d/tally.toml", replaced(block_after(manual, "**2. The source**"),
                                                  "http://127.0.0.1:18099", tally.url()));
    const auto key = folder.write("key", "test-token");
    std::filesystem::permissions(key, std::filesystem::perms::owner_read);
    const auto nudged = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), program("nudged"));
        arguments.insert(arguments.end(), {"-c", folder.file("nudged.toml")});
        return run_program(arguments);
    };

    folder.write("tally.toml", replaced(manifest, "\"window\"", "\"windw\""));
    const auto typo = nudged({"config", "check"});
    CHECK(typo.status != 0);
    const std::string told = "unknown walk \"windw\", did you mean \"window\"?";
    const auto at = typo.output.find(told);
    REQUIRE(at != std::string::npos);
    // The manual shows the line as it is told.
    const auto line = typo.output.substr(0, at + told.size());
    CHECK(manual.find(line.substr(line.rfind("tally.toml"))) != std::string::npos);

    folder.write("tally.toml", manifest);
    CHECK(nudged({"config", "check"}).status == 0);
    CHECK(nudged({"source", "test", "tally"}).status == 0);
    const auto sync = nudged({"sync"});
    INFO(sync.output);
    REQUIRE(sync.status == 0);
    const auto warehouse = folder.file("state/nudged.db");
    // What the simulated team has done by the seed of the demo is counted by /_sim/records, too.
    CHECK(count(warehouse, "SELECT count(*) FROM call WHERE deleted_at IS NULL") > 5000);
    CHECK(count(warehouse, "SELECT count(*) FROM call WHERE owner IS NOT NULL AND started_at IS "
                           "NOT NULL AND direction IN ('outbound', 'inbound')") > 4900);
    CHECK(count(warehouse, "SELECT count(*) FROM opportunity WHERE close_date IS NOT NULL AND "
                           "stage IS NOT NULL") > 100);
    CHECK(count(warehouse, "SELECT count(*) FROM task WHERE due_on IS NOT NULL") > 100);
    CHECK(nudged({"sync"}).output.find(" 9 records, 0 changed") != std::string::npos);
}
