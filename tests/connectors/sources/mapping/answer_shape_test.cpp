// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/answer_shape.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace nudged::sources;

namespace {

const AnswerShape csv{.csv = true, .header = false, .columns = {}};
const AnswerShape header{.csv = false, .header = true, .columns = {}};

/// The rows with their members as "a=1,b=2;", a null row as "null;", "unreadable".
std::string rows_of(std::string body, const AnswerShape& shape, const std::string& records = "") {
    const auto place = *json::Path::parse(records);
    const auto document = parse_answer(body, shape, place);
    if (!document) return "unreadable";
    const auto* rows = place.find(*document);
    REQUIRE(rows);
    REQUIRE(rows->IsArray());
    std::string shown;
    for (const auto& row : rows->GetArray()) {
        if (row.IsNull()) shown += "null";
        if (row.IsObject())
            for (const auto& member : row.GetObject())
                shown += std::string{*json::scalar(&member.name)} + "=" +
                         std::string{json::scalar(&member.value).value_or("null")} + ",";
        shown += ";";
    }
    return shown;
}

}  // namespace

TEST_CASE("rows of CSV read like objects") {
    CHECK(rows_of("Id,Name\n1,Acme\n2,\"Beta, Inc.\"\n", csv) ==
          "Id=1,Name=Acme,;Id=2,Name=Beta, Inc.,;");
    CHECK(rows_of("\xEF\xBB\xBFId,Name\r\n1,N/A\r\n2,\r\n", csv) == "Id=1,Name=N/A,;Id=2,Name=,;");
    CHECK(rows_of("Id,Name\n1,\"two\nlines and \"\"quotes\"\"\"", csv) ==
          "Id=1,Name=two\nlines and \"quotes\",;");
    CHECK(rows_of("\"Id\",\"Name\"\n\n\"1\",\"\"\n", csv) == "Id=1,Name=,;");
    CHECK(rows_of("Id,Name\n", csv).empty());
}

TEST_CASE("a row of CSV that cannot be read is a null, and a text that is cut off no answer") {
    CHECK(rows_of("Id,Name\n1\n2,B\n3,C,D\n", csv) == "null;Id=2,Name=B,;null;");
    CHECK(rows_of("Id,Name\n1,\"a\"b\n2,B\n", csv) == "null;Id=2,Name=B,;");
    CHECK(rows_of("Id,Name\n1,\"cut off", csv) == "unreadable");
    CHECK(rows_of("<html><body>Busy, sorry</body></html>", csv) == "unreadable");
    CHECK(rows_of(R"([{"errorCode":"X"}])", csv) == "unreadable");
    CHECK(rows_of("", csv) == "unreadable");  // a list without rows has its header
    CHECK(rows_of("\r\n", csv) == "unreadable");
    CHECK(rows_of("null", csv) == "unreadable");
}

TEST_CASE("arrays with a header read like objects") {
    CHECK(rows_of(R"({"values":[["Id","Due Date"],["1","2026-11-20"],[2],[]]})", header,
                  "/values") == "Id=1,Due Date=2026-11-20,;Id=2,;");   // an empty row is none
    CHECK(rows_of(R"([["Id"],[1,2],"x"])", header) == "Id=1,;null;");  // notes beside the table
    CHECK(rows_of(R"([["Id"]])", header).empty());
    CHECK(rows_of("[]", header).empty());
    CHECK(rows_of(R"([{"Id":1}])", header) == "unreadable");
}

TEST_CASE("arrays whose columns are named elsewhere read like objects") {
    const AnswerShape columns{
        .csv = false, .header = false, .columns = json::Path::parse("/columns/*/name")};
    CHECK(rows_of(R"({"columns":[{"name":"id"},{"name":"t"}],"rows":[[1,null],[2,true]]})", columns,
                  "/rows") == "id=1,t=null,;id=2,t=true,;");
    CHECK(rows_of(R"({"rows":[[1]]})", columns, "/rows") == "unreadable");
    CHECK(rows_of(R"({"columns":[],"rows":[]})", columns, "/rows").empty());
}

TEST_CASE("CSV of any bytes is read within its bounds") {
    std::mt19937 random{20261120};
    const std::string alphabet = "a\",\n\r<\\;";
    for (int round = 0; round < 20'000; ++round) {
        std::string body = "x,y\n";
        for (auto size = random() % 24; size > 0; --size)
            body += alphabet[random() % alphabet.size()];
        const auto size = body.size();
        const auto document = parse_answer(body, csv, {});
        REQUIRE(body.size() == size);
        if (!document) continue;
        std::size_t text = 0;
        for (const auto& row : document->GetArray()) {
            if (!row.IsObject()) continue;
            for (const auto& member : row.GetObject()) {
                const char* begin = member.value.GetString();
                REQUIRE(begin >= body.data());
                REQUIRE(begin + member.value.GetStringLength() <= body.data() + size);
                text += member.value.GetStringLength();
            }
        }
        REQUIRE(text <= size);
    }
}
