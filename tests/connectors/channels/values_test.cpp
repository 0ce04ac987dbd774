// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/values.hpp"

#include <catch2/catch.hpp>

using namespace nudged::channels;

TEST_CASE("a value is one clean line of at most so many characters") {
    struct Case {
        const char* name;
        std::string raw;
        std::size_t max;
        std::string shown;
    };
    const auto c = GENERATE(values<Case>({
        {"short enough", "Acme", 4, "Acme"},
        {"one too many", "Acmes", 4, "Acm…"},
        {"line breaks and controls", "a\r\nb\tc\x1b[31m", 20, "a b c [31m"},
        {"letters of several bytes are counted as one", "äöüß", 4, "äöüß"},
        {"and are not cut in two", "äöüßé", 4, "äöü…"},
        {"a combining accent stays with its letter", "abe\u0301f", 4, "ab…"},
        {"a family joined by joiners stays whole", "a👩\u200D👩\u200D👧bcd", 4, "a…"},
        {"bad UTF-8", "a\xffz", 4, "a\uFFFDz"},
        {"the space before the cut goes too", "ab cd", 4, "ab…"},
        {"only white space", "  \n ", 4, ""},
        {"nothing", "", 4, ""},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(value(c.raw, c.max) == c.shown);
    }
}

TEST_CASE("a megabyte is cut as a line is") {
    CHECK(value(std::string(1u << 20, 'x'), 3) == "xx…");
    CHECK(value(std::string(1u << 20, ' ') + "end", 3) == "…");
}

TEST_CASE("the columns of a table stand below each other, whatever the letters' width") {
    const auto lines = lay_out({"rep", "dials"}, {{"Zoë", "52/90"}, {"日本", "7/90"}, {"x", ""}});
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "rep   dials");
    CHECK(lines[1] == "Zoë   52/90");
    CHECK(lines[2] == "日本  7/90");  // each of the two takes two columns
    CHECK(lines[3] == "x");
}
