// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/schedule.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

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

}  // namespace

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
