// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/editor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;
using crmsim::all_types;
using crmsim::schema_of;

bool can_be_linked(ObjectType from, ObjectType to) {
    const auto is_party = [](ObjectType type) {
        return type == ObjectType::companies || type == ObjectType::contacts;
    };
    if (is_party(from)) return false;
    return is_party(to) || (to == ObjectType::deals && from != ObjectType::deals);
}

bool can_be_merged(ObjectType type) {
    return schema_of(type).find("hs_merged_object_ids").has_value();
}

crmsim::Owner rep(std::int64_t id) {
    return {.id = id,
            .email = fmt::format("rep{}@example.com", id),
            .first_name = "Rep",
            .last_name = std::to_string(id),
            .user_id = id,
            .archived = false,
            .team = {}};
}

}  // namespace

std::string name_of(RecordId id) {
    return fmt::format("{} {}", schema_of(id.first).singular, id.second);
}

Dataset Editor::begin(Instant now) {
    Dataset data;
    for (int i = 1; i <= 5; ++i) {
        data.owners.push_back(rep(300 + i));
        owners_.push_back(300 + i);
    }
    data.owners.back().archived = true;
    for (const auto type : all_types) {
        const bool is_pulled = std::ranges::count(types_, type) > 0;
        std::vector<Instant> instants{now - random_.between(1s, 90s),
                                      now - random_.between(2min, 3h),
                                      now - random_.between(3h, 22h)};
        for (int i = 0; i < 2; ++i)
            instants.push_back(now - random_.between(3h, std::chrono::days{400}));
        std::ranges::sort(instants);
        const auto count = is_pulled ? random_.between(0, 40) : 4;
        std::vector<Instant> times;
        for (int i = 0; i < count; ++i) times.push_back(random_.pick(instants));
        std::ranges::sort(times);
        for (const auto time : times) {
            const auto id = data.create(type, properties(type), time);
            if (is_pulled && random_.one_in(12)) data.archive(type, id, time + 1s);
        }
    }
    for (const auto type : types_)
        for (const auto& record : data.records(type))
            for (const auto other : all_types)
                if (can_be_linked(type, other) && !data.records(other).empty() && random_.one_in(3))
                    data.link(type, record.id, other, random_.pick(data.records(other)).id);
    return data;
}

std::string Editor::owner() {
    return std::to_string(random_.pick(owners_));
}

std::string Editor::text() {
    static const std::vector<std::string> words{"plain", "\"quoted\"", "<b>&amp;</b>", "Grüße",
                                                "a\\b",  "日本語",     "it's 100 %",   "😀 emoji"};
    return fmt::format("{} {}", random_.pick(words), random_.between(0, 999'999));
}

/// A whole second of the winter: what day it is in Berlin is known without a zone then. Never a
/// full hour: what is due at midnight is due all day in some CRMs.
std::string Editor::time() {
    const auto begin = *parse_instant("2026-11-01T00:00:00Z");
    const auto at = begin + random_.between(0h, std::chrono::days{90});
    const auto minute = std::chrono::floor<std::chrono::minutes>(at);
    const bool is_full_hour = minute == std::chrono::floor<std::chrono::hours>(at);
    return format_instant(std::chrono::floor<std::chrono::seconds>(is_full_hour ? at + 1min : at));
}

crmsim::Properties Editor::properties(ObjectType type) {
    crmsim::Properties all{{"hubspot_owner_id", owner()}};
    switch (type) {
    case ObjectType::calls:
        all["hs_call_title"] = text();
        all["hs_timestamp"] = time();
        all["hs_call_duration"] = std::to_string(random_.between(0, 3000) * 1000);
        all["hs_call_status"] = random_.one_in(4) ? "SCHEDULED" : "COMPLETED";
        all["hs_call_direction"] = random_.one_in(2) ? "OUTBOUND" : "INBOUND";
        break;
    case ObjectType::tasks:
        all["hs_task_subject"] = text();
        all["hs_timestamp"] = time();
        all["hs_task_status"] = random_.one_in(2) ? "COMPLETED" : "NOT_STARTED";
        all["hs_task_completion_date"] = std::nullopt;
        if (all["hs_task_status"] == "COMPLETED") all["hs_task_completion_date"] = time();
        all["hs_task_type"] = random_.one_in(3) ? "CALL" : "TODO";
        all["hs_task_priority"] = "NONE";
        break;
    case ObjectType::meetings: {
        const auto start = time();
        all["hs_meeting_title"] = text();
        all["hs_timestamp"] = start;
        all["hs_meeting_start_time"] = start;
        all["hs_meeting_end_time"] = format_instant(*parse_instant(start) + 30min);
        all["hs_meeting_outcome"] = "SCHEDULED";
        break;
    }
    case ObjectType::deals:
        all["dealname"] = text();
        all["pipeline"] = "default";
        all["dealstage"] = random_.pick(crmsim::stages()).id;
        all["amount"] = fmt::format("{}.{:02}", random_.between(1, 90'000), random_.between(0, 99));
        all["deal_currency_code"] = "EUR";
        all["closedate"] = time();
        all["hs_updated_by_user_id"] = random_.one_in(5) ? std::nullopt : std::optional{owner()};
        break;
    case ObjectType::companies:
        all["name"] = text();
        all["domain"] = fmt::format("d{}.example.com", random_.between(0, 99'999));
        break;
    case ObjectType::contacts:
        all["firstname"] = "Ann";
        all["lastname"] = text();
        all["email"] = fmt::format("ann{}@example.com", random_.between(0, 99'999));
        break;
    }
    return all;
}

/// Now, or a while ago: committed late, and that by no more than a CRM may be whose clock has never
/// gone back. Never before the record's last time.
Instant Editor::modified(const Account& account, Instant at_least) {
    const auto now = account.server_now();
    if (!random_.one_in(4)) return std::max(now, at_least);
    const auto late = now - random_.between(0ms, account.crm.late);
    return std::max({late, account.server_latest() - account.crm.late, at_least});
}

std::optional<RecordId> Editor::partner(const Account& account, RecordId of) {
    std::vector<ObjectType> others;
    for (const auto type : all_types)
        if (can_be_linked(of.first, type)) others.push_back(type);
    if (others.empty()) return std::nullopt;
    const auto other = random_.pick(others);
    const auto records = account.truth().records(other);
    if (records.empty()) return std::nullopt;
    return RecordId{other, random_.pick(records).id};
}

std::string Editor::create(Account& account) {
    const auto type = random_.pick(types_);
    const auto at = modified(account, Instant{});
    const auto count = random_.one_in(5) ? random_.between(5, 20) : 1;
    RecordId last{type, 0};
    for (int i = 0; i < count; ++i) {
        last.second = account.edit({.action = "create",
                                    .type = type,
                                    .modified = at,
                                    .properties = properties(type),
                                    .other = partner(account, last)});
    }
    return fmt::format("create {} up to {}, modified {}", count, name_of(last), format_instant(at));
}

/// Into another one that is there; "" where there is none.
std::string Editor::merge(Account& account, const crmsim::Record& part, ObjectType type) {
    std::vector<const crmsim::Record*> others;
    for (const auto& other : account.truth().records(type))
        if (!other.archived && other.id != part.id) others.push_back(&other);
    if (others.empty()) return {};
    const auto& whole = *random_.pick(others);
    const auto at = modified(account, std::max(whole.modified, part.modified));
    const auto what = fmt::format("merge {} into {}, modified {}", name_of({type, part.id}),
                                  whole.id, format_instant(at));
    account.edit(
        {.action = "merge", .type = type, .id = part.id, .modified = at, .into = whole.id});
    return what;
}

std::string Editor::change(Account& account, ObjectType type, std::int64_t id) {
    const auto& record = *account.truth().find(type, id);
    const bool can_merge = account.crm.merges && can_be_merged(type) && !record.archived;
    if (can_merge && random_.one_in(15))
        if (auto done = merge(account, record, type); !done.empty()) return done;
    Edit edit{.action = "set", .type = type, .id = id};
    // Past stages of a deal are told in the order of their times, as finely as they are kept.
    const auto step = std::max(account.crm.history_precision, std::chrono::milliseconds{1});
    edit.modified = modified(account, record.modified + (type == ObjectType::deals ? step : 0ms));
    if (record.archived) {
        edit.action = random_.one_in(5) || !account.crm.restores ? "forget" : "restore";
    } else if (random_.one_in(5)) {
        edit.action = "archive";
        edit.modified = std::max(account.server_now(), record.modified);
    } else if (random_.one_in(15)) {
        edit.action = "forget";
    } else if (random_.one_in(4)) {
        edit.other = partner(account, {type, id});
        const auto known = edit.other ? account.truth().linked(type, id, edit.other->first)
                                      : std::vector<std::int64_t>{};
        if (edit.other) edit.action = known.empty() || random_.one_in(2) ? "link" : "unlink";
        if (edit.action == "unlink") edit.other->second = random_.pick(known);
    }
    if (edit.action == "set") {
        auto all = properties(type);
        for (auto& [name, value] : all)
            if (random_.one_in(2)) edit.properties[name] = value;
        if (random_.one_in(6)) edit.other = partner(account, {type, id});
    }
    account.edit(edit);
    return fmt::format("{} {}{}, modified {}", edit.action, name_of({type, id}),
                       edit.other ? " with " + name_of(*edit.other) : "",
                       format_instant(edit.modified));
}

/// The first one stays as he is: the token may be his.
std::string Editor::change_staff(Account& account) {
    const auto id = owners_[static_cast<std::size_t>(
        random_.between(1, static_cast<std::int64_t>(owners_.size()) - 1))];
    auto owner = *std::ranges::find(account.truth().owners, id, &crmsim::Owner::id);
    if (random_.one_in(2))
        owner.archived = !owner.archived;
    else
        owner.email = fmt::format("rep{}.{}@example.com", id, random_.between(0, 999));
    account.change_owner(owner);
    return fmt::format("rep {} is {}, {}", id, owner.archived ? "away" : "here", owner.email);
}

std::string Editor::edit(Account& account) {
    if (account.crm.stamps_staff && random_.one_in(25)) return change_staff(account);
    const auto type = random_.pick(types_);
    const auto records = account.truth().records(type);
    if (records.empty() || random_.one_in(4)) return create(account);
    return change(account, type, random_.pick(records).id);
}

}  // namespace nudged::adversary
