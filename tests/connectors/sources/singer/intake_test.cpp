// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/intake.hpp"

#include "connectors/base/failure.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::sources;
using namespace nudged::sources::singer;

namespace {

/// A mapping of one stream to accounts, made by hand: an id, and nothing else.
Plan plan_of_accounts() {
    Plan plan;
    RecordPlan record;
    record.entity = model::Entity::account;
    record.id.name = "id";
    record.id.from = {*json::Path::parse("/id")};
    plan.streams["accounts"].push_back(record);
    plan.entities = {model::Entity::account};
    return plan;
}

std::string row(const std::string& id) {
    return R"({"type":"RECORD","stream":"accounts","record":{"id":")" + id + "\"}}\n";
}

std::string state(const std::string& value) {
    return R"({"type":"STATE","value":)" + value + "}\n";
}

struct Bench {
    Plan plan = plan_of_accounts();
    std::set<std::string> told;
    Intake intake{plan, {}, "run", from_millis(1'795'176'000'000), told};
};

std::string ids(const model::Page& page) {
    std::string all;
    for (const auto& record : page.records) all += std::string{record.id} + " ";
    return all;
}

}  // namespace

TEST_CASE("a state is never stored before the records that it covers") {
    Bench bench;
    bench.intake.take(row("1") + state("1") + row("2"));
    REQUIRE(bench.intake.has_page());
    const auto page = bench.intake.next_page();
    CHECK(ids(page) == "1 2 ");
    CHECK(page.cursor.position == "page\trun\t1\nstate\t1\n");
    CHECK(page.more);
    CHECK_FALSE(bench.intake.has_page());

    bench.intake.take(row("3"));
    CHECK_FALSE(bench.intake.has_page());  // waits for its state
    bench.intake.take(state("3"));
    CHECK(ids(bench.intake.next_page()) == "3 ");

    bench.intake.finish();
    const auto last = bench.intake.next_page();
    CHECK_FALSE(last.more);
    CHECK(last.cursor == model::Cursor{"state\t3\n", ""});
}

TEST_CASE("records without a state are stored in batches, and the cursor stays") {
    Bench bench;
    std::string rows;
    for (int i = 0; i < 2000; ++i) rows += row(std::to_string(i));
    bench.intake.take(rows);
    REQUIRE(bench.intake.has_page());
    const auto page = bench.intake.next_page();
    CHECK(page.records.size() == 2000);
    CHECK(page.cursor.position == "page\trun\t1\n");
}

TEST_CASE("a state without records is stored, too") {
    Bench bench;
    bench.intake.take(state(R"({"seen":true})"));
    REQUIRE(bench.intake.has_page());
    CHECK(bench.intake.next_page().cursor.position == "page\trun\t1\nstate\t{\"seen\":true}\n");
}

TEST_CASE("every page has a position of its own") {
    Bench bench;
    bench.intake.take(state("1"));
    bench.intake.take(row("1"));
    bench.intake.flush();
    const auto first = bench.intake.next_page(), second = bench.intake.next_page();
    CHECK(first.cursor != second.cursor);
    CHECK(parse_progress(first.cursor) == parse_progress(second.cursor));
}

TEST_CASE("a cursor that nobody can read begins anew") {
    CHECK(parse_progress({"rubbish", "more\nrubbish\n\n"}) == Progress{});
    const Progress progress{"{\"a\":1}", {{"accounts", {"1", "2"}}}};
    CHECK(parse_progress({render_floor(progress), ""}) == progress);
    CHECK(parse_progress({"", render_position(progress, "r", 7)}) == progress);
}

TEST_CASE("a state that no cursor can hold is refused") {
    Bench bench;
    const auto large = state("\"" + std::string(2u << 20, 's') + "\"");
    CHECK_THROWS_AS(bench.intake.take(large), Failure);
}
