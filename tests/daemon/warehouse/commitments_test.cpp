// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/commitments.hpp"

#include "daemon/warehouse/commitment_verdicts.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;

namespace {

const Instant now = tests::noon(2026y / 11 / 20);

Commitment fifty(tests::World& world) {
    return {.person = world.person("ana"),
            .kpi = "dials",
            .week = *IsoWeek::parse("2026-W48"),
            .baseline = 40,
            .promised = 50,
            .agreed_by = "max",
            .agreed_at = now,
            .made_at = now};
}

std::string row_of(tests::World& world, std::string_view sql) {
    auto row = world.database().prepare(sql);
    if (!row.step()) return "none";
    std::string text;
    for (int i = 0; i < row.column_count(); ++i)
        text += fmt::format("{}{}", i ? "|" : "", row.is_null(i) ? "null" : row.text(i));
    return text;
}

}  // namespace

TEST_CASE("a correction is another revision, and the old one can be asked for") {
    tests::World world(now);
    world.user("ana");
    world.reader();
    auto commitment = fifty(world);
    commitment.id = insert_commitment(world.database(), commitment);
    CHECK(commitment.id == 1);
    commitment.promised = 45;
    commitment.reason = "agreed anew";
    commitment.made_at = now + 1h;
    revise_commitment(world.database(), commitment);

    const auto present = read_commitments(world.database(), {});
    REQUIRE(present.size() == 1);
    CHECK(present[0].promised == 45);
    CHECK(present[0].revision == 2);
    CHECK(read_commitments(world.database(), {.as_of = now}).at(0).promised == 50);
    CHECK(read_commitments(world.database(), {.as_of = now - 1h}).empty());
    const auto past = read_commitment_past(world.database(), world.person("ana"), "dials");
    REQUIRE(past.size() == 2);
    CHECK(past[0].promised == 50);
    CHECK(insert_commitment(world.database(), commitment) == 2);
}

TEST_CASE("commitments are asked for by person and week") {
    tests::World world(now);
    world.user("ana");
    world.user("ben");
    world.reader();
    insert_commitment(world.database(), fifty(world));
    const auto count = [&](const CommitmentFilter& filter) {
        return read_commitments(world.database(), filter).size();
    };
    CHECK(count({.person = world.person("ana")}) == 1);
    CHECK(count({.person = world.person("ben")}) == 0);
    CHECK(count({.first = IsoWeek::parse("2026-W48")}) == 1);
    CHECK(count({.first = IsoWeek::parse("2026-W49")}) == 0);
    CHECK(count({.last = IsoWeek::parse("2026-W47")}) == 0);
}

TEST_CASE("the view shows a commitment as it stands, with its latest verdict of that week") {
    tests::World world(now);
    world.team("North").manager("max").rep("ana");
    world.user("ana");
    world.people();
    auto commitment = fifty(world);
    commitment.id = insert_commitment(world.database(), commitment);
    const auto* asked = "SELECT rep, team, manager, week, kpi, baseline, promised, state, status, "
                        "value, decided_at FROM v_commitment";
    CHECK(row_of(world, asked) == "ana|North|max|2026-W48|dials|40.0|50.0|agreed|null|null|null");
    StoredVerdict verdict{.commitment = 1,
                          .person = commitment.person,
                          .week = commitment.week,
                          .status = "partly",
                          .value = 46,
                          .working_days = 5,
                          .due = 50,
                          .baseline = 40,
                          .progress = 0.6,
                          .decided_at = now};
    insert_verdict(world.database(), verdict);
    verdict.status = "met";
    verdict.value = 51;
    verdict.decided_at = now + 1h;
    insert_verdict(world.database(), verdict);
    CHECK(row_of(world, asked) ==
          "ana|North|max|2026-W48|dials|40.0|50.0|agreed|met|51.0|2026-11-20T13:00:00Z");
    CHECK(read_verdicts(world.database(), {}).size() == 2);
    CHECK(read_verdicts(world.database(), {.as_of = now}).at(0).status == "partly");
    // Moved to another week, it is open again.
    commitment.week = commitment.week.plus(1);
    revise_commitment(world.database(), commitment);
    CHECK(row_of(world, "SELECT week, status FROM v_commitment") == "2026-W49|null");
}
