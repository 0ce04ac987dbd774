// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/check.hpp"
#include "tests/daemon/config/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;

TEST_CASE("the manual of the checks ends with what `nudged checks manual` prints") {
    const auto page = tests::read_file(NUDGED_SOURCE_DIR "/docs/checks.md");
    const auto made = config::render_check_manual();
    REQUIRE(page.size() > made.size());
    CHECK(page.substr(page.find("## Every check")) == made);
}

TEST_CASE("every check says what it shows, when it clears and where it is known to be wrong") {
    for (const auto& check : checks::catalog()) {
        CAPTURE(check.id);
        CHECK_FALSE(check.meaning.empty());
        CHECK(check.meaning.ends_with("."));
        CHECK(check.clears.ends_with("."));
        CHECK_FALSE(check.evidence.empty());
        CHECK_FALSE(check.evidence.ends_with("."));
        CHECK(check.false_alarms.ends_with("."));
    }
}

TEST_CASE("the manual says what a check needs of a source") {
    const auto manual = config::render_check_manual();
    CHECK(manual.find("* Needs of a source, or is held: tasks or meetings; calls or meetings.\n") !=
          manual.npos);
    CHECK(checks::needs_text(*checks::find_check("opp.commit_cold")) ==
          "e-mails; a history of deals, the CRM's own or what nudged has seen change");
    CHECK(checks::needs_text(*checks::find_check("opp.past_close")).empty());
}

TEST_CASE("the manual has every setting of a check with its default") {
    const auto manual = config::render_check_manual();
    const auto has = [&](std::string_view line) { return manual.find(line) != manual.npos; };
    CHECK(has("| `multiple` | `2.0` | of the median time in the stage of deals that left it "
              "forwards |\n"));
    CHECK(has("| `days` | `\"working\"` |"));
    CHECK(has("| `within` | `\"1h\"` |"));
    CHECK(has("| `ignored_types` | `[\"competitor\", \"partner\", \"archived\", "
              "\"do_not_contact\"]` |"));
    for (const auto& check : checks::catalog()) {
        CAPTURE(check.id);
        const auto begin = manual.find(fmt::format("\n### {}\n", check.id));
        REQUIRE(begin != manual.npos);
        const auto section = manual.substr(begin + 1, manual.find("\n### ", begin + 1) - begin);
        CHECK(section.find("| `enabled` | `true` |") != section.npos);
    }
}
