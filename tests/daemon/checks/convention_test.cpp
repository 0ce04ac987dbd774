// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/convention.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::checks;
using Catch::Contains;
using Names = std::vector<std::string>;

TEST_CASE("a task's subject says by its mark what it records") {
    CHECK(record_kind_of("[1:1] Ana") == RecordKind::one_to_one);
    CHECK(record_kind_of("[commit] Dials") == RecordKind::commitment);
    CHECK(record_kind_of("  [ Commit ]Dials") == RecordKind::commitment);
    CHECK(record_kind_of("[PLAN]") == RecordKind::plan);
    CHECK(record_kind_of("[best] Opening line") == RecordKind::best_practice);
    CHECK(record_kind_of("[esc] Acme") == RecordKind::escalation);
    CHECK(record_kind_of("[praise] Ben") == RecordKind::praise);
    for (const auto* subject : {"commit", "", "[", "[commit", "Re: [commit] Dials", "[other] x"})
        CHECK_FALSE(record_kind_of(subject));
}

TEST_CASE("the lines of a commitment are read by their keys, and the others kept as text") {
    const auto record = parse_convention("[commit] Dials of next week",
                                         "We talked about mornings.\r\n"
                                         "KPI: dials\r\nfrom: 40\r\nto: 50\r\nweek: 2026-W08\r\n"
                                         "worked: calling before ten\nand the new list\n"
                                         "hard: too many meetings\n"
                                         "next: block two hours\n"
                                         "See also: the playbook\n");
    REQUIRE(record);
    CHECK(record->title == "Dials of next week");
    CHECK(record->kpi == "dials");
    CHECK(record->from == 40);
    CHECK(record->to == 50);
    CHECK(record->week == IsoWeek::parse("2026-W08"));
    CHECK(record->worked == "calling before ten\nand the new list");
    CHECK(record->hard == "too many meetings");
    CHECK(record->next == "block two hours\nSee also: the playbook");
    CHECK(record->text == "We talked about mornings.");
    CHECK(record->bad_lines.empty());
    CHECK(record->missing().empty());
}

TEST_CASE(
    "a line that does not parse is reported with a good one, and what it would say is missing") {
    const auto record =
        parse_convention("[commit]", "kpi:\nto: many\nweek: next\nfrom: -3\nto do: call\n");
    REQUIRE(record);
    REQUIRE(record->bad_lines.size() == 4);
    CHECK(record->bad_lines[0].line == 1);
    CHECK_THAT(record->bad_lines[0].why, Contains("kpi: dials"));
    CHECK(record->bad_lines[1].text == "to: many");
    CHECK_THAT(record->bad_lines[1].why, Contains("to: 50"));
    CHECK_THAT(record->bad_lines[2].why, Contains("2026-W48"));
    CHECK(record->bad_lines[3].line == 4);
    CHECK(record->missing() == Names{"kpi", "to", "week"});
    CHECK(record->text == "to do: call");  // "to do" is no key
}
