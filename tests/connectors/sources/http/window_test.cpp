// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/window.hpp"

#include "connectors/base/failure.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::sources;
using namespace std::chrono_literals;
using Next = Window::Next;

namespace {

Instant at(const char* text) {
    return *parse_instant(text);
}

WindowRules rules() {
    WindowRules rules;
    rules.lag = 60s;
    rules.lookback = 1h;
    rules.deep_lookback = 48h;
    rules.deep_every = 24h;
    return rules;
}

const Instant noon = at("2026-11-20T12:00:00Z");

/// Pages by ascending id, of a CRM that may count.
std::optional<Window> resume(const model::Cursor& cursor, const WindowRules& rules, Instant now) {
    return Window::resume(cursor, rules, {.by_id = true, .bounded = true}, now);
}

Window first_window() {
    return *resume({}, rules(), noon);
}

/// A page of so many rows that ends with this id.
Next take(Window& window, std::size_t rows, const char* last_id,
          std::optional<std::uint64_t> total = {}) {
    PagerPlan pager;
    pager.by_id = true;
    const rapidjson::Value body;
    Tally tally;
    tally.rows = rows;
    tally.last_id = last_id;
    SeenRows seen;
    const auto next = next_page(pager, window.at(), {body, {}, rows, last_id});
    return window.take({tally, next, total}, seen);
}

}  // namespace

TEST_CASE("the first window reaches from the beginning of time to the lag behind the server") {
    const auto window = first_window();
    CHECK(window.lo() == Instant{});
    CHECK(window.hi() == at("2026-11-20T11:59:00Z"));
    CHECK(window.last() == at("2026-11-20T11:58:59.999Z"));
    CHECK(window.at().is_first());
}

TEST_CASE("a walk ends with an empty page, and only then does the floor move") {
    auto window = first_window();
    CHECK(take(window, 200, "350", 203) == Next::page);
    CHECK(window.cursor().floor.empty());
    CHECK(window.at().token == "350");
    CHECK(take(window, 3, "1000", 3) == Next::page);  // a short page is not the end
    CHECK(window.cursor().floor.empty());
    CHECK(take(window, 0, "", 0) == Next::done);
    CHECK(window.cursor().position.empty());
    // 2026-11-20T11:59:00Z is 1795175940 s after 1970; the deep look-back begins to count at noon.
    CHECK(window.cursor().floor == R"({"at":1795175940000,"deep":1795176000000})");
}

TEST_CASE("the next window looks back an hour behind the floor, and once a day two days") {
    const model::Cursor floor{R"({"at":1795175940000,"deep":1795176000000})", ""};
    const auto next = resume(floor, rules(), noon + 5min);
    CHECK(next->lo() == at("2026-11-20T10:59:00Z"));
    CHECK(next->hi() == at("2026-11-20T12:04:00Z"));
    const auto a_day_later = resume(floor, rules(), noon + 24h);
    CHECK(a_day_later->lo() == at("2026-11-18T11:59:00Z"));
}

TEST_CASE("a clock that is set back moves no floor back") {
    const model::Cursor floor{R"({"at":1795175940000,"deep":1795176000000})", ""};
    const auto window = resume(floor, rules(), noon - 30min);
    CHECK(window->hi() == at("2026-11-20T11:59:00Z"));
}

TEST_CASE("a walk goes on where its position says, wherever it was broken off") {
    auto window = first_window();
    take(window, 200, "350", 203);
    const auto resumed = resume(window.cursor(), rules(), noon + 3h);
    CHECK(resumed->at().token == "350");
    CHECK(resumed->hi() == window.hi());  // the window is the one that was begun
    auto go_on = *resumed;
    CHECK(take(go_on, 3, "1000") == Next::page);
    CHECK(take(go_on, 0, "") == Next::done);
}

TEST_CASE("rows that left the window since are no reason to read it again") {
    auto window = first_window();
    take(window, 200, "350", 203);
    take(window, 2, "1000", 2);  // one of 203 changed and left
    CHECK(take(window, 0, "", 0) == Next::count_again);
    CHECK(window.at().is_first());
    CHECK(take(window, 200, "350", 202) == Next::done);  // 202 seen, 202 there
}

TEST_CASE("a window that tells fewer rows than it counts is walked once more, then given up") {
    auto window = first_window();
    take(window, 200, "350", 203);
    CHECK(take(window, 0, "", 0) == Next::count_again);
    // Still 203: this is the first page of the second walk.
    CHECK(take(window, 200, "350", 203) == Next::page);
    SECTION("the second walk finds the rest") {
        CHECK(take(window, 3, "1000", 3) == Next::page);
        CHECK(take(window, 0, "", 0) == Next::done);
    }
    SECTION("or does not") {
        CHECK(take(window, 0, "", 0) == Next::count_again);
        CHECK(take(window, 200, "350", 203) == Next::incomplete);
        CHECK(window.cursor().floor.empty());
    }
}

TEST_CASE("ids compare by value, beyond what a double can tell apart") {
    CHECK(id_less("999", "1000"));
    CHECK(id_less("9007199254740992", "9007199254740993"));
    CHECK_FALSE(id_less("1000", "1000"));
}

TEST_CASE("a CRM that repeats ids is stopped rather than followed for ever") {
    auto window = first_window();
    take(window, 200, "350", 500);
    CHECK_THROWS_AS(take(window, 200, "350", 500), Failure);
}

TEST_CASE("a window that is too large is read in halves without asking for any time twice") {
    const model::Cursor floor{R"({"at":7200000,"deep":7200000})", ""};  // two hours after 1970
    WindowRules half_rules = rules();
    half_rules.deep_lookback = 0ms;
    // From 1 h to 4 h - 60 s: 179 min, of which the half is 89.5 min.
    auto window = *resume(floor, half_rules, Instant{4h});
    REQUIRE(window.lo() == Instant{1h});
    REQUIRE(window.halve());
    CHECK(window.hi() == Instant{1h + 89min + 30s});
    CHECK(take(window, 0, "", 0) == Next::later_half);
    const auto rest = *resume(window.cursor(), half_rules, Instant{4h});
    CHECK(rest.lo() == Instant{1h + 89min + 30s});  // no look-back between the halves
    CHECK(rest.hi() == Instant{3h + 59min});
}

TEST_CASE("while a window is read in parts its end stays where it was") {
    // What is committed late into a part that was read already is found by the look-back, which
    // counts from the end: so the end must not run ahead while the parts are read.
    const model::Cursor floor{R"({"at":7200000,"deep":7200000})", ""};
    WindowRules half_rules = rules();
    half_rules.deep_lookback = 0ms;
    auto window = *resume(floor, half_rules, Instant{4h});
    REQUIRE(window.halve());
    CHECK(take(window, 0, "", 0) == Next::later_half);
    auto rest = *resume(window.cursor(), half_rules, Instant{9h});  // reading took five hours
    CHECK(rest.hi() == Instant{3h + 59min});
    CHECK(take(rest, 0, "", 0) == Next::done);
    const auto next = *resume(rest.cursor(), half_rules, Instant{9h});
    CHECK(next.lo() == Instant{2h + 59min});
}

TEST_CASE("a second pass proves a window by the time that it filters on") {
    // Two pages; the second pass tells a row that the first one passed over, and which was changed
    // long after the window's end.
    struct Case {
        const char* name;
        bool by_modified;
        Next next;
    };
    const auto c = GENERATE(values<Case>({
        {"the time of the change: it was none of this window's", true, Next::done},
        {"another time: it was", false, Next::page},
    }));
    DYNAMIC_SECTION(c.name) {
        auto counted = rules();
        counted.by_modified = c.by_modified;
        auto window = *Window::resume({}, counted, {.bounded = true}, noon);
        SeenRows seen;
        const auto take_page = [&](const RowKey& row) {
            Tally tally;
            tally.rows = 1;
            tally.keys.push_back(row);
            std::optional<PageAt> next;
            if (window.at().is_first()) next.emplace().number = 1;
            return window.take({tally, next, {}}, seen);
        };
        const RowKey first{.id = 1, .hash = 1, .modified = noon - 24h};
        const RowKey second{.id = 2, .hash = 2, .modified = noon - 24h};
        const RowKey missed{.id = 3, .hash = 3, .modified = noon + 24h};
        CHECK(take_page(first) == Next::page);
        CHECK(take_page(second) == Next::page);
        CHECK(take_page(first) == Next::page);
        CHECK(take_page(missed) == c.next);
    }
}

TEST_CASE("a second pass that finds nothing new is no proof while the CRM counts more") {
    // Two pages of a row each; the CRM counts three, or the second row is the first one changed.
    struct Case {
        const char* name;
        RowKey second;
        std::uint64_t total;
        Next next;
    };
    const RowKey first{.id = 1, .hash = 10, .modified = noon - 24h};
    const auto c = GENERATE(values<Case>({
        {"as many as it counts", {.id = 2, .hash = 20, .modified = {}}, 2, Next::done},
        {"fewer", {.id = 2, .hash = 20, .modified = {}}, 3, Next::incomplete},
        {"fewer, one of them in two versions",
         {.id = 1, .hash = 11, .modified = {}},
         2,
         Next::incomplete},
        {"rows without an id, which are told nevertheless",
         {.id = 0, .hash = 0, .modified = {}},
         2,
         Next::done},
    }));
    DYNAMIC_SECTION(c.name) {
        auto window = *Window::resume({}, rules(), {.bounded = true}, noon);
        SeenRows seen;
        auto next = Next::page;
        std::size_t pages = 0;
        for (; next == Next::page; ++pages) {
            const bool is_first = window.at().is_first();
            Tally tally;
            tally.rows = 1;
            tally.keys.push_back(is_first ? first : c.second);
            std::optional<PageAt> after;
            if (is_first) after.emplace().number = 1;
            next = window.take({tally, after, c.total}, seen);
        }
        CHECK(next == c.next);
        CHECK(window.cursor().floor.empty() == (c.next == Next::incomplete));
        CHECK(pages == (c.next == Next::done ? 2 : 6 * 2));  // one walk, or six of them
    }
}

TEST_CASE("the shortest window cannot be halved") {
    WindowRules short_rules = rules();
    short_rules.lag = 0ms;
    auto window = *resume({}, short_rules, Instant{1ms});
    CHECK_FALSE(window.halve());
}

TEST_CASE("a server whose clock is behind ends the window by its own clock") {
    auto window = first_window();
    CHECK_FALSE(window.end_by(noon));
    CHECK(window.end_by(noon - 10min));
    CHECK(window.hi() == noon - 10min);
}

TEST_CASE("a server whose clock is behind ends the whole of which a window is the first half") {
    auto window = first_window();
    REQUIRE(window.halve());
    const auto half = window.hi();
    CHECK_FALSE(window.end_by(noon - 10min));  // what was asked for is as good as before
    CHECK(window.hi() == half);
    CHECK(take(window, 0, "", 0) == Next::later_half);
    auto rest = *resume(window.cursor(), rules(), noon);
    CHECK(rest.hi() == noon - 10min);
    CHECK(take(rest, 0, "", 0) == Next::done);
}

TEST_CASE("a first load that our clock ends before the increments begin is ended by the server's") {
    WindowTraits past;
    past.starts_now = false;
    auto window = *Window::resume({}, rules(), past, noon);
    const auto ours = window.hi();
    const auto half = rules().lookback / 2;  // of what the increments look back
    CHECK_FALSE(window.end_by(ours + half));
    CHECK(window.end_by(ours + half + 1min));
    CHECK(window.hi() == ours + half + 1min);
    CHECK_FALSE(window.end_by(ours + 2 * half + 2min));  // asked for once more, not for ever
    CHECK(window.hi() == ours + half + 1min);
}

TEST_CASE("a server's clock that goes back between the increments and a first load leaves no gap") {
    WindowTraits news;
    news.starts_now = true;
    const auto increments = *Window::resume({}, rules(), news, noon + 1h);
    CHECK(increments.lo() == at("2026-11-20T11:59:00Z"));
    // The server's clock is half a look-back earlier now, and ours is 59 minutes behind that.
    auto past = *Window::resume({}, rules(), {}, noon - 29min);
    CHECK(past.end_by(noon + 30min - rules().lag));
    CHECK(past.hi() == at("2026-11-20T12:29:00Z"));
}

TEST_CASE("a window that the server's clock ends is not longer than its filter can say") {
    WindowRules minutes = rules();
    minutes.precision = 1min;
    auto window = *resume({}, minutes, noon);
    CHECK(window.end_by(noon - 10min + 37s));
    CHECK(window.hi() == noon - 10min);
}

TEST_CASE("a filter that knows days alone is asked for the running day, and the floor is now") {
    WindowRules daily = rules();
    daily.precision = 24h;
    const WindowTraits traits{.by_id = true, .bounded = true, .starts_now = true};
    auto window = *Window::resume({}, daily, traits, noon);
    CHECK(window.lo() == at("2026-11-20T00:00:00Z"));
    CHECK(window.hi() == at("2026-11-21T00:00:00Z"));
    CHECK(window.last() == at("2026-11-20T00:00:00Z"));
    CHECK_FALSE(window.end_by(noon));
    CHECK(take(window, 3, "7") == Next::page);
    CHECK(take(window, 0, "") == Next::done);
    CHECK(told_until(window.cursor()) == at("2026-11-20T11:59:00Z"));
    // An hour later the same day is asked for again; after midnight the day before is, too.
    CHECK(Window::resume(window.cursor(), daily, traits, noon + 1h)->lo() ==
          at("2026-11-20T00:00:00Z"));
    const auto next = *Window::resume(window.cursor(), daily, traits, noon + 13h);
    CHECK(next.lo() == at("2026-11-20T00:00:00Z"));
    CHECK(next.hi() == at("2026-11-22T00:00:00Z"));
    // Two days were asked for: the first of them can be asked for alone.
    auto cut = *Window::resume(window.cursor(), daily, traits, noon + 13h);
    CHECK(cut.halve());
    CHECK(cut.hi() == at("2026-11-21T00:00:00Z"));
    CHECK_FALSE(cut.halve());
    // A first load behind it ends where it began, by the server's clock.
    auto first = *resume({}, daily, noon);
    CHECK(first.lo() == Instant{});
    CHECK(first.hi() == at("2026-11-21T00:00:00Z"));
    CHECK(first.end_by(noon - 10h));
    CHECK(take(first, 0, "") == Next::done);
    CHECK(told_until(first.cursor()) == noon - 10h);
}

TEST_CASE("a server whose clock went far back moves no floor") {
    const model::Cursor floor{R"({"at":1795175940000,"deep":1795176000000})", ""};
    auto window = *resume(floor, rules(), noon + 5min);
    CHECK(window.end_by(noon - 10h));
    CHECK(window.hi() == at("2026-11-20T11:59:00Z"));
}

TEST_CASE("a cursor that cannot be read is corrupt, not a new beginning") {
    for (const auto* text : {"x", "[]", "{}", R"({"lo":"a","hi":1,"deep":0})"}) {
        try {
            resume({"", text}, rules(), noon);
            FAIL("was taken: " << text);
        } catch (const Failure& failure) {
            CHECK(failure.kind() == FailureKind::corrupt);
        }
    }
}
