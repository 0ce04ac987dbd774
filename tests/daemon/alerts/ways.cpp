// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/alerts/ways.hpp"

#include "daemon/alerts/routing.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <set>

namespace nudged::tests {

using alerts::Stop;
using State = Stop::State;

std::vector<alerts::Routed> Ways::routed(Instant now) {
    const auto reader = world.reader();
    const auto who = people();
    const auto tellings = warehouse::read_live_tellings(world.database());
    const auto shadow = warehouse::read_shadow_book(world.database());
    const std::string admin = "admins";
    const alerts::RoutingScene scene{options, who, shadow, admin, now};
    std::vector<alerts::Routed> all;
    for (auto& stored : alerts::join_episodes(reader, evaluation.findings)) {
        const auto told = tellings.find(stored.episode.id);
        auto way = alerts::decide_way(
            scene, stored,
            told == tellings.end() ? std::vector<warehouse::FindingTelling>{} : told->second);
        all.push_back({std::move(stored), std::move(way)});
    }
    return all;
}

std::vector<std::string> Ways::way(Instant now) {
    std::vector<std::string> stops;
    constexpr std::array names{"told", "due", "waits", "stopped"};
    const auto all = routed(now);
    for (const auto& stop : all.at(0).way)
        stops.push_back(
            fmt::format("{}: {}", stop.line, names[static_cast<std::size_t>(stop.state)]));
    return stops;
}

std::string Ways::why(std::string_view line, Instant now) {
    const auto all = routed(now);
    for (const auto& stop : all.at(0).way)
        if (stop.line == line) return stop.why;
    return "no such line";
}

std::vector<alerts::LineMessage> Ways::lines(Instant now) {
    const auto who = people();
    const auto shadow = warehouse::read_shadow_book(world.database());
    const std::string admin = "admins";
    const auto left = [&](const warehouse::Addressee&, const std::string&, Instant) {
        return at_once_left;
    };
    return alerts::compose_line_messages({options, who, shadow, admin, now}, routed(now),
                                         warehouse::read_open_threads(world.database()), left);
}

void Ways::send_lines(Instant now) {
    const auto messages = lines(now);
    for (const auto& message : messages)
        alerts::enqueue_line_message(world.database(), message, now, options);
}

void Ways::send_digest(Instant now) {
    auto digest = compose(now);
    std::set<std::int64_t> due;
    const auto all = routed(now);
    for (const auto& [stored, way] : all)
        for (const auto& stop : way)
            if (stop.line == alerts::manager_line && stop.state == State::due)
                due.insert(static_cast<std::int64_t>(stored.episode.id));
    std::erase_if(digest.told, [&](const alerts::Told& told) {
        return !due.contains(static_cast<std::int64_t>(told.id));
    });
    enqueue(digest, now);
}

void Ways::answer(warehouse::AnswerKind kind, Instant now) {
    const auto stored = routed(now).at(0).stored;
    warehouse::save_answer(world.database(), stored.episode.id,
                           {.kind = kind,
                            .facts = facts_of(stored.finding, stored.episode.seen_at),
                            .at = now,
                            .by = "max@example.com"});
}

warehouse::People Ways::people() {
    auto who = world.people();
    for (const auto& day : manager_away) who.teams[0].calendar.away[day] = 1;
    for (const auto& day : ana_away) who.reps[0].calendar.away[day] = 1;
    return who;
}

}  // namespace nudged::tests
