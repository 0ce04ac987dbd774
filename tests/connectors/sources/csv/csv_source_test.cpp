// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/csv/bench.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using namespace nudged;
using namespace nudged::tests;

TEST_CASE("a file is read once, and again when it has changed") {
    Bench bench;
    bench.write("accounts.csv", "id,name\n1,Acme\n2,Bolt\n");
    const auto source = bench.source({table("accounts.csv")});

    const Page first = bench.fetch(*source, Entity::account);
    CHECK(ids(first) == "1 2");
    CHECK_FALSE(first.more);
    CHECK(first.cursor.position.empty());
    CHECK(to_millis(first.fetched_at) == 1'795'162'500'000);
    REQUIRE(first.snapshot);
    CHECK(first.snapshot->begins);
    CHECK(first.snapshot->ends);

    const Page unchanged = bench.fetch(*source, Entity::account, first.cursor);
    CHECK(unchanged.records.empty());
    CHECK_FALSE(unchanged.more);
    CHECK_FALSE(unchanged.snapshot);
    CHECK(unchanged.cursor == first.cursor);

    bench.touch("accounts.csv");
    const Page touched = bench.fetch(*source, Entity::account, first.cursor);
    CHECK(touched.records.empty());
    CHECK(touched.cursor.floor != first.cursor.floor);  // the new time of change

    bench.write("accounts.csv", "id,name\n2,Bolts\n");
    const Page changed = bench.fetch(*source, Entity::account, touched.cursor);
    CHECK(ids(changed) == "2");
    REQUIRE(changed.snapshot);
    CHECK(changed.snapshot->ends);
}

TEST_CASE("a changed mapping reads an unchanged file again") {
    Bench bench;
    bench.write("accounts.csv", "id,name\n1,Acme\n");
    const Page before = bench.fetch(*bench.source({table("accounts.csv")}), Entity::account);
    CsvTable other = table("accounts.csv");
    other.map["domain"].constant = "example.com";
    const Page after = bench.fetch(*bench.source({other}), Entity::account, before.cursor);
    CHECK(ids(after) == "1");
}

TEST_CASE("several tables feed one stream, and each entity is a stream of its own") {
    Bench bench;
    bench.write("deals.csv", "id,name\nD1,Deal\n");
    bench.write("north.csv", "id,name\n1,Acme\n");
    bench.write("south.csv", "id,name\n2,Bolt\n");
    const auto source =
        bench.source({table("deals.csv", "opportunity"), table("north.csv"), table("south.csv")});
    REQUIRE(source->streams().size() == 2);
    CHECK(source->streams()[0].entity == Entity::account);
    CHECK(source->streams()[1].entity == Entity::opportunity);
    const Page accounts = bench.fetch(*source, Entity::account);
    CHECK(ids(accounts) == "1 2");
    CHECK(ids(bench.fetch(*source, Entity::opportunity)) == "D1");

    // The unchanged one is told as well: else its records would seem to have vanished.
    bench.write("south.csv", "id,name\n3,Bolt\n");
    CHECK(ids(bench.fetch(*source, Entity::account, accounts.cursor)) == "1 3");
}

TEST_CASE("rows count as vanished only when that is proven") {
    struct Case {
        const char* name;
        std::string text;
        bool complete;
        bool proven;
    };
    const auto c = GENERATE(values<Case>({
        {"complete and sound", "id,name\n1,Acme\n", true, true},
        {"a bad row might be any", "id,name\n1,Acme\n2\n", true, false},
        {"a bad value is not a bad row", "id,name\n1,\xFF\n", true, true},
        {"an empty table", "id,name\n", true, false},
        {"not said to be complete", "id,name\n1,Acme\n", false, false},
    }));
    DYNAMIC_SECTION(c.name) {
        Bench bench;
        bench.write("accounts.csv", c.text);
        CsvTable options = table("accounts.csv");
        options.complete = c.complete;
        const auto source = bench.source({options});
        const Page page = bench.fetch(*source, Entity::account);
        CHECK((page.snapshot && page.snapshot->ends) == c.proven);
        CHECK(page.snapshot.has_value() == c.complete);

        const Page asked = bench.run(source->fetch_records(Entity::account, {"1", "77"}));
        const bool has_1 = c.text.find("\n1,") != std::string::npos;
        CHECK(ids(asked) == std::string{has_1 ? "1" : ""} + (c.proven ? " -77" : ""));
    }
}

TEST_CASE("a large file comes in pages, and a walk goes on after a restart") {
    Bench bench;
    std::string text = "\xEF\xBB\xBFid,name\r\n";
    constexpr int rows = 5000;
    for (int i = 0; i < rows; ++i)
        text += std::to_string(i) + ",\"name\r\n" + std::to_string(i) + "\"\r\n";
    text += "broken\r\n";
    bench.write("accounts.csv", text);
    CsvTable incomplete = table("accounts.csv");

    std::vector<std::string> seen;
    std::vector<std::size_t> sizes;
    Cursor cursor;
    for (bool more = true; more;) {
        const auto source = bench.source({incomplete});  // as after a restart
        const Page page = bench.fetch(*source, Entity::account, cursor);
        for (const auto& record : page.records) seen.emplace_back(record.id);
        sizes.push_back(page.records.size());
        CHECK(page.snapshot->begins == (sizes.size() == 1));
        if (page.more) {
            CHECK(page.cursor.floor.empty());
        } else {
            REQUIRE(page.malformed_count == 1);
            // The first line, two for each row, then this one.
            CHECK(page.malformed[0].where == "accounts.csv:10002");
        }
        more = page.more;
        cursor = page.cursor;
    }
    CHECK(sizes == std::vector<std::size_t>{2000, 2000, 1000});
    REQUIRE(seen.size() == rows);
    for (int i = 0; i < rows; ++i) REQUIRE(seen[static_cast<std::size_t>(i)] == std::to_string(i));
    CHECK(cursor.position.empty());
    CHECK_FALSE(cursor.floor.empty());
}

TEST_CASE("a lone quote costs its own row, however far it reaches") {
    Bench bench;
    std::string text = "id,name\n1,\"open\n";
    constexpr int last = 40'000;
    for (int i = 2; i <= last; ++i) text += std::to_string(i) + ",name\n";
    REQUIRE(text.size() > 400 * 1024);  // more than a cell may hold and is read at once
    bench.write("accounts.csv", text);
    const auto source = bench.source({table("accounts.csv")});

    int expected = 2;
    Cursor cursor;
    std::uint64_t malformed = 0;
    for (bool more = true; more;) {
        const Page page = bench.fetch(*source, Entity::account, cursor);
        for (const auto& record : page.records) REQUIRE(record.id == std::to_string(expected++));
        if (page.malformed_count > 0) CHECK(page.malformed[0].where == "accounts.csv:2");
        malformed += page.malformed_count;
        more = page.more;
        cursor = page.cursor;
    }
    CHECK(expected == last + 1);
    CHECK(malformed == 1);
}

TEST_CASE("a file that changes while it is read is begun again") {
    Bench bench;
    std::string text = "id,name\n";
    for (int i = 0; i < 2500; ++i) text += std::to_string(i) + ",x\n";
    bench.write("accounts.csv", text);
    const auto source = bench.source({table("accounts.csv")});
    const Page first = bench.fetch(*source, Entity::account);
    REQUIRE(first.more);

    bench.write("accounts.csv", "id,name\n7,y\n");
    const Page again = bench.fetch(*source, Entity::account, first.cursor);
    CHECK(ids(again) == "7");
    CHECK(again.snapshot->begins);
    CHECK(again.snapshot->ends);
    CHECK_FALSE(again.more);
}

TEST_CASE("what only a person can mend is told with the file's name") {
    Bench bench;
    std::string what;
    const auto source = bench.source({table("accounts.csv")});

    CHECK(failure_of(bench, *source, what) == FailureKind::needs_person);
    CHECK(what.find("accounts.csv: No such file or directory") != std::string::npos);

    bench.write("accounts.csv", "");
    CHECK(failure_of(bench, *source, what) == FailureKind::needs_person);
    CHECK(what.find("the file has no first line with the column names") != std::string::npos);

    bench.write("accounts.csv", "id,nmae\n1,Acme\n");
    CHECK(failure_of(bench, *source, what) == FailureKind::needs_person);
    CHECK(
        what.find("sheets.toml:8:1: accounts.csv has no column \"name\", did you mean \"nmae\"?") !=
        std::string::npos);

    bench.write("accounts.csv", "\xFF\xFEi\0d\0");
    CHECK(failure_of(bench, *source, what) == FailureKind::needs_person);
    CHECK(what.find("UTF-16") != std::string::npos);
}

TEST_CASE("checking a configuration reads the first lines of the files that are there") {
    Bench bench;
    bench.write("accounts.csv", "id,nmae\n");
    CsvTable plain_link = table("http://sheets.example.com/accounts.csv");
    Diagnostics problems;
    sources::check_csv(bench.options({table("accounts.csv"), table("later.csv"), plain_link}), "",
                       problems);
    REQUIRE(problems.items().size() == 4);
    CHECK(problems.items()[0].what == "the link is not encrypted");
    CHECK(problems.items()[1].what == "accounts.csv has no column \"name\"");
    CHECK(problems.items()[1].place.str() == "sheets.toml:8:1");
    CHECK(problems.items()[2].severity == Diagnostic::Severity::warning);  // it may come yet
    CHECK(problems.items()[3].what == "whoever knows this link can read the table");

    CHECK_THROWS_AS(bench.source({plain_link}), Failure);
}

TEST_CASE("any bytes at all are read to their end") {
    Bench bench;
    std::mt19937 random{1999};
    const std::string alphabet{"12,\"\n\r\0\xC3\xA9\xFF", 10};
    for (int round = 0; round < 200; ++round) {
        std::string text = "id,name\n";
        const auto length = random() % 400;
        for (std::size_t i = 0; i < length; ++i) text += alphabet[random() % alphabet.size()];
        bench.write("accounts.csv", text);
        const auto source = bench.source({table("accounts.csv")});
        const Page page = bench.fetch(*source, Entity::account);
        CHECK_FALSE(page.more);
        for (const auto& record : page.records) CHECK_FALSE(record.id.empty());
    }
}
