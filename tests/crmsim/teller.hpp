// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/names.hpp"
#include "tests/crmsim/story.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::crmsim {

/// Makes one story. First everything is planned, then it is written in the order of its creation
/// times, so that ids ascend as they would in a real portal.
class Teller {
public:
    explicit Teller(const StoryOptions& options);
    Story tell();

private:
    struct Contact {
        std::int64_t id;
        std::string name;
        std::string phone;
    };
    struct Account {
        std::int64_t id;
        std::size_t rep;
        std::string name;
        std::vector<Contact> contacts;
        std::optional<std::size_t> open_deal;  // index into deals_
    };
    struct DealPlan {
        std::size_t rep;
        std::size_t account;
        std::string name;
        std::optional<DealKind> kind;                         // none: closed
        std::vector<std::pair<std::string, Instant>> stages;  // the first one at its creation
        std::vector<std::pair<std::chrono::local_days, Instant>> closes;
        Properties others;
        std::int64_t id = 0;
        std::optional<Instant> last_touch;
        std::optional<Instant> next_activity;
    };
    struct TaskPlan {
        std::int64_t owner;
        std::string subject;
        std::string type;
        Instant due;
        Instant created;
        std::optional<Instant> completed;
        std::size_t account;
        std::optional<std::size_t> deal;
    };
    struct MeetingPlan {
        std::int64_t owner;
        std::string title;
        Instant start;
        Instant created;
        std::string outcome;
        std::size_t account;
        std::optional<std::size_t> deal;
    };
    struct CallPlan {
        Instant at;
        std::optional<std::int64_t> owner;
        std::size_t account;
        bool outbound;
        bool deleted = false;
        bool part_of_import = false;
    };

    // Time.
    Instant at(std::chrono::local_days day, int minute_of_day) const;
    Instant office_hour(std::chrono::local_days day);
    std::chrono::local_days workday_before(int days) const;
    std::chrono::local_days workday_after(int days) const;
    bool is_away(std::size_t rep, std::chrono::local_days day) const;
    int elapsed_working_days(int week) const;

    // story.cpp
    void hire();
    void open_accounts();
    // story_deals.cpp
    void plan_open_deals();
    void plan_open_deal(std::size_t rep, std::size_t account, DealKind kind);
    void plan_stages(DealPlan& deal);
    void plan_closes(DealPlan& deal);
    void plan_past_deals();
    void plan_past_deal(std::size_t rep, int days_ago, bool won);
    void write_deals();
    void write_deal(DealPlan& deal);
    void note_activities();
    // story_tasks.cpp
    void plan_next_step(std::size_t deal);
    void plan_account_tasks();
    void plan_done_tasks();
    void plan_past_meetings();
    void plan_past_meetings(std::size_t rep, int week, Dice& dice);
    void write_tasks();
    void write_meetings();
    // story_calls.cpp
    void plan_calls();
    void plan_week(std::size_t rep, int week);
    void touch_open_deals();
    void plan_side_calls();
    void plan_earlier_calls();
    void write_calls();
    void write_call(const CallPlan& call);
    std::size_t some_account(std::size_t rep, Instant when);

    StoryOptions options_;
    Zone zone_;
    Dice dice_;
    std::chrono::local_days today_;
    Story story_;
    std::vector<Account> accounts_;
    std::vector<DealPlan> deals_;
    std::vector<TaskPlan> tasks_;
    std::vector<MeetingPlan> meetings_;
    std::vector<CallPlan> calls_;
};

inline constexpr std::size_t accounts_per_rep = 20;
inline constexpr std::size_t deals_per_rep = 15;
/// Gus has left: his owner is archived, his calls and one task remain.
inline constexpr std::int64_t leaver_id = 64'492'917;
inline constexpr int portal_age_days = 800;

}  // namespace nudged::crmsim
