// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/teams.hpp"

#include <algorithm>
#include <date/tz.h>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;

bool works(const Team& team, local_days day) {
    const std::chrono::weekday weekday{day};
    return weekday.iso_encoding() <= 5 && std::ranges::count(team.holidays, day) == 0;
}

bool is_first_of_week(const Team& team, local_days day) {
    for (auto earlier = day; std::chrono::weekday{earlier} != std::chrono::Monday;) {
        earlier -= days{1};
        if (works(team, earlier)) return false;
    }
    return true;
}

Instant instant_of(const Team& team, local_days day, std::chrono::minutes hour) {
    const date::local_seconds local{day.time_since_epoch() + hour};
    return date::make_zoned(team.zone, local, date::choose::earliest).get_sys_time();
}

void add_day(std::size_t number, local_days day, std::vector<Due>& all) {
    const auto& team = teams()[number];
    if (!works(team, day)) return;
    const std::chrono::weekday weekday{day};
    const auto add = [&](Kind kind, std::chrono::minutes hour, const std::string& rep = {}) {
        all.push_back({number, kind, day, rep, instant_of(team, day, hour)});
    };
    add(Kind::digest, 8h);
    if (is_first_of_week(team, day)) add(Kind::brief, 7h + 30min);
    if (weekday == std::chrono::Thursday) add(Kind::sheet, 8h + 30min);
    if (weekday == std::chrono::Tuesday)
        for (const auto& rep : team.reps) add(Kind::card, 7h, rep);
}

}  // namespace

const std::vector<Team>& teams() {
    using std::chrono::local_days;
    static const std::vector<Team> all{
        {.name = "Berlin",
         .zone = "Europe/Berlin",
         .channel = "slack",
         .reps = {"Ana Duarte", "Ben Okafor"},
         .holidays = {local_days{2027y / 12 / 24}, local_days{2027y / 12 / 31}}},
        {.name = "New York",
         .zone = "America/New_York",
         .channel = "webhook",
         .reps = {"Cleo Marchand", "Dev Patel"},
         .holidays = {local_days{2027y / 11 / 25}, local_days{2028y / 1 / 17}}},
        {.name = "London",
         .zone = "Europe/London",
         .channel = "teams",
         .reps = {"Eva Lindqvist"},
         .holidays = {local_days{2027y / 12 / 27}, local_days{2027y / 12 / 28},
                      local_days{2028y / 1 / 3}}},
        {.name = "Sydney",
         .zone = "Australia/Sydney",
         .channel = "mail",
         .reps = {"Finn Jansen"},
         .holidays = {local_days{2028y / 1 / 3}, local_days{2028y / 1 / 26}}},
    };
    return all;
}

std::string to_string(Kind kind) {
    switch (kind) {
    case Kind::digest: return "digest";
    case Kind::brief: return "brief";
    case Kind::card: return "card";
    case Kind::sheet: return "sheet";
    case Kind::other: break;
    }
    return "message of another kind";
}

std::vector<Due> all_due(Instant begin, Instant end) {
    std::vector<Due> all;
    for (std::size_t number = 0; number < teams().size(); ++number) {
        const auto last = local_day(teams()[number], end);
        for (auto day = local_day(teams()[number], begin); day <= last; day += days{1})
            add_day(number, day, all);
    }
    std::erase_if(all, [&](const Due& due) { return due.at < begin || due.at >= end; });
    return all;
}

local_days local_day(const Team& team, Instant at) {
    const auto local = date::make_zoned(team.zone, at).get_local_time();
    return local_days{date::floor<date::days>(local).time_since_epoch()};
}

}  // namespace nudged::soak
