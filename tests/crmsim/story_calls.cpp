// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/teller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::crmsim {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Outcome {
    const char* disposition;
    const char* status;
    int least_seconds;
    int most_seconds;
    int weight;  // percent
};
constexpr Outcome outcomes[] = {
    {"73a0d17f-1163-4015-bdd5-ec830791da20", "NO_ANSWER", 0, 25, 47},
    {"b2cf5968-551e-4856-9783-52b3da59a7d0", "COMPLETED", 25, 70, 20},
    {"f240bbac-87c9-4f6e-bf70-924b57d47db7", "COMPLETED", 70, 1'100, 24},
    {"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "COMPLETED", 20, 60, 3},
    {"9d9162e7-6cf3-4944-bf63-4dff82258764", "BUSY", 0, 6, 5},
    {"17b47fee-58de-441e-a44c-c6300d46f273", "COMPLETED", 8, 30, 1},
};

const Outcome& some_outcome(Dice& dice) {
    int rest = dice.between(1, 100);
    for (const Outcome& outcome : outcomes)
        if ((rest -= outcome.weight) <= 0) return outcome;
    return outcomes[0];
}

/// A minute of the working day, without the lunch break.
int office_minute(Dice& dice) {
    const int minute = dice.between(8 * 60 + 30, 16 * 60 + 29);
    return minute < 12 * 60 ? minute : minute + 60;
}

}  // namespace

/// Idle deals are not touched again, nor are their accounts.
std::size_t Teller::some_account(std::size_t rep, Instant when) {
    while (true) {
        const std::size_t index = rep * accounts_per_rep +
                                  static_cast<std::size_t>(dice_.between(0, accounts_per_rep - 1));
        const auto& deal = accounts_[index].open_deal;
        const bool idle = deal && deals_[*deal].kind == DealKind::idle;
        if (!idle || when < at(today_ - days{46}, 0)) return index;
    }
}

void Teller::plan_calls() {
    for (std::size_t rep = 0; rep < team().size(); ++rep)
        for (int week = 0; week < all_weeks; ++week) plan_week(rep, week);
    touch_open_deals();
    plan_side_calls();
    plan_earlier_calls();
}

/// The promised number of dials, no two of a rep in one minute: dials count once a number and
/// minute.
void Teller::plan_week(std::size_t rep, int week) {
    const int working_days = elapsed_working_days(week);
    const int count = story_.dials(rep, week);
    const std::int64_t owner = team()[rep].owner_id;
    const local_days monday = story_.week(week).monday();
    std::set<std::pair<int, int>> taken;
    while (taken.size() < static_cast<std::size_t>(count)) {
        const int day = dice_.between(0, working_days - 1);
        taken.emplace(day, office_minute(dice_));
    }
    for (const auto& [day, minute] : taken) {
        const Instant when =
            at(monday + days{day}, minute) + milliseconds{dice_.between(0, 59'999)};
        calls_.push_back({when, owner, some_account(rep, when), true});
        if (dice_.chance(12)) {
            const Instant back = when + minutes{dice_.between(1, 40)};
            calls_.push_back({back, owner, some_account(rep, back), false});
        }
    }
}

/// Every open deal that is not idle got a call within the last seven days: the rep's own last calls
/// go to their accounts in turn.
void Teller::touch_open_deals() {
    const Instant since = at(today_ - days{7}, 0);
    for (std::size_t rep = 0; rep < team().size(); ++rep) {
        std::size_t next = rep * accounts_per_rep;
        const std::size_t end = next + deals_per_rep;
        for (CallPlan& call : calls_) {
            if (call.owner != team()[rep].owner_id || call.at < since || !call.outbound) continue;
            while (next < end && deals_[*accounts_[next].open_deal].kind == DealKind::idle) ++next;
            if (next == end) break;
            call.account = next++;
        }
    }
}

/// Calls that are nobody's dials: a leaver's, the queue's, and some that were deleted.
void Teller::plan_side_calls() {
    for (int week = 0; week < 5; ++week)
        for (int n = 0; n < 20; ++n) {
            const Instant when = office_hour(story_.week(week).monday() + days{n % 5});
            calls_.push_back({when, leaver_id, some_account(1, when), true});
        }
    for (int n = 0; n < 6; ++n) {
        const Instant when = office_hour(workday_before(3 + 9 * n));
        calls_.push_back({when, std::nullopt, some_account(3, when), false});
    }
    for (std::size_t rep = 0; rep < team().size(); ++rep)
        for (int n = 0; n < 4; ++n) {
            const Instant when = office_hour(story_.week(2 * n + 1).monday() + days{n});
            calls_.push_back({when, team()[rep].owner_id, some_account(rep, when), true, true});
        }
}

/// Volume for benchmarks, in the two years before week 0, where no check looks.
void Teller::plan_earlier_calls() {
    const std::size_t base = calls_.size();
    const std::size_t more = base * static_cast<std::size_t>(std::max(options_.scale - 1, 0));
    const auto imported = static_cast<std::size_t>(std::max(options_.same_instant, 0));
    for (std::size_t n = 0; n < more + imported; ++n) {
        const local_days day = story_.week(0).monday() - days{dice_.between(1, 700)};
        const std::size_t rep = n % team().size();
        const Instant when = office_hour(day);
        calls_.push_back({when, team()[rep].owner_id, rep * accounts_per_rep + n % accounts_per_rep,
                          true, false, n >= more});
    }
}

void Teller::write_calls() {
    std::ranges::stable_sort(calls_, {}, &CallPlan::at);
    for (const CallPlan& call : calls_) write_call(call);
}

void Teller::write_call(const CallPlan& call) {
    Dataset& data = story_.dataset;
    const Account& account = accounts_[call.account];
    const Contact& contact = dice_.pick(account.contacts);
    const Outcome& outcome = some_outcome(dice_);
    const int length = dice_.between(outcome.least_seconds, outcome.most_seconds);
    const bool by_hand = dice_.chance(7);
    const std::string own_number = "+4930555000";
    Properties properties{{"hs_timestamp", format_instant(call.at)},
                          {"hs_call_direction", call.outbound ? "OUTBOUND" : "INBOUND"},
                          {"hs_call_disposition", outcome.disposition},
                          {"hs_call_title", "Call with " + contact.name},
                          {"hs_call_to_number", call.outbound ? contact.phone : own_number},
                          {"hs_call_from_number", call.outbound ? own_number : contact.phone}};
    if (call.owner) properties["hubspot_owner_id"] = std::to_string(*call.owner);
    if (!by_hand) {
        // Hand-logged calls have neither.
        properties["hs_call_duration"] = std::to_string(length * 1'000);
        properties["hs_call_status"] = outcome.status;
    }
    const Instant created = call.at + seconds{length + dice_.between(1, 30)};
    const std::int64_t id = data.create(ObjectType::calls, properties, created);
    data.link(ObjectType::calls, id, ObjectType::contacts, contact.id);
    data.link(ObjectType::calls, id, ObjectType::companies, account.id);
    if (account.open_deal) {
        DealPlan& deal = deals_[*account.open_deal];
        const bool recent = call.at >= at(today_ - days{7}, 0);
        if (call.at > deal.stages.front().second && (recent || dice_.chance(60))) {
            data.link(ObjectType::calls, id, ObjectType::deals, deal.id);
            if (!call.deleted) deal.last_touch = created;
        }
    }
    // Two weeks' calls were touched by one job at one instant, as were those of an import.
    const auto week_of_call = IsoWeek::of(zone_.local_day(call.at));
    const bool in_job = week_of_call == story_.week(0) || week_of_call == story_.week(1);
    if (call.deleted)
        data.archive(ObjectType::calls, id, created + std::chrono::hours{3});
    else if (in_job || call.part_of_import)
        data.set(ObjectType::calls, id, {{"hs_activity_type", "Outreach"}},
                 at(story_.week(8).monday() - days{1}, 4 * 60));
    else if (dice_.chance(30))
        data.set(ObjectType::calls, id, {}, created + minutes{dice_.between(1, 120)});
}

}  // namespace nudged::crmsim
