// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/teller.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr std::string_view next_steps[] = {"Send the proposal",         "Call back about pricing",
                                           "Agree the success plan",    "Walk through the contract",
                                           "Confirm the trial dates",   "Ask for the org chart",
                                           "Prepare the security form", "Book the demo"};
constexpr std::string_view errands[] = {"Send the minutes", "Share the case study",
                                        "Answer the questions by mail", "Update the contacts",
                                        "Check the invoice"};

/// The five accounts of a rep that have no open deal: this many without any next step, and this
/// many with only an overdue one; a check-in is planned for the others.
struct BareAccounts {
    std::size_t without;
    std::size_t overdue;
};
constexpr BareAccounts bare_accounts[] = {{1, 0}, {2, 1}, {0, 1}, {0, 0}, {1, 0}, {2, 1}};

/// Whether the deal itself leaves its account without a next step ahead.
bool leaves_account_bare(DealKind kind) {
    return kind == DealKind::no_next_step || kind == DealKind::overdue_task ||
           kind == DealKind::idle || kind == DealKind::text_only || kind == DealKind::orphan;
}

}  // namespace

void Teller::plan_next_step(std::size_t index) {
    DealPlan& deal = deals_[index];
    const std::int64_t owner = team()[deal.rep].owner_id;
    const auto add = [&](Instant due, int created_days_ago, std::int64_t who) {
        tasks_.push_back({who, std::string(dice_.pick(next_steps)), "TODO", due,
                          office_hour(workday_before(created_days_ago)), std::nullopt, deal.account,
                          index});
        return &tasks_.back();
    };
    switch (*deal.kind) {
    case DealKind::idle:
    case DealKind::text_only: return;
    case DealKind::no_next_step: {
        TaskPlan* done = add(office_hour(workday_before(9)), 12, owner);
        done->completed = done->due + hours{1};
        return;
    }
    case DealKind::overdue_task: {
        // Cleo's second one is so late that it is urgent.
        const bool late = deal.rep == 2 && deals_[index - 1].kind == DealKind::overdue_task;
        add(office_hour(workday_before(late ? 18 : dice_.between(7, 9))), late ? 25 : 15, owner);
        return;
    }
    case DealKind::next_meeting: {
        const Instant start = at(workday_after(dice_.between(1, 10)), 10 * 60 + 30);
        meetings_.push_back({owner, "Working session", start, office_hour(workday_before(3)),
                             "SCHEDULED", deal.account, index});
        deal.next_activity = start;
        return;
    }
    default: break;
    }
    local_days day = workday_after(dice_.between(1, 14));
    if (deal.kind == DealKind::due_today) day = today_;
    if (deal.kind == DealKind::far) day = workday_after(dice_.between(45, 60));
    const Instant due = at(day, 16 * 60);
    add(due, 4, deal.kind == DealKind::orphan ? leaver_id : owner);
    deal.next_activity = due;
}

void Teller::plan_account_tasks() {
    const auto check_in = [&](std::size_t account, local_days due, int created_days_ago) {
        tasks_.push_back({team()[accounts_[account].rep].owner_id, "Quarterly check-in", "CALL",
                          at(due, 9 * 60), office_hour(workday_before(created_days_ago)),
                          std::nullopt, account, std::nullopt});
    };
    for (std::size_t i = 0; i < accounts_.size(); ++i) {
        const Account& account = accounts_[i];
        const std::size_t place = i % accounts_per_rep;
        if (account.open_deal) {
            if (leaves_account_bare(*deals_[*account.open_deal].kind))
                check_in(i, workday_after(dice_.between(40, 160)), 30);
            continue;
        }
        const BareAccounts& bare = bare_accounts[account.rep];
        // Counted from the end: the last account of a rep is the one with the hostile name.
        const std::size_t from_end = accounts_per_rep - 1 - place;
        if (from_end < bare.without) {
            story_.accounts_without_next_step.push_back(
                {account.id, account.name, account.rep, "none"});
        } else if (from_end < bare.without + bare.overdue) {
            check_in(i, workday_before(11), 60);
            story_.accounts_without_next_step.push_back(
                {account.id, account.name, account.rep, "overdue"});
        } else {
            check_in(i, workday_after(dice_.between(40, 190)), 60);
        }
    }
}

void Teller::plan_done_tasks() {
    for (std::size_t rep = 0; rep < team().size(); ++rep) {
        for (int week = 0; week < complete_weeks; ++week) {
            const local_days monday = story_.week(week).monday();
            if (is_away(rep, monday)) continue;
            for (int n = 0; n < 3; ++n) {
                const Instant due = office_hour(monday + days{dice_.between(1, 4)});
                // Most are done in time, a few a day late.
                const Instant completed = dice_.chance(80) ? due - minutes{dice_.between(5, 300)}
                                                           : due + minutes{dice_.between(30, 700)};
                tasks_.push_back(
                    {team()[rep].owner_id, std::string(dice_.pick(errands)),
                     dice_.chance(50) ? "EMAIL" : "TODO", due, due - hours{24 * 6}, completed,
                     rep * accounts_per_rep + static_cast<std::size_t>(dice_.between(0, 19)),
                     std::nullopt});
            }
        }
    }
}

void Teller::plan_past_meetings() {
    for (std::size_t rep = 0; rep < team().size(); ++rep)
        for (int week = 0; week < complete_weeks; ++week) plan_past_meetings(rep, week, dice_);
    // Of the weeks that are not settled yet: with dice of their own, so that a day more leaves all
    // other numbers alone.
    Dice later(options_.seed);
    for (std::size_t rep = 0; rep < team().size(); ++rep)
        for (int week = complete_weeks; week < all_weeks; ++week)
            plan_past_meetings(rep, week, later);
}

void Teller::plan_past_meetings(std::size_t rep, int week, Dice& dice) {
    const local_days monday = story_.week(week).monday();
    if (is_away(rep, monday)) return;
    for (int n = 0; n < 2; ++n) {
        const local_days day = monday + days{dice.between(0, 4)};
        const Instant start = at(day, dice.between(9, 16) * 60);
        const char* outcome = dice.chance(85) ? "COMPLETED" : "NO_SHOW";
        const auto account = rep * accounts_per_rep + static_cast<std::size_t>(dice.between(0, 19));
        if (day < today_)
            meetings_.push_back({team()[rep].owner_id, "Discovery", start, start - hours{24 * 5},
                                 outcome, account, std::nullopt});
    }
}

void Teller::write_tasks() {
    std::ranges::stable_sort(tasks_, {}, &TaskPlan::created);
    Dataset& data = story_.dataset;
    for (const TaskPlan& task : tasks_) {
        Properties properties{{"hubspot_owner_id", std::to_string(task.owner)},
                              {"hs_timestamp", format_instant(task.due)},
                              {"hs_task_subject", task.subject},
                              {"hs_task_status", task.completed ? "COMPLETED" : "NOT_STARTED"},
                              {"hs_task_priority", dice_.chance(20) ? "HIGH" : "NONE"},
                              {"hs_task_type", task.type}};
        if (task.completed) properties["hs_task_completion_date"] = format_instant(*task.completed);
        const std::int64_t id = data.create(ObjectType::tasks, properties, task.created);
        if (task.completed) data.set(ObjectType::tasks, id, {}, *task.completed);
        const Account& account = accounts_[task.account];
        data.link(ObjectType::tasks, id, ObjectType::companies, account.id);
        data.link(ObjectType::tasks, id, ObjectType::contacts, account.contacts.front().id);
        if (task.deal) data.link(ObjectType::tasks, id, ObjectType::deals, deals_[*task.deal].id);
        const local_days due = zone_.local_day(task.due);
        if (!task.completed && due < today_)
            story_.overdue_tasks.push_back({id, task.subject, account.rep, due});
    }
}

void Teller::write_meetings() {
    std::ranges::stable_sort(meetings_, {}, &MeetingPlan::created);
    Dataset& data = story_.dataset;
    for (const MeetingPlan& meeting : meetings_) {
        const Instant end = meeting.start + minutes{45};
        const std::int64_t id =
            data.create(ObjectType::meetings,
                        {{"hubspot_owner_id", std::to_string(meeting.owner)},
                         {"hs_timestamp", format_instant(meeting.start)},
                         {"hs_meeting_title", meeting.title},
                         {"hs_meeting_start_time", format_instant(meeting.start)},
                         {"hs_meeting_end_time", format_instant(end)},
                         {"hs_meeting_outcome", meeting.outcome}},
                        meeting.created);
        if (meeting.outcome != "SCHEDULED")
            data.set(ObjectType::meetings, id, {}, end + minutes{20});
        const Account& account = accounts_[meeting.account];
        data.link(ObjectType::meetings, id, ObjectType::companies, account.id);
        data.link(ObjectType::meetings, id, ObjectType::contacts, account.contacts.back().id);
        if (meeting.deal)
            data.link(ObjectType::meetings, id, ObjectType::deals, deals_[*meeting.deal].id);
    }
}

}  // namespace nudged::crmsim
