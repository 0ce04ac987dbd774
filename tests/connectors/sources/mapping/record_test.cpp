// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/mapping/mapping.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>

using namespace nudged;
using namespace nudged::sources;
using namespace nudged::tests;
using model::Entity;

namespace {

std::string problem_of(const std::string& text, Entity entity = Entity::task) {
    return Mapping{text, entity}.problems.str();
}

}  // namespace

TEST_CASE("the first alternative with a value wins, and a condition may shut one out") {
    Mapping task{R"(
[map]
account = [{ from = "/WhatId", when = [{ at = "/WhatId", prefix = ["001"] }] }, "/AccountId"]
opportunity = { from = "/WhatId", when = [{ at = "/WhatId", prefix = ["006"] }] }
)"};
    REQUIRE(task.problems.str().empty());
    task.read(R"([{"id":"1","WhatId":"001A","AccountId":"001B"},)"
              R"({"id":"2","WhatId":"006C","AccountId":"001B"},{"id":"3","WhatId":"006C"}])");
    CHECK(task.shown("account", 0) == "001A");
    CHECK(task.shown("account", 1) == "001B");
    CHECK(task.shown("account", 2) == "null");
    CHECK(task.shown("opportunity", 0) == "null");
    CHECK(task.shown("opportunity", 1) == "006C");
}

TEST_CASE("an alternative that is null or does not convert leaves the word to the next") {
    Mapping task{R"(
[map]
priority = [{ from = "/a", values = { none = "" } }, { constant = "low", when = [{ at = "/b", in = ["x"] }] }, "/c"]
due_on = [{ from = "/d", as = "date" }, "/e"]
)"};
    REQUIRE(task.problems.str().empty());
    CHECK(task.of(R"({"id":1,"a":"high","b":"x","c":"normal"})", "priority") == "high");
    CHECK(task.of(R"({"id":1,"a":"none","b":"x","c":"normal"})", "priority") == "low");
    CHECK(task.of(R"({"id":1,"a":"none","b":"y","c":"normal"})", "priority") == "normal");
    CHECK(task.of(R"({"id":1,"d":"soon","e":"2026-11-20"})", "due_on") == "2026-11-20");
    CHECK(task.page.malformed_count == 1);
}

TEST_CASE("conditions ask for texts, for beginnings, or whether there is anything") {
    struct Case {
        const char* condition;
        const char* body;
        bool kept;
    };
    const auto c = GENERATE(values<Case>({
        {R"(in = ["a", "b"])", R"({"id":1,"x":"b"})", true},
        {R"(in = ["a", "b"])", R"({"id":1})", false},
        {R"(except = ["a"])", R"({"id":1,"x":"b"})", true},
        {R"(except = ["a"])", R"({"id":1,"x":"a"})", false},
        {R"(prefix = ["006", "a0"])", R"({"id":1,"x":"a0X"})", true},
        {R"(prefix = ["006", "a0"])", R"({"id":1,"x":"7006"})", false},
        {"present = true", R"({"id":1,"x":"b"})", true},
        {"present = true", R"({"id":1,"x":{"id":5}})", true},
        {"present = true", R"({"id":1,"x":""})", false},
        {"present = true", R"({"id":1,"x":null})", false},
        {"present = true", R"({"id":1,"x":false})", false},  // stands for null here
        {"present = true", R"({"id":1,"x":[]})", false},
        {"present = false", R"({"id":1})", true},
        {"present = false", R"({"id":1,"x":0})", false},
    }));
    DYNAMIC_SECTION(c.condition << " of " << c.body) {
        Mapping task{fmt::format("where = [{{ at = \"/x\", {} }}]\nmap = {{ subject = \"/s\" }}",
                                 c.condition),
                     Entity::task,
                     {"false", "[]"}};
        REQUIRE(task.problems.str().empty());
        task.read(c.body);
        CHECK(task.page.records.size() == (c.kept ? 1u : 0u));
    }
}

TEST_CASE("of several times the latest can count") {
    Mapping task{R"(
modified = { from = ["/changed", "/parts/*/changed"], latest = true }
map = { subject = "/s" }
)"};
    REQUIRE(task.problems.str().empty());
    task.read(
        R"([{"id":1,"changed":"2026-11-20T08:00:00Z","parts":[{"changed":"2026-11-20T09:00:00Z"},{"changed":"2026-11-20T08:30:00Z"}]},)"
        R"({"id":2,"changed":"2026-11-20T08:00:00Z"},{"id":3}])");
    CHECK(task.page.records[0].modified == parse_instant("2026-11-20T09:00:00Z"));
    CHECK(task.page.records[1].modified == parse_instant("2026-11-20T08:00:00Z"));
    CHECK_FALSE(task.page.records[2].modified);
}

TEST_CASE("a day and a time in two places make an instant, and a day alone stays a day") {
    Mapping task{R"(
[map]
due_at = { date = "/due_date", time = "/due_time", zone = "Europe/Berlin" }
due_on = { from = "/due_date", when = [{ at = "/due_time", present = false }] }
)"};
    REQUIRE(task.problems.str().empty());
    // Berlin is one hour before UTC in November.
    CHECK(task.of(R"({"id":1,"due_date":"2026-11-20","due_time":"14:30"})", "due_at") ==
          "2026-11-20T13:30:00Z");
    CHECK(task.shown("due_on") == "null");
    CHECK(task.of(R"({"id":1,"due_date":"2026-11-20","due_time":"14:30:15"})", "due_at") ==
          "2026-11-20T13:30:15Z");
    CHECK(task.of(R"({"id":1,"due_date":"2026-11-20T00:00:00Z","due_time":"00:30"})", "due_at") ==
          "2026-11-19T23:30:00Z");
    CHECK(task.of(R"({"id":1,"due_date":"2026-11-20","due_time":""})", "due_at") == "null");
    CHECK(task.shown("due_on") == "2026-11-20");
    CHECK(task.of(R"({"id":1,"due_time":"14:30"})", "due_at") == "null");
    CHECK(task.of(R"({"id":1,"due_date":"2026-11-20","due_time":"noon"})", "due_at") == "null");
    CHECK(task.page.malformed_count == 1);
}

TEST_CASE("one place may hold a day or an instant") {
    Mapping task{R"(
[map]
due_at = { from = "/date", as = "timed_instant" }
due_on = { from = "/date", as = "whole_day" }
)"};
    REQUIRE(task.problems.str().empty());
    CHECK(task.of(R"({"id":1,"date":"2026-11-20"})", "due_at") == "null");
    CHECK(task.shown("due_on") == "2026-11-20");
    CHECK(task.of(R"({"id":1,"date":"2026-11-20T10:00:00+02:00"})", "due_at") ==
          "2026-11-20T08:00:00Z");
    CHECK(task.shown("due_on") == "null");
    CHECK(task.page.malformed_count == 0);
    CHECK(task.of(R"({"id":1,"date":"some day"})", "due_on") == "null");
    CHECK(task.page.malformed_count == 2);
}

TEST_CASE("what a CRM writes for null is null, save where it is a value") {
    Mapping task{R"(
[map]
subject  = ["/subject", "/title"]
is_done  = "/done"
priority = { from = "/priority", values = { false = "low" } }
due_on   = "/due"
owner    = "/owner"
)",
                 Entity::task,
                 {"false", "[]", "{}", "0000-00-00"}};
    REQUIRE(task.problems.str().empty());
    task.read(R"({"id":1,"subject":false,"title":"Call","done":false,"priority":false,)"
              R"("due":"0000-00-00","owner":[]})");
    CHECK(task.shown("subject") == "Call");
    CHECK(task.shown("is_done") == "0");
    CHECK(task.shown("priority") == "low");
    CHECK(task.shown("due_on") == "null");
    CHECK(task.shown("owner") == "null");
    CHECK(task.page.malformed_count == 0);
    task.read(R"({"id":1,"owner":{"id":3}})");
    CHECK(task.page.malformed_count == 1);

    Mapping strict{"map = { owner = \"/owner\" }"};
    strict.read(R"({"id":1,"owner":[]})");
    CHECK(strict.page.malformed_count == 1);
}

TEST_CASE("a lookup says what a value is called before the value map reads it") {
    Mapping call{R"(
[map]
outcome = { from = "/disposition", lookup = "outcomes", values = { Reached = "connected", "g-2" = "busy" }, otherwise = "other" }
subject = { from = "/disposition", lookup = "outcomes" }
)",
                 Entity::call};
    REQUIRE(call.problems.str().empty());
    CHECK(lookups_of(call.plan) == std::set<std::size_t>{0});
    call.tables.set(0, std::make_shared<const LookupTable>(
                           LookupTable{{"g-1", {"Reached"}}, {"g-3", {"Sent a fax"}}}));
    CHECK(call.of(R"({"id":1,"disposition":"g-1"})", "outcome") == "connected");
    CHECK(call.shown("subject") == "Reached");
    CHECK(call.of(R"({"id":1,"disposition":"g-2"})", "outcome") == "busy");
    CHECK(call.shown("subject") == "g-2");
    CHECK(call.of(R"({"id":1,"disposition":"g-3"})", "outcome") == "other");
    CHECK(call.of(R"({"id":1})", "outcome") == "null");
    CHECK(call.read(R"({"id":1})").unknown.empty());
    CHECK(call.read(R"({"id":1,"disposition":"g-2"})").unknown == std::set<std::size_t>{0});
    CHECK(call.read(R"({"id":1,"disposition":"g-3"})").unknown.empty());
}

TEST_CASE("a lookup's row tells values of its own, and nothing of what it lacks") {
    Mapping call{R"(
[map]
started_at = [{ from = "/id", lookup = "logs", value = "/start" }, "/due"]
duration_s = { from = "/id", lookup = "logs", value = "/length" }
outcome = { from = "/id", lookup = "logs", value = "/result", values = { busy = "busy" }, otherwise = "other" }
)",
                 Entity::call};
    REQUIRE(call.problems.str().empty());
    // In the order of our fields' names: duration_s, outcome, started_at.
    call.tables.set(1, std::make_shared<const LookupTable>(LookupTable{
                           {"1", {"61", "busy", "2026-11-20T10:00:01Z"}}, {"2", {"", "odd", ""}}}));
    CHECK(call.of(R"({"id":1,"due":"2026-11-20T10:00:00Z"})", "started_at") ==
          "2026-11-20T10:00:01Z");
    CHECK(call.shown("duration_s") == "61");
    CHECK(call.shown("outcome") == "busy");
    CHECK(call.of(R"({"id":2,"due":"2026-11-20T10:00:00Z"})", "started_at") ==
          "2026-11-20T10:00:00Z");
    CHECK(call.shown("duration_s") == "null");
    CHECK(call.shown("outcome") == "other");
    CHECK(call.of(R"({"id":3,"due":"2026-11-20T10:00:00Z"})", "outcome") == "null");
    CHECK(call.shown("duration_s") == "null");
    CHECK(call.page.malformed_count == 0);
    CHECK(call.read(R"({"id":3})").unknown == std::set<std::size_t>{1});
}

TEST_CASE("an instant may be so many seconds before or behind what is told") {
    Mapping call{R"(
[map]
started_at = [{ from = "/end", minus = { from = "/minutes", as = "minutes_to_s" } }, "/made"]
created_at = { from = "/made", plus = "/wait" }
)",
                 Entity::call};
    REQUIRE(call.problems.str().empty());
    CHECK(call.of(R"({"id":1,"end":"2026-11-20T10:00:00Z","minutes":2})", "started_at") ==
          "2026-11-20T09:58:00Z");
    CHECK(call.of(R"({"id":1,"end":"2026-11-20T10:00:00Z"})", "started_at") ==
          "2026-11-20T10:00:00Z");
    CHECK(call.of(R"({"id":1,"minutes":2,"made":"2026-11-20T09:00:00Z"})", "started_at") ==
          "2026-11-20T09:00:00Z");
    CHECK(call.of(R"({"id":1,"wait":90,"made":"2026-11-20T09:00:00Z"})", "created_at") ==
          "2026-11-20T09:01:30Z");
    // What is no length is counted, and moves nothing; nor does one of centuries.
    CHECK(call.of(R"({"id":1,"end":"2026-11-20T10:00:00Z","minutes":"soon"})", "started_at") ==
          "2026-11-20T10:00:00Z");
    CHECK(call.page.malformed_count == 1);
    CHECK(call.of(R"({"id":1,"wait":99999999999,"made":"2026-11-20T09:00:00Z"})", "created_at") ==
          "2026-11-20T09:00:00Z");
    const auto places = places_read(call.plan);
    CHECK(std::ranges::count(places, *json::Path::parse("/minutes")) == 1);
}

TEST_CASE("a duration may be told by its beginning and its end") {
    Mapping call{R"(
[map]
duration_s = [{ from = "/start", until = { from = "/end", format = "%d.%m.%Y %H:%M:%S", zone = "Europe/Berlin" } }, "/length"]
)",
                 Entity::call};
    REQUIRE(call.problems.str().empty());
    // 11:01:35 in Berlin is 10:01:35 UTC in November.
    CHECK(call.of(R"({"id":1,"start":"2026-11-20T10:00:00Z","end":"20.11.2026 11:01:35"})",
                  "duration_s") == "95");
    CHECK(call.of(R"({"id":1,"start":"2026-11-20T10:00:00.500Z","end":"20.11.2026 11:00:01"})",
                  "duration_s") == "0");
    CHECK(call.of(R"({"id":1,"start":"2026-11-20T10:00:00Z","length":7})", "duration_s") == "7");
    CHECK(call.of(R"({"id":1,"end":"20.11.2026 11:01:35"})", "duration_s") == "null");
    CHECK(call.page.malformed_count == 0);
    CHECK(call.of(R"({"id":1,"start":"2026-11-20T10:00:00Z","end":"20.11.2026 10:59:59"})",
                  "duration_s") == "null");
    CHECK(call.page.malformed_count == 1);
    const auto places = places_read(call.plan);
    for (const auto* place : {"/start", "/end", "/length"})
        CHECK(std::ranges::count(places, *json::Path::parse(place)) == 1);
}

TEST_CASE("records of an object keyed by id have the key for their id") {
    Mapping task{R"(
id = "@key"
[map]
subject = "/title"
owner   = "/people/[role=owner]/id"
)"};
    REQUIRE(task.problems.str().empty());
    const auto tally = task.read(
        R"({"data":{"t7":{"title":"A","people":[{"role":"boss","id":1},{"role":"owner","id":2}]},)"
        R"("t8":{"title":"B"}}})",
        "/data/*");
    REQUIRE(task.page.records.size() == 2);
    CHECK(task.page.records[0].id == "t7");
    CHECK(task.page.records[1].id == "t8");
    CHECK(tally.last_id == "t8");
    CHECK(task.shown("owner", 0) == "2");
    CHECK(task.shown("subject", 1) == "B");
}

TEST_CASE("what a request has to ask for includes conditions, times and alternatives") {
    const Mapping task{R"(
[map]
account = [{ from = "/p/What", when = [{ at = "/p/Kind", in = ["x"] }] }, "/p/Account"]
due_at  = { date = "/p/Day", time = "/p/Hour" }
subject = "/p/fields/[name=title]/value"
)"};
    std::set<std::string> asked;
    std::set<std::string> named;
    for (const auto& place : places_read(task.plan)) {
        asked.insert(place.name_after(*json::Path::parse("/p")));
        named.insert(place.name_after(*json::Path::parse("/p/fields")));
    }
    CHECK(asked == std::set<std::string>{"", "Account", "Day", "Hour", "Kind", "What", "fields"});
    CHECK(named == std::set<std::string>{"", "title"});
}

TEST_CASE("a mistake in an entry is told with its place and the remedy") {
    CHECK(problem_of(R"(map = { is_done = { from = "/d", minus = "/s" } })")
              .find("only an instant can be moved by seconds") != std::string::npos);
    CHECK(problem_of(R"(map = { due_at = { from = "/d", until = "/s" } })")
              .find("what lies between two instants is a number of seconds") != std::string::npos);
    CHECK(problem_of(R"(map = { subject = { from = "/s", value = "/x" } })")
              .find("\"value\" is a place in the row of a lookup") != std::string::npos);
    CHECK(problem_of(R"(map = { subject = { from = "/s", lookup = "logs" } })")
              .find("the lookup \"logs\" does not say what is read of its rows") !=
          std::string::npos);
    CHECK(problem_of(R"(where = [{ at = "/x", in = ["a"], present = true }]
map = { subject = "/s" })")
              .find("crm.toml:1:10: a condition has one of \"in\", \"except\"") == 0);
    CHECK(problem_of(R"(map = { subject = { from = "/s", wen = [] } })") ==
          "crm.toml:1:34: unknown key \"wen\", did you mean \"when\"?\n");
    CHECK(problem_of(R"(map = { subject = { from = "/s", latest = true } })")
              .find("only of the places of an instant") != std::string::npos);
    CHECK(problem_of(R"(map = { due_at = { date = "/s" } })")
              .find("a day and its time go together") != std::string::npos);
    CHECK(problem_of(R"(map = { subject = { date = "/s", time = "/t" } })")
              .find("a day and its time make an instant") != std::string::npos);
    CHECK(problem_of(R"(map = { subject = { from = "/s", lookup = "outcome" } })")
              .find("there is no lookup \"outcome\", did you mean \"outcomes\"?") !=
          std::string::npos);
    CHECK(problem_of(R"(map = { subject = ["/s", 7] })").find("neither a place nor a table") !=
          std::string::npos);
    CHECK(problem_of(R"(map = { subject = "/s/[a=b" })").find("is no JSON pointer") !=
          std::string::npos);
    CHECK(problem_of(R"(map = { subject = "@kee" })").find("is no JSON pointer") !=
          std::string::npos);
}
