// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/parser.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using namespace nudged::sources::csv;

namespace {

using Cells = std::vector<std::string>;

struct Parsed {
    Cells cells;
    std::uint64_t line;
    RowProblem problem = RowProblem::none;
    friend bool operator==(const Parsed&, const Parsed&) = default;
};

std::ostream& operator<<(std::ostream& out, const Parsed& row) {
    out << "line " << row.line << " problem " << static_cast<int>(row.problem) << " [";
    for (const auto& cell : row.cells) out << '<' << cell << '>';
    return out << ']';
}

/// Feeds pieces of `piece` bytes and goes back where a bad row says so, as the reader does.
std::vector<Parsed> parse(const std::string& text, std::size_t piece, char delimiter = ',') {
    RowParser parser{delimiter};
    std::vector<Parsed> rows;
    std::size_t row_begin = 0;
    std::size_t at = 0;
    while (true) {
        const bool ended = at == text.size();
        if (ended) {
            parser.finish();
        } else {
            const std::string chunk = text.substr(at, piece);  // a copy: sanitizers see its end
            at += parser.feed(chunk);
        }
        if (!parser.has_row()) {
            if (ended) return rows;
            continue;
        }
        const Row& row = parser.row();
        rows.push_back({Cells(row.cells.begin(), row.cells.end()), row.line, row.problem});
        REQUIRE(row.bytes > 0);
        row_begin += row.bytes;
        REQUIRE(row_begin <= at);
        at = row_begin;
    }
}

Parsed bad(std::uint64_t line, RowProblem problem) {
    return {{}, line, problem};
}

}  // namespace

TEST_CASE("a table splits into rows and cells wherever its chunks end") {
    struct Case {
        const char* name;
        std::string text;
        std::vector<Parsed> rows;
    };
    const auto c = GENERATE(values<Case>({
        {"plain", "a,b\n1,2\n", {{{"a", "b"}, 1}, {{"1", "2"}, 2}}},
        {"the last line without its end", "a,b\n1,2", {{{"a", "b"}, 1}, {{"1", "2"}, 2}}},
        {"CRLF", "a,b\r\n1,2\r\n", {{{"a", "b"}, 1}, {{"1", "2"}, 2}}},
        {"CR", "a,b\r1,2\r", {{{"a", "b"}, 1}, {{"1", "2"}, 2}}},
        {"empty cells", ",\n,,\n", {{{"", ""}, 1}, {{"", "", ""}, 2}}},
        {"an empty last cell at the end", "a,", {{{"a", ""}, 1}}},
        {"blank lines", "a\n\nb\n", {{{"a"}, 1}, {{""}, 2}, {{"b"}, 3}}},
        {"nothing", "", {}},
        {"quotes", "\"a\",\"b\"\n", {{{"a", "b"}, 1}}},
        {"an empty cell in quotes", "\"\",x\n", {{{"", "x"}, 1}}},
        {"quotes up to the end", "x,\"a\"", {{{"x", "a"}, 1}}},
        {"a delimiter in quotes", "\"a,b\",c\n", {{{"a,b", "c"}, 1}}},
        {"doubled quotes", "\"5\"\" pipe\",\"\"\"\"\n", {{{"5\" pipe", "\""}, 1}}},
        {"a line break in quotes", "\"a\nb\",c\nd,e\n", {{{"a\nb", "c"}, 1}, {{"d", "e"}, 3}}},
        {"CRLF in quotes is kept",
         "\"a\r\nb\",c\r\nd,e\r\n",
         {{{"a\r\nb", "c"}, 1}, {{"d", "e"}, 3}}},
        {"a quote within a plain cell is text", "5\" pipe,x\n", {{{"5\" pipe", "x"}, 1}}},
        {"a row with more cells than others",
         "a,b\n1,2,3\n",
         {{{"a", "b"}, 1}, {{"1", "2", "3"}, 2}}},
        {"white space is kept", " a , b \n", {{{" a ", " b "}, 1}}},
    }));
    DYNAMIC_SECTION(c.name) {
        for (std::size_t piece = 1; piece <= c.text.size() + 1; ++piece) {
            CAPTURE(piece);
            CHECK(parse(c.text, piece) == c.rows);
        }
    }
}

TEST_CASE("a quote out of place costs its own row and no other") {
    struct Case {
        const char* name;
        std::string text;
        std::size_t bad_row;
        Parsed expected;
        Parsed after;
    };
    const auto c = GENERATE(values<Case>({
        {"text after the closing quote",
         "a,b\n\"5\" pipe\",x\n1,2\n",
         1,
         bad(2, RowProblem::text_after_quote),
         {{"1", "2"}, 3}},
        {"the last row has it", "a,b\n1,2\n\"x\"y", 2, bad(3, RowProblem::text_after_quote), {}},
        {"never closed",
         "a,b\n\"x,y\n1,2\n3,4\n",
         1,
         bad(2, RowProblem::open_quote),
         {{"1", "2"}, 3}},
        {"closed by a later row's quote",
         "a,b\n\"x,y\n1,\"2\"\n3,4\n",
         1,
         bad(2, RowProblem::text_after_quote),
         {{"1", "2"}, 3}},
        {"never closed in the last line", "a,b\n\"x,y", 1, bad(2, RowProblem::open_quote), {}},
    }));
    DYNAMIC_SECTION(c.name) {
        for (std::size_t piece = 1; piece <= c.text.size() + 1; ++piece) {
            CAPTURE(piece);
            const auto rows = parse(c.text, piece);
            REQUIRE(rows.size() > c.bad_row);
            CHECK(rows[c.bad_row].line == c.expected.line);
            CHECK(rows[c.bad_row].problem == c.expected.problem);
            if (c.after.line == 0) {
                CHECK(rows.size() == c.bad_row + 1);
            } else {
                REQUIRE(rows.size() > c.bad_row + 1);
                CHECK(rows[c.bad_row + 1] == c.after);
            }
        }
    }
}

TEST_CASE("a semicolon or a tab separates cells where it is the delimiter") {
    CHECK(parse("a;b,c\n", 3, ';') == std::vector<Parsed>{{{"a", "b,c"}, 1}});
    CHECK(parse("a\t\"b\tc\"\n", 3, '\t') == std::vector<Parsed>{{{"a", "b\tc"}, 1}});
}

TEST_CASE("a cell or row beyond its limit is told, and the next row is read") {
    const std::string long_cell(RowParser::max_cell + 1, 'x');
    const std::string many_cells(RowParser::max_columns, ',');
    struct Case {
        const char* name;
        std::string row;
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"a plain cell", "a," + long_cell + ",c"},
        {"a cell in quotes", "a,\"" + long_cell + "\",c"},
        {"a cell in quotes that has a line break", "\"" + long_cell + "\"\"\""},
        {"too many cells", many_cells},
        {"too many cells on one line", "\"x\"" + many_cells},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto rows = parse(c.row + "\r\n1,2\n", 4096);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].problem == RowProblem::too_long);
        CHECK(rows[1] == Parsed{{"1", "2"}, 2});
    }
}

TEST_CASE("a row that outgrows its limit over many lines costs the first of them only") {
    std::string text = "\"begin\n";
    const std::size_t lines = RowParser::max_cell / 4 + 10;
    for (std::size_t i = 0; i < lines; ++i) text += "1,2\n";
    const auto rows = parse(text, 1 << 16);
    REQUIRE(rows.size() == lines + 1);
    CHECK(rows[0].problem == RowProblem::too_long);
    CHECK(rows[1] == Parsed{{"1", "2"}, 2});
    CHECK(rows.back() == Parsed{{"1", "2"}, lines + 1});
}

TEST_CASE("any bytes at all are rows, the same however they are cut") {
    std::mt19937 random{20261120};
    const std::string alphabet{"ab,\"\n\r;\t\0\xC3\xA9\xFF", 12};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        const auto length = random() % 40;
        for (std::size_t i = 0; i < length; ++i) text += alphabet[random() % alphabet.size()];
        const auto whole = parse(text, text.size() + 1);
        CAPTURE(round, text);
        CHECK(parse(text, 1) == whole);
        CHECK(parse(text, 1 + random() % 7) == whole);
    }
}
