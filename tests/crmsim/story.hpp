// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "tests/crmsim/dataset.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim {

/// Weeks are counted 0 to 11, the twelve complete ones (11 is the last that is settled: it ended at
/// least 36 h before `today` begins), then 12 and perhaps 13 up to yesterday.
inline constexpr int complete_weeks = 12;
inline constexpr int all_weeks = 14;
inline constexpr int weekly_target = 90;
/// Eva is away Monday to Friday of this week, and dials nobody.
inline constexpr int leave_week = 9;

struct RepStory {
    std::string_view first_name;
    std::string_view last_name;
    std::int64_t owner_id;
    std::string_view pattern;          // the class of sales practice §8.5
    std::array<int, all_weeks> dials;  // a whole week each
};

/// Ana climbs, Ben is flat, Cleo has one spike, Dev is on target, Eva has a week of leave, Finn
/// declines and has a layer of stale deals.
const std::array<RepStory, 6>& team();
std::string email_of(const RepStory& rep);

struct StoryOptions {
    std::uint64_t seed = 1;
    std::chrono::local_days today;  // the story ends as this day begins
    std::string zone = "Europe/Berlin";
    int scale = 1;         // as many calls in all, in multiples; the rest lies before week 0
    int same_instant = 0;  // calls before week 0 that share one modified time
};

/// Why a deal is in the story; what each must lead to is in expected_checks().
enum class DealKind {
    next_task,
    next_meeting,
    due_today,
    no_next_step,
    overdue_task,
    past_close,
    pushed,
    idle,
    stalled,
    amount_missing,
    text_only,
    far,
    orphan,
};
std::string_view to_string(DealKind kind);
std::vector<std::string_view> expected_checks(DealKind kind);

struct DealFact {
    std::int64_t id;
    std::string name;
    std::size_t rep;
    DealKind kind;
    int pushes;
};

struct AccountFact {
    std::int64_t id;
    std::string name;
    std::size_t rep;
    std::string_view state;  // "none" or "overdue"
};

struct TaskFact {
    std::int64_t id;
    std::string subject;
    std::size_t rep;
    std::chrono::local_days due;
};

/// A portal and what is true in it.
struct Story {
    StoryOptions options;
    IsoWeek first_week;
    Dataset dataset;
    std::vector<DealFact> open_deals;
    std::vector<AccountFact> accounts_without_next_step;
    std::vector<TaskFact> overdue_tasks;

    IsoWeek week(int index) const { return first_week.plus(index); }
    /// Outbound calls of a rep in a week; in the current one up to yesterday.
    int dials(std::size_t rep, int week) const;
};

/// The same story for the same options, on every machine. Throws std::invalid_argument for an
/// unknown zone.
Story tell_story(const StoryOptions& options);

/// The team, the leave and the facts as JSON: the demo makes its configuration from it.
std::string story_json(const Story& story);

}  // namespace nudged::crmsim
