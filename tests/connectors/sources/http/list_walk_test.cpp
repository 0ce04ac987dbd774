// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/list_walk.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <vector>

using namespace nudged;
using namespace nudged::sources;

namespace {

using Ids = std::vector<std::uint64_t>;
/// What each page of one reading told.
using Pages = std::vector<Ids>;

Tally tally_of(const Ids& ids) {
    Tally tally;
    tally.rows = ids.size();
    for (const auto id : ids) tally.keys.push_back({.id = id, .hash = id, .modified = {}});
    return tally;
}

struct Read {
    std::size_t readings = 0;
    std::set<std::uint64_t> told;
};

/// Walks through a list that looks like one of `readings` after the other, and like the last of
/// them from then on; each page in another process.
Read read(const std::vector<Pages>& readings, ListWalk::Pages pages = ListWalk::Pages::move) {
    Read read;
    model::Cursor at;
    for (bool more = true; more; ++read.readings) {
        REQUIRE(read.readings < 10);
        const auto& list = readings[std::min(read.readings, readings.size() - 1)];
        for (std::size_t page = 0; page < list.size(); ++page) {
            ListWalk walk{at, 1, pages};
            read.told.insert(list[page].begin(), list[page].end());
            walk.note(tally_of(list[page]));
            std::optional<PageAt> next;
            if (page + 1 < list.size())
                next = PageAt{.token = {}, .number = static_cast<std::int64_t>(page) + 1};
            more = walk.take(next, Instant{});
            at = walk.cursor();
        }
    }
    return read;
}

}  // namespace

TEST_CASE("a list whose pages move is read until two readings in a row are the same") {
    struct Case {
        const char* name;
        std::vector<Pages> readings;
        std::size_t read;
    };
    const auto c = GENERATE(values<Case>({
        {"one that rests is read twice", {{{1, 2}, {3, 4}}}, 2},
        {"a row that crosses an edge is told by the second reading, and the third says the same",
         {{{1, 2}, {4}}, {{2, 3}, {4}}},
         3},
        {"a row that crosses it in both readings is told by the third",
         {{{1, 2}, {4, 5}}, {{2, 6}, {4, 5}}, {{6, 3}, {4, 5}}},
         4},
        {"a row that moves behind the others is told in two places",
         {{{1, 2}, {4, 1}}, {{2, 3}, {4, 1}}},
         3},
        {"one that never rests is read four times",
         {{{1, 2}, {3}}, {{1, 2}, {4}}, {{1, 2}, {5}}, {{1, 2}, {6}}},
         4},
        {"one page tells everything at one time", {{{1, 2, 3}}}, 1},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto done = read(c.readings);
        CHECK(done.readings == c.read);
        std::set<std::uint64_t> all;
        for (const auto& reading : c.readings)
            for (const auto& page : reading) all.insert(page.begin(), page.end());
        CHECK(done.told == all);
    }
}

TEST_CASE("a list whose pages stay is read once") {
    CHECK(read({{{1, 2}, {3}}}, ListWalk::Pages::stay).readings == 1);
}

TEST_CASE("several lists are one reading, and each is told by its number") {
    model::Cursor at;
    std::vector<std::size_t> passes;
    for (bool more = true; more;) {
        ListWalk walk{at, 2, ListWalk::Pages::move};
        passes.push_back(walk.pass());
        // A row goes from the second list to the first one while the first reading is between them.
        const bool is_there = passes.size() > 2;
        walk.note(tally_of(walk.pass() == 0 && is_there ? Ids{1, 2} : Ids{1}));
        more = walk.take(std::nullopt, Instant{});
        at = walk.cursor();
        REQUIRE(passes.size() < 20);
    }
    CHECK(passes == std::vector<std::size_t>{0, 1, 0, 1, 0, 1});
}
