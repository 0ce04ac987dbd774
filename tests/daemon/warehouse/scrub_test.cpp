// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/scrub.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace nudged;
using namespace nudged::warehouse;
using Catch::Contains;

namespace {

constexpr std::size_t page_size = 4096;
constexpr const char* remains = "ana duarte";

/// Tables and an index of several hundred pages.
void fill(const std::string& path) {
    Database database{path, Database::Mode::read_write};
    database.execute(R"sql(
        PRAGMA journal_mode = WAL;
        CREATE TABLE talk (id INTEGER PRIMARY KEY, subject TEXT, size INTEGER);
        CREATE INDEX talk_subject ON talk(subject);
        CREATE TABLE seen (subject TEXT PRIMARY KEY, size INTEGER) WITHOUT ROWID;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
        INSERT INTO talk SELECT i * 611953 % 1000003, printf('%d %.*c', i, i % 200, 'x'), i FROM n;
        INSERT INTO seen SELECT subject, size FROM talk;
        INSERT INTO talk VALUES (-1, printf('%.*c', 20000, 'y'), 0);
    )sql");
    REQUIRE(empty_log(database));
}

/// Puts a name where SQLite leaves what it moves elsewhere; into how many pages.
int plant(const std::string& path) {
    auto bytes = tests::read_file(path);
    int planted = 0;
    for (std::size_t at = 0; at < bytes.size(); at += page_size) {
        const auto page = std::string_view{bytes}.substr(at, page_size);
        for (const auto& part : unused_parts(page, at == 0)) {
            if (part.end - part.begin < std::string_view{remains}.size()) continue;
            bytes.replace(at + part.begin, std::string_view{remains}.size(), remains);
            ++planted;
            break;
        }
    }
    std::ofstream{path, std::ios::binary} << bytes;
    return planted;
}

bool is_left(const std::string& path) {
    return tests::read_file(path).find(remains) != std::string::npos;
}

std::string check(const Database& database) {
    auto row = database.prepare("PRAGMA integrity_check");
    row.step();
    return std::string{row.text(0)};
}

Scrub::Step scrub(Database& database) {
    Scrub scrub;
    auto came_to = Scrub::Step::more;
    while (came_to == Scrub::Step::more) came_to = scrub.step(database);
    return came_to;
}

std::int64_t sum(const Database& database) {
    return database.integer("SELECT (SELECT sum(length(subject) + size) FROM talk NOT INDEXED) + "
                            "(SELECT sum(length(subject) + size) FROM seen)");
}

}  // namespace

TEST_CASE("what lies in the unused parts of pages is overwritten, and no write brings it back") {
    const tests::TempFolder folder;
    const auto path = folder.file("nudged.db");
    fill(path);
    REQUIRE(plant(path) > 100);
    Database database{path, Database::Mode::read_write};
    database.execute("PRAGMA cache_size = -24576");
    const auto before = sum(database);  // this connection remembers the pages now
    REQUIRE(check(database) == "ok");
    const Database reader{path, Database::Mode::read_only};
    reader.prepare("BEGIN").run();
    REQUIRE(sum(reader) == before);

    CHECK(scrub(database) == Scrub::Step::done);
    CHECK_FALSE(is_left(path));
    CHECK(sum(reader) == before);
    CHECK(check(reader) == "ok");
    reader.prepare("COMMIT").run();
    database.execute("UPDATE talk SET size = size + 1; UPDATE seen SET size = size - 1; "
                     "DELETE FROM talk WHERE size = 1; INSERT INTO talk VALUES (-2, 'z', 0)");
    REQUIRE(empty_log(database));
    CHECK_FALSE(is_left(path));
    CHECK(check(database) == "ok");
}

TEST_CASE("a reader of an older state holds the overwriting up, until it has gone") {
    const tests::TempFolder folder;
    const auto path = folder.file("nudged.db");
    fill(path);
    REQUIRE(plant(path) > 100);
    Database database{path, Database::Mode::read_write};
    const Database reader{path, Database::Mode::read_only};
    reader.prepare("BEGIN").run();
    sum(reader);
    database.execute("UPDATE talk SET size = 7 WHERE id = -1");
    CHECK(scrub(database) == Scrub::Step::held);
    CHECK(is_left(path));
    reader.prepare("COMMIT").run();
    CHECK(scrub(database) == Scrub::Step::done);
    CHECK_FALSE(is_left(path));
    CHECK(check(database) == "ok");
}

TEST_CASE("while a reader keeps the log, nothing is overwritten that the log would bring back") {
    const tests::TempFolder folder;
    const auto path = folder.file("nudged.db");
    fill(path);
    REQUIRE(plant(path) > 100);
    Database database{path, Database::Mode::read_write};
    database.execute("UPDATE talk SET size = size + 1");  // with what is planted, into the log
    const Database reader{path, Database::Mode::read_only};
    reader.prepare("BEGIN").run();
    sum(reader);
    CHECK(scrub(database) == Scrub::Step::held);
    database.execute("UPDATE talk SET size = size + 1");
    reader.prepare("COMMIT").run();
    CHECK(scrub(database) == Scrub::Step::done);
    database.execute("UPDATE talk SET size = size + 1");
    REQUIRE(empty_log(database));
    CHECK_FALSE(is_left(path));
    CHECK(check(database) == "ok");
}

TEST_CASE("a file with pages that cannot be told apart is refused") {
    const tests::TempFolder folder;
    Database database{folder.file("other.db"), Database::Mode::read_write};
    database.execute("PRAGMA auto_vacuum = FULL; CREATE TABLE t (a)");
    Scrub scrub;
    CHECK_THROWS_WITH(scrub.step(database), Contains("run VACUUM"));
}

TEST_CASE("the unused parts of a page are those between its pointers and rows, and freed blocks") {
    // A leaf of a table: two rows, from byte 400 of 512 on; 20 bytes from 450 on are free.
    std::string page(512, '\0');
    page[0] = 13;
    page[1] = 1, page[2] = static_cast<char>(450 - 256);
    page[4] = 2;
    page[5] = 1, page[6] = static_cast<char>(400 - 256);
    page[453] = 20;
    const auto text = [](const std::vector<PagePart>& parts) {
        std::string joined;
        for (const auto& part : parts) joined += fmt::format("{}-{} ", part.begin, part.end);
        return joined;
    };
    CHECK(text(unused_parts(page, false)) == "12-400 454-470 ");
    page[0] = 5;  // of an inner page the header is longer
    CHECK(text(unused_parts(page, false)) == "16-400 454-470 ");
    page[453] = 100;  // beyond the page's end: it contradicts itself
    CHECK(unused_parts(page, false).empty());
    page[0] = 0;  // the rest of a long row
    CHECK(unused_parts(page, false).empty());
}
