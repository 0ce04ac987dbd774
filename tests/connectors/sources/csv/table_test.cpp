// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/table.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace nudged;
using namespace nudged::sources;
using namespace nudged::sources::csv;
using model::Entity;

namespace {

MapEntry column(const std::string& name) {
    MapEntry entry;
    entry.from = {name};
    return entry;
}

MapEntry join(const std::string& text) {
    MapEntry entry;
    entry.join = text;
    return entry;
}

/// Opportunities by id, stage and amount.
CsvTable deals() {
    CsvTable table;
    table.file = "deals.csv";
    table.entity = "opportunity";
    table.id = column("id");
    table.map = {{"stage", column("stage")}, {"amount", column("amount")}};
    table.place = {"crm.toml", 3, 1};
    return table;
}

model::Page decode(const CsvTable& options, const std::vector<std::vector<std::string>>& rows) {
    Diagnostics problems;
    const Table table{options, options.file, Zone::utc(), problems};
    const auto cells_of = [](const std::vector<std::string>& row) {
        return std::vector<std::string_view>(row.begin(), row.end());
    };
    const Binding binding = table.bind(cells_of(rows.front()), problems);
    INFO(problems.str());
    REQUIRE(problems.items().empty());
    model::Page page;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        Row row;
        row.cells = cells_of(rows[i]);
        row.line = i + 1;
        table.decode(row, binding, page);
    }
    return page;
}

std::string_view text_of(const model::Record& record, std::string_view field) {
    return record.text_at(*model::field_index(record.entity, field));
}

std::string problems_of(const CsvTable& options, const std::vector<std::string_view>& header) {
    Diagnostics problems;
    const Table table{options, options.file, Zone::utc(), problems};
    table.bind(header, problems);
    return problems.str();
}

}  // namespace

TEST_CASE("a row becomes a record by its columns' names, wherever they stand") {
    const auto page =
        decode(deals(), {{"amount", "what", "stage", "id"}, {"12.50", "x", "won", "D1"}});
    REQUIRE(page.records.size() == 1);
    CHECK(page.records[0].entity == Entity::opportunity);
    CHECK(page.records[0].id == "D1");
    CHECK(text_of(page.records[0], "stage") == "won");
    CHECK(text_of(page.records[0], "amount") == "12.5");
    CHECK(page.malformed_count == 0);
}

TEST_CASE("a bad row is told with its line and left out; the rest is kept") {
    const auto page = decode(deals(), {{"id", "stage", "amount"},
                                       {"D1", "won"},
                                       {"", "won", "1"},
                                       {"D3", "won", "1", "2"},
                                       {"D4", "won", "1"}});
    REQUIRE(page.records.size() == 1);
    CHECK(page.records[0].id == "D4");
    REQUIRE(page.malformed_count == 3);
    CHECK(page.malformed[0].where == "deals.csv:2");
    CHECK(page.malformed[0].what == "the row has 2 columns and the first one 3");
    CHECK(page.malformed[1].where == "deals.csv:3");
    CHECK(page.malformed[1].what == "the row has no id");
    CHECK(page.malformed[2].where == "deals.csv:4");
}

TEST_CASE("a value that cannot be read is null and counted, and its row is kept") {
    const auto page =
        decode(deals(), {{"id", "stage", "amount"}, {"D1", "won", "lots"}, {"D2", "\xFF", "2"}});
    REQUIRE(page.records.size() == 2);
    CHECK(text_of(page.records[0], "stage") == "won");
    CHECK(text_of(page.records[0], "amount").empty());
    CHECK(text_of(page.records[1], "amount") == "2");
    REQUIRE(page.malformed_count == 2);
    CHECK(page.malformed[0].where == "deals.csv:2: amount");
    CHECK(page.malformed[0].what == "expected a number like 1250.50");
    CHECK(page.malformed[1].where == "deals.csv:3: stage");
    CHECK(page.malformed[1].what == "the text is not in the encoding of the table");
}

TEST_CASE("ids and times are joined from several columns") {
    CsvTable calls;
    calls.file = "calls.tsv";
    calls.entity = "call";
    calls.id = join("{agent}/{day}/{time}");
    MapEntry started = join("{day} {time}");
    started.format = "%y%m%d %H:%M:%S";
    started.zone = "Asia/Jerusalem";
    calls.map = {{"started_at", started}};
    calls.modified = started;
    const auto page = decode(
        calls,
        {{"agent", "day", "time"}, {"ZOHARI", "990201", "6:33:51"}, {"ZOHARI", "990201", ""}});
    REQUIRE(page.records.size() == 1);
    CHECK(page.records[0].id == "ZOHARI/990201/6:33:51");
    REQUIRE(page.records[0].modified);
    CHECK(format_instant(*page.records[0].modified) == "1999-02-01T04:33:51Z");
    CHECK(page.malformed_count == 1);  // an id of which a part is missing is none
}

TEST_CASE("a join translates its parts, and a row that lacks one falls back on a column") {
    CsvTable table = deals();
    MapEntry name = join("{product} for {account}");
    name.from = {"product"};
    name.values = {{"GTXPro", "GTX Pro"}};
    table.map = {{"name", name}};
    const auto page = decode(table, {{"id", "product", "account"},
                                     {"1", "GTXPro", "Cancity"},
                                     {"2", "GTXPro", ""},
                                     {"3", "", ""}});
    REQUIRE(page.records.size() == 3);
    CHECK(text_of(page.records[0], "name") == "GTX Pro for Cancity");
    CHECK(text_of(page.records[1], "name") == "GTX Pro");
    CHECK(text_of(page.records[2], "name").empty());
    CHECK(page.malformed_count == 0);
}

TEST_CASE("the first column that says something wins") {
    CsvTable table = deals();
    MapEntry since;
    since.from = {"close_date", "engage_date"};
    table.map = {{"close_date", since}};
    const auto page = decode(table, {{"id", "engage_date", "close_date"},
                                     {"1", "2016-10-20", "2017-03-01"},
                                     {"2", "2016-10-20", " "},
                                     {"3", "", ""}});
    CHECK(text_of(page.records[0], "close_date") == "2017-03-01");
    CHECK(text_of(page.records[1], "close_date") == "2016-10-20");
    CHECK(text_of(page.records[2], "close_date").empty());
}

TEST_CASE("where keeps the rows that a column's values name, or all others") {
    CsvTable table = deals();
    table.where = {{"stage", {"won", "lost"}, {}, {}}, {"amount", {}, {""}, {}}};
    const auto page = decode(table, {{"id", "stage", "amount"},
                                     {"1", "won", "5"},
                                     {"2", "open", "5"},
                                     {"3", "lost", ""},
                                     {"4", " lost ", "0"}});
    REQUIRE(page.records.size() == 2);
    CHECK(page.records[0].id == "1");
    CHECK(page.records[1].id == "4");
    CHECK(page.malformed_count == 0);
}

TEST_CASE("older encodings come out as UTF-8") {
    CsvTable table = deals();
    table.encoding = "windows-1252";
    // 0x80 is the euro sign there and é is 0xE9 in both.
    auto page = decode(table, {{"id", "stage", "amount"}, {"1", "\x80 caf\xE9", "1"}});
    CHECK(text_of(page.records[0], "stage") == "\xE2\x82\xAC caf\xC3\xA9");
    table.encoding = "ISO-8859-1";
    page = decode(table, {{"id", "stage", "amount"}, {"1", "caf\xE9", "1"}});
    CHECK(text_of(page.records[0], "stage") == "caf\xC3\xA9");
}

TEST_CASE("a column that a file lacks is told with the place of its mapping and the nearest one") {
    CsvTable table = deals();
    table.map["amount"].place = {"crm.toml", 9, 5};
    CHECK(problems_of(table, {"id", "stage", "amuont"}) ==
          "crm.toml:9:5: deals.csv has no column \"amount\", did you mean \"amuont\"?\n");
}

TEST_CASE("tables that cannot work are refused") {
    const std::vector<std::string_view> header{"id", "stage", "amount"};
    const auto told = [&](const CsvTable& table, std::string_view what) {
        const std::string problems = problems_of(table, header);
        INFO(problems);
        return problems.find(what) != std::string::npos;
    };
    CsvTable entity = deals();
    entity.entity = "oportunity";
    CHECK(told(entity, "did you mean \"opportunity\"?"));
    CsvTable encoding = deals();
    encoding.encoding = "utf-7";
    CHECK(told(encoding, "unknown encoding \"utf-7\""));
    CsvTable delimiter = deals();
    delimiter.delimiter = '"';
    CHECK(told(delimiter, "the delimiter cannot separate cells"));
    CsvTable no_id = deals();
    no_id.id = {};
    CHECK(told(no_id, "the table has no id"));
    CsvTable id_in_map = deals();
    id_in_map.map["id"] = column("id");
    CHECK(told(id_in_map, "\"id\" is no field of the map"));
    CsvTable open_join = deals();
    open_join.id = join("{id");
    CHECK(told(open_join, "the join \"{id\" is not whole"));
    CsvTable empty_filter = deals();
    empty_filter.where = {{"stage", {}, {}, {}}};
    CHECK(told(empty_filter, "needs either `in` or `except`"));
    CHECK(
        problems_of(deals(), {"id", "stage", "amount", "amount"}).find("two columns \"amount\"") !=
        std::string::npos);
    CHECK(problems_of(deals(), header).empty());
}
