// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/zone.hpp"
#include "tests/crmsim/portal.hpp"
#include "tests/crmsim/story.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace nudged::crmsim {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using namespace std::chrono_literals;

StoryOptions options_for(local_days today, const std::string& zone = "Europe/Berlin") {
    return {.seed = 7, .today = today, .zone = zone};
}

std::string text_of(const rapidjson::Value& record, const char* property) {
    const auto& value = record["properties"][property];
    return value.IsString() ? value.GetString() : "";
}

/// Every call that a search finds, by keyset as a careful client reads them.
std::vector<rapidjson::Document> search_all_calls(Portal& portal) {
    std::vector<rapidjson::Document> pages;
    std::string last = "0";
    while (true) {
        auto page = portal.search(
            "calls", fmt::format(R"({{"filterGroups":[{{"filters":[{{"propertyName":"hs_object_id",
                "operator":"GT","value":"{}"}}]}}],"sorts":[{{"propertyName":"hs_object_id"}}],
                "properties":["hs_timestamp","hs_call_direction","hubspot_owner_id",
                "hs_call_to_number"],"limit":200}})",
                                 last));
        const auto ids = ids_of(page);
        if (ids.empty()) return pages;
        last = ids.back();
        pages.push_back(std::move(page.json));
    }
}

TEST_CASE(
    "every rep dials as often a week as the story says, counted over HTTP in the local zone") {
    struct Case {
        const char* name;
        local_days today;
        const char* zone;
        const char* first_week;
    };
    // The last settled week is the previous one from Wednesday on, the one before on Monday and
    // Tuesday; twelve weeks end with it.
    const auto c = GENERATE(values<Case>({
        {"a Friday in Berlin", local_days{2026y / 11 / 20}, "Europe/Berlin", "2026-W35"},
        {"a Monday in New York", local_days{2026y / 11 / 23}, "America/New_York", "2026-W35"},
        {"a Tuesday", local_days{2026y / 11 / 24}, "Europe/Berlin", "2026-W35"},
        {"a Wednesday", local_days{2026y / 11 / 25}, "Europe/Berlin", "2026-W36"},
        {"a Sunday, over a change of year", local_days{2027y / 1 / 31}, "Europe/Berlin",
         "2026-W45"},
    }));
    DYNAMIC_SECTION(c.name) {
        Story story = tell_story(options_for(c.today, c.zone));
        CHECK(story.week(0).str() == c.first_week);
        const Zone zone = *Zone::find(c.zone);
        Portal portal(std::move(story.dataset), unlimited());
        std::map<std::pair<std::string, std::string>, int> dials;  // by owner and week
        std::set<std::string> number_and_minute;
        for (const auto& page : search_all_calls(portal)) {
            for (const auto& call : page["results"].GetArray()) {
                if (text_of(call, "hs_call_direction") != "OUTBOUND") continue;
                const std::string owner = text_of(call, "hubspot_owner_id");
                const Instant at = *parse_instant(text_of(call, "hs_timestamp"));
                const local_days day = zone.local_day(at);
                CHECK(day < c.today);
                ++dials[{owner, IsoWeek::of(day).str()}];
                const auto minute = std::chrono::floor<std::chrono::minutes>(at);
                const bool fresh =
                    number_and_minute
                        .insert(fmt::format("{} {} {}", owner, text_of(call, "hs_call_to_number"),
                                            minute.time_since_epoch().count()))
                        .second;
                CHECK(fresh);
            }
        }
        for (std::size_t rep = 0; rep < team().size(); ++rep) {
            const std::string owner = std::to_string(team()[rep].owner_id);
            for (int week = 0; week < complete_weeks; ++week) {
                INFO(team()[rep].first_name << " in week " << week);
                CHECK(dials[{owner, story.week(week).str()}] ==
                      team()[rep].dials[static_cast<std::size_t>(week)]);
            }
        }
    }
}

TEST_CASE("the current week has its share up to yesterday") {
    // Thursday: three of five days have passed. Ana's 13th week has 63 dials: 63 × 3/5 = 37.8.
    const Story thursday = tell_story(options_for(local_days{2026y / 11 / 19}));
    CHECK(thursday.dials(0, 12) == 38);
    CHECK(thursday.dials(0, 13) == 0);
    // Tuesday: the week before has not settled, so it is week 12; one day of week 13 has passed.
    const Story tuesday = tell_story(options_for(local_days{2026y / 11 / 24}));
    CHECK(tuesday.dials(0, 12) == 63);
    CHECK(tuesday.dials(0, 13) == 13);  // 66 / 5 = 13.2
}

/// Mann-Kendall's S over the last eight complete weeks, less the week of leave.
int mann_kendall(const RepStory& rep) {
    int s = 0;
    for (std::size_t i = 4; i < complete_weeks; ++i)
        for (std::size_t j = i + 1; j < complete_weeks; ++j)
            if (rep.dials[i] > 0 && rep.dials[j] > 0)
                s += (rep.dials[j] > rep.dials[i]) - (rep.dials[j] < rep.dials[i]);
    return s;
}

TEST_CASE("the weekly counts tell the stories that they are there for") {
    const auto& reps = team();
    // Ana: the critical value at n = 8, alpha = 0.10 is 12.
    CHECK(mann_kendall(reps[0]) == 18);
    CHECK(std::vector<int>(reps[0].dials.begin() + 9, reps[0].dials.begin() + 12) ==
          std::vector<int>{40, 50, 60});
    // Ben: the example of low_flat; all three last weeks are under 0.8 × 90 = 72.
    CHECK(mann_kendall(reps[1]) == 0);
    // Cleo: no trend; 100 is more than 1.5 × the others' median of 41, and 42 is under 1.1 × 41.
    CHECK(mann_kendall(reps[2]) == 7);
    CHECK(std::ranges::max(reps[2].dials) == 100);
    // Dev: every week on target.
    CHECK(std::ranges::min(reps[3].dials) >= weekly_target);
    // Eva: nothing in the week of leave; the others are over 72, and under 90.
    CHECK(reps[4].dials[leave_week] == 0);
    CHECK(std::ranges::count_if(reps[4].dials, [](int n) { return n > 72 && n < 90; }) == 13);
    // Finn: the example of declining.
    CHECK(mann_kendall(reps[5]) == -22);
}

TEST_CASE("the same seed and day tell the same story, another seed another one") {
    const local_days today{2026y / 11 / 20};
    const auto everything = [&](std::uint64_t seed) {
        StoryOptions options = options_for(today);
        options.seed = seed;
        const Story story = tell_story(options);
        std::string text = story_json(story);
        for (const ObjectType type : all_types)
            for (const Record& record : story.dataset.records(type))
                for (std::size_t i = 0; i < schema_of(type).properties.size(); ++i)
                    text += value_of(schema_of(type), record, i).value_or("null") + "\n";
        return text;
    };
    const std::string first = everything(7);
    CHECK(first == everything(7));
    CHECK(first != everything(8));
}

TEST_CASE("nothing in the story happens after the day has begun, but for what is planned") {
    const local_days today{2026y / 11 / 20};
    const Story story = tell_story(options_for(today));
    const Instant begin = Zone::find("Europe/Berlin")->instant(LocalTime{today.time_since_epoch()});
    for (const ObjectType type : all_types)
        for (const Record& record : story.dataset.records(type)) {
            CHECK(record.created < begin);
            CHECK(record.modified < begin);
            CHECK(record.created <= record.modified);
        }
}

TEST_CASE(
    "more records share one modified time than a page holds, and on request than can be paged") {
    const auto most_at_one_instant = [](const Story& story, ObjectType type) {
        std::map<Instant, int> counts;
        for (const Record& record : story.dataset.records(type)) ++counts[record.modified];
        return std::ranges::max_element(counts, {}, [](auto& entry) { return entry.second; })
            ->second;
    };
    StoryOptions options = options_for(local_days{2026y / 11 / 20});
    CHECK(most_at_one_instant(tell_story(options), ObjectType::calls) > 400);
    CHECK(most_at_one_instant(tell_story(options), ObjectType::contacts) > 200);
    options.same_instant = 10'001;
    CHECK(most_at_one_instant(tell_story(options), ObjectType::calls) > 10'000);
}

TEST_CASE("a larger scale adds calls before the first week, and only those") {
    StoryOptions options = options_for(local_days{2026y / 11 / 20});
    const Story once = tell_story(options);
    options.scale = 3;
    const Story thrice = tell_story(options);
    CHECK(thrice.dataset.records(ObjectType::calls).size() ==
          3 * once.dataset.records(ObjectType::calls).size());
    CHECK(thrice.dataset.records(ObjectType::tasks).size() ==
          once.dataset.records(ObjectType::tasks).size());
    const Instant begin =
        Zone::find("Europe/Berlin")->instant(LocalTime{once.week(0).monday().time_since_epoch()});
    const auto since_then = [&](const Story& story) {
        return std::ranges::count_if(story.dataset.records(ObjectType::calls),
                                     [&](const Record& call) { return call.created >= begin; });
    };
    CHECK(since_then(thrice) == since_then(once));
}

TEST_CASE("an unknown zone is an error that names it") {
    CHECK_THROWS_WITH(tell_story(options_for(local_days{2026y / 11 / 20}, "Mars/Olympus")),
                      "unknown time zone: Mars/Olympus");
}

}  // namespace
}  // namespace nudged::crmsim
