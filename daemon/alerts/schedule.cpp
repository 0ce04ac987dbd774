// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/schedule.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::alerts {
namespace {

using std::chrono::days;
using std::chrono::local_days;

bool has_digest(const warehouse::Team& team, const DigestOptions& options, local_days day) {
    return options.every_day || team.calendar.works(day);
}

bool is_first_of_week(const warehouse::Team& team, const DigestOptions& options, local_days day) {
    for (auto earlier = IsoWeek::of(day).monday(); earlier < day; earlier += days{1})
        if (has_digest(team, options, earlier)) return false;
    return true;
}

std::size_t weekday_of(local_days day) {
    return std::chrono::weekday{day}.iso_encoding() - 1;
}

DigestDue due_of(Occasion occasion, const warehouse::Team& team, const std::string& identity,
                 local_days day, std::chrono::minutes at) {
    DigestDue due;
    due.key = fingerprint(identity);
    due.day = day;
    due.due_at = team.zone.instant(LocalTime{day} + at);
    due.occasion = occasion;
    return due;
}

bool is_brief_day(const AlertOptions& options, local_days day) {
    return options.brief.enabled && static_cast<int>(weekday_of(day)) + 1 >= options.brief.weekday;
}

/// When the quiet hours of its day begin; of an hour that lies in them itself they never do.
std::optional<Instant> quiet_hours(const warehouse::Team& team, const DigestOptions& options,
                                   const DigestDue& due) {
    const auto begin = team.zone.instant(LocalTime{due.day} + options.until);
    return due.due_at < begin ? std::optional{begin} : std::nullopt;
}

bool is_quiet(const DigestDue& due, Instant now) {
    return due.quiet_from && now >= *due.quiet_from;
}

bool is_last_of_week(const warehouse::Team& team, local_days day) {
    for (auto later = day + days{1}; later < IsoWeek::of(day).end(); later += days{1})
        if (team.calendar.works(later)) return false;
    return true;
}

bool is_there(const warehouse::Rep& rep, local_days day) {
    return (!rep.from || *rep.from <= day) && (!rep.until || day < *rep.until) &&
           rep.calendar.works(day);
}

}  // namespace

std::string_view to_string(Occasion occasion) {
    constexpr std::array<std::string_view, 4> names{"digest", "brief", "card", "scrum"};
    return names[static_cast<std::size_t>(occasion)];
}

DigestDue brief_of(const warehouse::Team& team, const AlertOptions& options, local_days day) {
    return due_of(Occasion::brief, team,
                  fmt::format("brief\n{}\n{}", team.name, IsoWeek::of(day).str()), day,
                  options.brief.at);
}

DigestDue card_of(const warehouse::Team& team, const AlertOptions& options,
                  const warehouse::Rep& rep, local_days day) {
    auto due = due_of(Occasion::card, team,
                      fmt::format("card\n{}\n{}\n{}", team.name, static_cast<std::int64_t>(rep.id),
                                  format_date(day)),
                      day, options.card.at);
    due.rep = rep.id;
    return due;
}

DigestDue scrum_of(const warehouse::Team& team, const AlertOptions& options, local_days day) {
    return due_of(Occasion::scrum, team, fmt::format("scrum\n{}\n{}", team.name, format_date(day)),
                  day, options.scrum.at);
}

std::vector<DigestDue> decide_appointments(const warehouse::People& people,
                                           const warehouse::Team& team, const AlertOptions& options,
                                           Instant now) {
    std::vector<DigestDue> due;
    const auto today = team.zone.local_day(now);
    if (!team.calendar.works(today)) return due;
    const auto weekday = weekday_of(today);
    if (is_brief_day(options, today)) due.push_back(brief_of(team, options, today));
    if (team.coaching.scrum[weekday]) due.push_back(scrum_of(team, options, today));
    for (const auto& rep : people.reps)
        if (people.team_of(rep).name == team.name && rep.one_on_one[weekday] &&
            rep.id != warehouse::PersonId::nobody && is_there(rep, today))
            due.push_back(card_of(team, options, rep, today));
    for (auto& one : due) {
        one.quiet_from = quiet_hours(team, options.digest, one);
        const bool is_last_chance = one.occasion == Occasion::brief && is_last_of_week(team, today);
        if (is_last_chance && is_quiet(one, now)) one.quiet_from.reset();
    }
    std::erase_if(due,
                  [&](const DigestDue& one) { return one.due_at > now || is_quiet(one, now); });
    return due;
}

Instant next_appointment(const warehouse::Team& team, const AlertOptions& options, Instant now) {
    const auto today = team.zone.local_day(now);
    Instant next = now + days{2};
    for (const auto day : {today, today + days{1}})
        for (const auto at : {options.brief.at, options.card.at, options.scrum.at})
            if (const auto moment = team.zone.instant(LocalTime{day} + at); moment > now)
                next = std::min(next, moment);
    return next;
}

DigestDue digest_of(const warehouse::Team& team, const DigestOptions& options, local_days day) {
    DigestDue due;
    due.key = fingerprint(fmt::format("digest\n{}\n{}", team.name, format_date(day)));
    due.day = day;
    due.due_at = team.zone.instant(LocalTime{day} + options.at);
    due.is_weekly = is_first_of_week(team, options, day);
    return due;
}

std::optional<DigestDue> decide_due(const warehouse::Team& team, const DigestOptions& options,
                                    Instant now, std::string_view last_key) {
    const auto today = team.zone.local_day(now);
    if (!has_digest(team, options, today)) return std::nullopt;
    auto due = digest_of(team, options, today);
    if (due.due_at > now || due.key == last_key) return std::nullopt;
    due.quiet_from = quiet_hours(team, options, due);
    if (is_quiet(due, now)) return std::nullopt;
    return due;
}

std::optional<Instant> next_due(const warehouse::Team& team, const DigestOptions& options,
                                Instant now) {
    constexpr days horizon{400};  // longer than any holiday
    const auto today = team.zone.local_day(now);
    for (auto day = today; day < today + horizon; day += days{1}) {
        if (!has_digest(team, options, day)) continue;
        const auto due_at = digest_of(team, options, day).due_at;
        if (due_at > now) return due_at;
    }
    return std::nullopt;
}

}  // namespace nudged::alerts
