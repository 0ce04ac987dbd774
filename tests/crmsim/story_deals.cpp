// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/teller.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr std::size_t open_stages = 5;

struct Count {
    DealKind kind;
    int deals;
};

/// Fifteen open deals a rep. Six of Finn's are idle or stalled: 40 %, a stale layer.
const std::array<std::vector<Count>, 6>& deal_mix() {
    using enum DealKind;
    static const std::array<std::vector<Count>, 6> mix{{
        {{next_task, 5},
         {next_meeting, 3},
         {due_today, 1},
         {no_next_step, 1},
         {overdue_task, 1},
         {past_close, 1},
         {pushed, 1},
         {idle, 1},
         {amount_missing, 1}},
        {{next_task, 4},
         {next_meeting, 2},
         {due_today, 1},
         {no_next_step, 2},
         {overdue_task, 1},
         {past_close, 1},
         {pushed, 1},
         {idle, 1},
         {stalled, 1},
         {orphan, 1}},
        {{next_task, 5},
         {next_meeting, 2},
         {due_today, 1},
         {no_next_step, 1},
         {overdue_task, 2},
         {pushed, 1},
         {idle, 1},
         {text_only, 1},
         {far, 1}},
        {{next_task, 8}, {next_meeting, 4}, {due_today, 1}, {pushed, 1}, {amount_missing, 1}},
        {{next_task, 6},
         {next_meeting, 3},
         {no_next_step, 1},
         {overdue_task, 1},
         {past_close, 1},
         {idle, 1},
         {stalled, 1},
         {text_only, 1}},
        {{next_task, 3},
         {next_meeting, 1},
         {due_today, 1},
         {no_next_step, 1},
         {overdue_task, 1},
         {past_close, 1},
         {pushed, 1},
         {idle, 3},
         {stalled, 3}},
    }};
    return mix;
}

constexpr std::string_view subjects[] = {"annual licence", "pilot",     "expansion", "renewal",
                                         "support plan",   "40 seats",  "rollout",   "migration",
                                         "second site",    "framework", "upgrade",   "training"};

/// Deals whose names are hostile, so that every kind of message has to show one.
struct HostileDeal {
    std::size_t rep;
    DealKind kind;
    std::size_t name;
};
constexpr HostileDeal hostile_deals[] = {
    {0, DealKind::no_next_step, 1}, {1, DealKind::no_next_step, 0}, {1, DealKind::past_close, 3},
    {2, DealKind::overdue_task, 5}, {4, DealKind::text_only, 2},    {5, DealKind::idle, 7},
    {5, DealKind::past_close, 4},   {2, DealKind::idle, 6},
};

bool is_old(DealKind kind) {
    return kind == DealKind::idle || kind == DealKind::stalled;
}

int pushes_of(const std::optional<DealKind>& kind, std::size_t rep) {
    if (kind != DealKind::pushed) return 0;
    return rep == 2 || rep == 5 ? 3 : 2;  // Cleo's and Finn's are the severe ones
}

}  // namespace

std::string_view to_string(DealKind kind) {
    static constexpr std::string_view names[] = {
        "next_task",  "next_meeting", "due_today", "no_next_step", "overdue_task",
        "past_close", "pushed",       "idle",      "stalled",      "amount_missing",
        "text_only",  "far",          "orphan"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<std::string_view> expected_checks(DealKind kind) {
    switch (kind) {
    case DealKind::next_task:
    case DealKind::next_meeting:
    case DealKind::due_today: return {};
    case DealKind::no_next_step: return {"opp.no_next_step"};
    case DealKind::overdue_task: return {"opp.next_step_overdue"};
    case DealKind::past_close: return {"opp.past_close"};
    case DealKind::pushed: return {"opp.close_pushed"};
    case DealKind::idle: return {"opp.no_next_step", "opp.idle", "opp.stalled"};
    case DealKind::stalled: return {"opp.stalled"};
    case DealKind::amount_missing: return {"opp.amount_missing"};
    case DealKind::text_only: return {"opp.next_step_text_only"};
    case DealKind::far: return {"opp.next_step_far"};
    case DealKind::orphan: return {"opp.next_step_orphan"};
    }
    return {};
}

void Teller::plan_open_deals() {
    for (std::size_t rep = 0; rep < team().size(); ++rep) {
        std::size_t account = rep * accounts_per_rep;
        for (const Count& count : deal_mix()[rep])
            for (int n = 0; n < count.deals; ++n) plan_open_deal(rep, account++, count.kind);
    }
    for (const HostileDeal& hostile : hostile_deals) {
        const auto deal = std::ranges::find_if(deals_, [&](const DealPlan& candidate) {
            return candidate.rep == hostile.rep && candidate.kind == hostile.kind;
        });
        deal->name = hostile_names()[hostile.name];
    }
}

void Teller::plan_open_deal(std::size_t rep, std::size_t account, DealKind kind) {
    DealPlan deal{.rep = rep,
                  .account = account,
                  .name = {},
                  .kind = kind,
                  .stages = {},
                  .closes = {},
                  .others = {},
                  .last_touch = {},
                  .next_activity = {}};
    deal.name = fmt::format("{} - {}", accounts_[account].name, dice_.pick(subjects));
    accounts_[account].open_deal = deals_.size();
    plan_stages(deal);
    plan_closes(deal);
    const bool early = deal.stages.size() <= 2;
    if (kind == DealKind::amount_missing) {
        // HubSpot keeps both: null where nothing was entered, "" where it was taken out again.
        if (rep == 0) deal.others["amount"] = "";
    } else if (!early || dice_.chance(80)) {
        deal.others["amount"] = dice_.chance(15)
                                    ? fmt::format("{}.50", dice_.between(40, 900) * 100)
                                    : std::to_string(dice_.between(8, 180) * 500);
    }
    if (kind == DealKind::text_only)
        deal.others["hs_next_step"] = "Send the revised offer to procurement";
    if (kind == DealKind::no_next_step && rep == 1) deal.others["hs_next_step"] = "tbd";
    if (deal.stages.size() == open_stages) deal.others["hs_manual_forecast_category"] = "COMMIT";
    deals_.push_back(std::move(deal));
}

/// The current stage was entered five to eight days ago, or long ago where that is the point; the
/// stages before it took some days each.
void Teller::plan_stages(DealPlan& deal) {
    const DealKind kind = *deal.kind;
    int first = 0;
    if (kind == DealKind::amount_missing) first = 2;
    if (kind == DealKind::pushed) first = 3;
    const int current = dice_.between(first, static_cast<int>(open_stages) - 1);
    int entered = is_old(kind) ? dice_.between(47, 60) : dice_.between(5, 8);
    for (int stage = current; stage >= 0; --stage) {
        deal.stages.emplace_back(stages()[static_cast<std::size_t>(stage)].id,
                                 office_hour(workday_before(entered)));
        entered += kind == DealKind::pushed ? 9 : dice_.between(4, 9);
    }
    std::ranges::reverse(deal.stages);
}

void Teller::plan_closes(DealPlan& deal) {
    const Instant created = deal.stages.front().second;
    if (deal.kind == DealKind::past_close) {
        deal.closes.emplace_back(today_ - days{dice_.between(5, 12)}, created);
        return;
    }
    const int pushes = pushes_of(deal.kind, deal.rep);
    if (pushes == 0) {
        // One deal without a next step is about to close, which makes it urgent.
        const bool urgent = deal.kind == DealKind::no_next_step && deal.rep == 1 &&
                            deals_.back().kind != DealKind::no_next_step;
        deal.closes.emplace_back(today_ + days{urgent ? 9 : dice_.between(21, 75)}, created);
        return;
    }
    constexpr int dates[] = {-15, -3, 12, 33};
    constexpr int moved[] = {24, 13, 5};  // days ago
    const int skipped = 3 - pushes;
    deal.closes.emplace_back(today_ + days{dates[skipped]}, created);
    for (int n = skipped; n < 3; ++n)
        deal.closes.emplace_back(today_ + days{dates[n + 1]},
                                 office_hour(workday_before(moved[n])));
}

/// Enough deals went through all stages for the median time in each; some were won just now.
void Teller::plan_past_deals() {
    constexpr int recent_wins[] = {2, 1, 2, 3, 2, 1};
    for (std::size_t rep = 0; rep < team().size(); ++rep) {
        for (int n = 0; n < recent_wins[rep]; ++n) plan_past_deal(rep, 2 + 8 * n, true);
        for (int n = 0; n < 9; ++n) plan_past_deal(rep, 40 + 38 * n + dice_.between(0, 9), true);
        for (int n = 0; n < 5; ++n) plan_past_deal(rep, 20 + 60 * n + dice_.between(0, 9), false);
    }
}

void Teller::plan_past_deal(std::size_t rep, int days_ago, bool won) {
    const std::size_t account =
        rep * accounts_per_rep + static_cast<std::size_t>(dice_.between(0, accounts_per_rep - 1));
    DealPlan deal{.rep = rep,
                  .account = account,
                  .name = {},
                  .kind = {},
                  .stages = {},
                  .closes = {},
                  .others = {},
                  .last_touch = {},
                  .next_activity = {}};
    deal.name = fmt::format("{} - {}", accounts_[account].name, dice_.pick(subjects));
    deal.others["amount"] = std::to_string(dice_.between(8, 120) * 500);
    const local_days end = workday_before(days_ago);
    deal.stages.emplace_back(won ? "closedwon" : "closedlost", office_hour(end));
    int entered = days_ago;
    for (int stage = won ? 4 : dice_.between(0, 4); stage >= 0; --stage) {
        entered += dice_.between(5, 12);
        deal.stages.emplace_back(stages()[static_cast<std::size_t>(stage)].id,
                                 office_hour(workday_before(entered)));
    }
    std::ranges::reverse(deal.stages);
    // HubSpot overwrites the close date when a deal is closed.
    deal.closes.emplace_back(end + days{dice_.between(-6, 20)}, deal.stages.front().second);
    deal.closes.emplace_back(end, deal.stages.back().second);
    deals_.push_back(std::move(deal));
}

void Teller::write_deals() {
    std::vector<DealPlan*> by_creation;
    for (DealPlan& deal : deals_) by_creation.push_back(&deal);
    std::ranges::stable_sort(by_creation, {},
                             [](const DealPlan* deal) { return deal->stages.front().second; });
    for (DealPlan* deal : by_creation) write_deal(*deal);
    for (const DealPlan& deal : deals_)
        if (deal.kind)
            story_.open_deals.push_back(
                {deal.id, deal.name, deal.rep, *deal.kind, pushes_of(deal.kind, deal.rep)});
}

void Teller::write_deal(DealPlan& deal) {
    Dataset& data = story_.dataset;
    // The user interface writes a day with some time of the portal's zone; midnight there is still
    // the day before in UTC, east of Greenwich.
    const auto close_text = [&](local_days day) {
        return format_instant(at(day, deal.account % 2 == 0 ? 0 : 15 * 60 + 30));
    };
    Properties first = deal.others;
    first["dealname"] = deal.name;
    first["pipeline"] = "default";
    first["dealstage"] = deal.stages.front().first;
    first["deal_currency_code"] = "EUR";
    first["closedate"] = close_text(deal.closes.front().first);
    first["hubspot_owner_id"] = std::to_string(team()[deal.rep].owner_id);
    deal.id = data.create(ObjectType::deals, first, deal.stages.front().second);

    std::vector<std::pair<Instant, Properties>> changes;
    for (std::size_t i = 1; i < deal.stages.size(); ++i)
        changes.push_back({deal.stages[i].second, {{"dealstage", deal.stages[i].first}}});
    for (std::size_t i = 1; i < deal.closes.size(); ++i)
        changes.push_back(
            {deal.closes[i].second, {{"closedate", close_text(deal.closes[i].first)}}});
    std::ranges::stable_sort(changes, {}, &std::pair<Instant, Properties>::first);
    for (const auto& [when, properties] : changes)
        data.set(ObjectType::deals, deal.id, properties, when);

    const Account& account = accounts_[deal.account];
    data.link(ObjectType::deals, deal.id, ObjectType::companies, account.id);
    data.link(ObjectType::deals, deal.id, ObjectType::contacts, account.contacts.front().id);
}

/// What HubSpot notes on a deal about its activities, which moves its modified time too.
void Teller::note_activities() {
    Dataset& data = story_.dataset;
    for (const DealPlan& deal : deals_) {
        Properties notes;
        if (deal.next_activity)
            notes["notes_next_activity_date"] = format_instant(*deal.next_activity);
        if (deal.last_touch) {
            notes["notes_last_contacted"] = format_instant(*deal.last_touch);
            notes["notes_last_updated"] = format_instant(*deal.last_touch);
        }
        const Instant modified = data.find(ObjectType::deals, deal.id)->modified;
        data.set(ObjectType::deals, deal.id, notes,
                 std::max(modified, deal.last_touch.value_or(modified)));
    }
}

}  // namespace nudged::crmsim
