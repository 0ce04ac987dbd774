// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/lines.hpp"

#include <catch2/catch.hpp>

using namespace nudged::sources::singer;

namespace {

std::vector<std::string> lines_of(const std::vector<std::string>& pieces, std::size_t max) {
    LineCutter cutter{max};
    std::vector<std::string> lines;
    const auto use = [&](std::string_view line, bool is_cut) {
        lines.push_back(is_cut ? "(cut)" : std::string{line});
    };
    for (const auto& piece : pieces) cutter.feed(piece, use);
    cutter.finish(use);
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines are the same however the output arrives") {
    const Lines expected{"one", "", "three", "last"};
    CHECK(lines_of({"one\n\nthree\nlast"}, 10) == expected);
    CHECK(lines_of({"o", "ne", "\n\nth", "ree\n", "last"}, 10) == expected);
    CHECK(lines_of({"one\n\nthree\nlast\n"}, 10) == expected);
}

TEST_CASE("a line that is too long is dropped, and the next one is whole") {
    CHECK(lines_of({"12345678901\nnext\n"}, 10) == Lines{"(cut)", "next"});
    CHECK(lines_of({"1234567890\nnext\n"}, 10) == Lines{"1234567890", "next"});
    CHECK(lines_of({"12345", "678901", "more\nne", "xt"}, 10) == Lines{"(cut)", "next"});
}

TEST_CASE("the last words are one bounded line without secrets") {
    LastWords words{{"hunter22", "-----BEGIN KEY-----\nMIIEvQ==\n", "no"}};
    SECTION("the last line that says anything") {
        words.feed("Traceback:\n  File x\nKeyError: 'id'\n\n");
        CHECK(words.text() == "KeyError: 'id'");
    }
    SECTION("without a line feed") {
        words.feed("first\nlast");
        CHECK(words.text() == "last");
    }
    SECTION("without secrets") {
        words.feed("401 for https://x/?key=hunter22 and MIIEvQ==, no more\n");
        CHECK(words.text() == "401 for https://x/?key=*** and ***, no more");
    }
    SECTION("without control characters, and short") {
        words.feed("\x1b[31mred " + std::string(5000, 'y') + "\n");
        const auto text = words.text();
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.size() <= 203);
        CHECK(text.ends_with("…"));
    }
    SECTION("a line that never ends is not kept") {
        words.feed(std::string(200'000, 'z') + "\n");
        CHECK(words.text() == "(a very long line)");
    }
}
