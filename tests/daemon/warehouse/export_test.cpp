// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/export.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

struct Files {
    tests::TempFolder folder;
    Exported exported;

    std::string read(const std::string& name) const {
        return tests::read_file(folder.file("out/" + name));
    }
};

std::unique_ptr<Files> export_all(tests::World& world, ExportOptions options = {}) {
    world.reader();
    auto files = std::make_unique<Files>();
    options.folder = files->folder.file("out");
    files->exported = export_views(world.path(), options);
    return files;
}

/// One call whose subject is hostile, as the CSV has it.
std::string csv_of(const std::string& subject) {
    tests::World world;
    world.call("c1").owner("ana").subject(subject);
    const auto files = export_all(world, {.views = {"v_call"}});
    const auto text = files->read("v_call.csv");
    const auto header = text.substr(0, text.find("\r\n"));
    const auto row = text.substr(text.find("\r\n") + 2);
    const auto before = header.substr(0, header.find(",subject,"));
    auto begin = std::size_t{0};
    for (auto commas = std::count(before.begin(), before.end(), ',') + 1; commas > 0; --commas)
        begin = row.find(',', begin) + 1;
    const auto after = header.substr(before.size() + std::string_view{",subject"}.size());
    auto end = row.rfind("\r\n");
    for (auto commas = std::count(after.begin(), after.end(), ','); commas > 0; --commas)
        end = row.rfind(',', end - 1);
    return row.substr(begin, end - begin);
}

}  // namespace

TEST_CASE("every view is written, a file each, for its user and group alone") {
    tests::World world;
    world.team("North").manager("max").rep("ana");
    world.call("c1").owner("ana").at(tests::noon(2026y / 11 / 20)).direction("outbound");
    world.opportunity("o1").owner("ana").amount("12345678901234567.89");
    const auto files = export_all(world);
    CHECK(files->exported.snapshots == 1);
    auto views = world.database().prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'view' AND name GLOB 'v_*'");
    while (views.step()) {
        const auto file = files->folder.file("out/" + std::string{views.text(0)} + ".csv");
        CAPTURE(file);
        CHECK(fs::status(file).permissions() == fs::perms{0640});
    }
    CHECK(fs::status(files->folder.file("out")).permissions() == fs::perms{0750});
    CHECK_THAT(files->read("v_call.csv"), Contains("2026-11-20T12:00:00Z"));
    CHECK_THAT(files->read("v_opportunity.csv"), Contains("12345678901234567.89"));
    CHECK_THAT(files->read("v_rep_week.csv"), Contains("2026-W47"));
}

TEST_CASE("text that a spreadsheet would take for a formula is shown as text") {
    struct Case {
        const char* subject;
        const char* csv;
    };
    const auto c = GENERATE(values<Case>({
        {"hello", "hello"},
        {"=1+1", "\"'=1+1\""},
        {"+49 30 12", "\"'+49 30 12\""},
        {"-2+3", "\"'-2+3\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t=1\""},
        {"\uFF1D1", "\"'\uFF1D1\""},
        {"-12.50", "-12.50"},
        {"say \"hi\", then go", "\"say \"\"hi\"\", then go\""},
        {"two\nlines", "\"two\nlines\""},
        {"", "\"\""},
        {"bad \xFF byte", "bad \uFFFD byte"},
    }));
    DYNAMIC_SECTION(c.subject) {
        CHECK(csv_of(c.subject) == c.csv);
    }
}

TEST_CASE("JSON Lines keep numbers, nulls and texts apart") {
    tests::World world;
    world.call("c1").owner("ana").lasting(90s).subject("=1+1");
    const auto files = export_all(world, {.views = {"v_call"}, .format = ExportFormat::jsonl});
    const auto text = files->read("v_call.jsonl");
    CHECK_THAT(text, Contains("\"duration_s\":90"));
    CHECK_THAT(text, Contains("\"subject\":\"=1+1\""));
    CHECK_THAT(text, Contains("\"account\":null"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("an export that outlives its snapshot goes on where it was, telling every row once") {
    tests::World world;
    world.team("North").manager("max").rep("ana").rep("ben");
    for (int i = 0; i < 50; ++i)
        world.call(std::to_string(i))
            .owner(i % 2 ? "ana" : "ben")
            .at(tests::noon(2026y / 11 / 20) - std::chrono::days{i})
            .direction("outbound");
    const auto whole = export_all(world);
    const auto pieces = export_all(world, {.snapshot = 0ms});
    CHECK(pieces->exported.snapshots > 50);
    REQUIRE(pieces->exported.files.size() == whole->exported.files.size());
    for (const auto& file : whole->exported.files) {
        const auto name = file.view + ".csv";
        CAPTURE(name);
        CHECK(pieces->read(name) == whole->read(name));
    }
}

TEST_CASE("what is said in 1:1s is in no export, whatever view shows it") {
    tests::World world;
    world.account("Acme");
    world.reader();
    world.database().execute(
        "INSERT INTO note (id, type, team, held_on, stored_at, origin) "
        "VALUES (1, 'scrum', 'north', '2026-11-20', 0, 'command');"
        "INSERT INTO note_revision VALUES (1, 1, 1, 0, 'between us', '');"
        "CREATE VIEW v_note AS SELECT id, body FROM note_revision;"
        "CREATE VIEW v_leak AS SELECT (SELECT body FROM note_revision) AS body");
    const auto files = export_all(world);
    CHECK_FALSE(fs::exists(files->folder.file("out/v_note.csv")));
    CHECK_FALSE(fs::exists(files->folder.file("out/v_leak.csv")));
    CHECK(fs::exists(files->folder.file("out/v_account.csv")));
    CHECK_THROWS_WITH(export_all(world, {.views = {"v_leak"}}), Contains("1:1"));
    CHECK_THROWS_WITH(export_all(world, {.views = {"v_cal"}}),
                      Contains("there is no view \"v_cal\""));
}
