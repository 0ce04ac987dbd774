// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/comparison.hpp"

#include "tests/adversary/editor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::adversary {
namespace {

constexpr std::string_view links[] = {"account", "contact", "opportunity"};

std::string_view value(const Fields& fields, std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view{} : found->second;
}

using Rows = std::map<std::string, Kept>;

bool is_unseen(const Carried& carried, const crmsim::Record& record, const Life& life) {
    return carried.unseen_after.count() > 0 &&
           life.committed - record.created > carried.unseen_after;
}

std::string listed(const std::vector<StageChange>& changes) {
    std::string text = "[";
    for (const auto& one : changes)
        text += fmt::format("{} {} > {} by {};", one.at, one.old_stage, one.new_stage, one.by);
    return text + "]";
}

class Comparison {
public:
    Comparison(const Account& account, const Copy& copy, bool purged_too)
        : account_(account), copy_(copy), purged_too_(purged_too) {}

    void compare(Entity entity);
    void compare_users();
    void compare_stages();
    void compare_history();
    bool is_shown(const Shown& deal) const;
    std::vector<std::string> found() && { return std::move(found_); }

private:
    void compare(std::string_view what, const Kept& kept, const Fields& expected);
    void compare(const Carried& carried, const Rows& rows, std::set<std::string>& live);
    Fields expected_of(const crmsim::Owner& owner, const Kept& row) const;
    void bury(Entity entity, const Rows& rows, const std::set<std::string>& live);
    void compare_merges(const Carried& carried);

    const Account& account_;
    const Copy& copy_;
    bool purged_too_;
    std::vector<std::string> found_;
};

void Comparison::compare(std::string_view what, const Kept& kept, const Fields& expected) {
    for (const auto& [field, text] : expected)
        if (const auto stored = value(kept.fields, field); stored != text)
            found_.push_back(
                fmt::format("{}: {} is \"{}\" and should be \"{}\"", what, field, stored, text));
}

/// What is stored and live must be live in the CRM, too.
void Comparison::bury(Entity entity, const Rows& rows, const std::set<std::string>& live) {
    for (const auto& [id, row] : rows)
        if (!row.deleted && !live.contains(id))
            found_.push_back(fmt::format("{} {} lives on after its end", to_string(entity), id));
}

/// What was merged is part of what is left at the end, if that is there to be read.
void Comparison::compare_merges(const Carried& carried) {
    const auto stored = copy_.merged(carried.entity);
    for (const auto& [part, direct] : account_.merged()) {
        if (part.first != carried.type) continue;
        auto whole = direct;
        for (auto next = account_.merged().find({part.first, whole});
             next != account_.merged().end(); next = account_.merged().find({part.first, whole}))
            whole = next->second;
        const auto* record = account_.truth().find(part.first, whole);
        if (!record || record->archived) continue;
        const auto found = stored.find(account_.crm.external_id(part.first, part.second));
        const auto into = found == stored.end() ? "" : found->second;
        if (into != account_.crm.external_id(part.first, whole))
            found_.push_back(fmt::format("{} was merged into \"{}\" and should be part of {}",
                                         name_of(part), into, whole));
    }
}

void Comparison::compare(Entity entity) {
    const auto rows = copy_.rows(entity);
    std::set<std::string> live;
    for (const auto& carried : account_.crm.entities) {
        if (carried.entity != entity) continue;
        compare(carried, rows, live);
        if (account_.crm.merges) compare_merges(carried);
        if (purged_too_) continue;
        for (const auto& [type, id] : account_.forgotten())
            if (type == carried.type) live.insert(account_.crm.external_id(type, id));
    }
    bury(entity, rows, live);
}

void Comparison::compare(const Carried& carried, const Rows& rows, std::set<std::string>& live) {
    for (const auto& record : account_.truth().records(carried.type)) {
        const Shown shown{account_.crm, account_.truth(), carried.type, record};
        const RecordId key{carried.type, record.id};
        const auto id = account_.crm.external_id(carried.type, record.id);
        const bool is_unsure = account_.life(key).links_unsure;
        if (is_unsure && account_.crm.hides_children) live.insert(id);
        if (record.archived || !carried.is_this(shown) || live.contains(id)) continue;
        live.insert(id);
        const auto what = fmt::format("{} {} ({}), modified {}", to_string(carried.entity), id,
                                      name_of(key), format_instant(record.modified));
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.deleted) {
            found_.push_back(what + (row == rows.end() ? " is missing" : " is a tombstone"));
            continue;
        }
        if (is_unseen(carried, record, account_.life(key))) continue;
        auto expected = expected_fields(shown, carried);
        if (is_unsure)
            for (const auto link : links) expected.erase(std::string{link});
        compare(what, row->second, expected);
    }
}

/// Where leavers are not told, whoever is told is there without a word.
Fields Comparison::expected_of(const crmsim::Owner& owner, const Kept& row) const {
    auto expected = expected_user(owner);
    if (account_.crm.hides_leavers && value(row.fields, "active").empty()) expected.erase("active");
    return expected;
}

void Comparison::compare_users() {
    const auto rows = copy_.rows(Entity::user);
    for (const auto& owner : account_.truth().owners) {
        const auto row = rows.find(account_.crm.user_id(owner));
        if (owner.archived && account_.crm.hides_leavers) {
            if (row != rows.end() && !row->second.deleted)
                found_.push_back(owner.email + " has left and is still there");
            continue;
        }
        if (row == rows.end() || row->second.deleted)
            found_.push_back("no user for " + owner.email);
        else
            compare(owner.email, row->second, expected_of(owner, row->second));
    }
}

void Comparison::compare_stages() {
    if (!account_.crm.stage_id) return;
    const auto rows = copy_.rows(Entity::stage);
    for (const auto& stage : crmsim::stages())
        if (!rows.contains(account_.crm.stage_id(stage.id)))
            found_.push_back("no stage " + stage.id);
}

/// What is hidden with its company has no past that anybody could read, either.
bool Comparison::is_shown(const Shown& deal) const {
    return std::ranges::any_of(account_.crm.entities, [&](const Carried& carried) {
        return carried.type == deal.type && carried.is_this(deal);
    });
}

/// Of each deal that is there: the changes of its stage, and no others.
void Comparison::compare_history() {
    std::map<std::string, std::vector<StageChange>> told;
    for (const auto& [id, row] : copy_.rows(Entity::opportunity_change))
        if (!row.deleted && value(row.fields, "field") == "stage")
            told[std::string{value(row.fields, "opportunity")}].push_back(
                {std::string{value(row.fields, "changed_at")},
                 std::string{value(row.fields, "old")}, std::string{value(row.fields, "new")},
                 std::string{value(row.fields, "changed_by")}});
    for (const auto& record : account_.truth().records(ObjectType::deals)) {
        const RecordId key{ObjectType::deals, record.id};
        const Shown shown{account_.crm, account_.truth(), ObjectType::deals, record};
        if (record.archived || !is_shown(shown) || account_.life(key).links_unsure) continue;
        auto& stored = told[account_.crm.external_id(ObjectType::deals, record.id)];
        std::ranges::sort(stored);
        const auto expected = expected_history(shown);
        if (stored != expected)
            found_.push_back(fmt::format("{}: changes of stage are stored as {}, and should be {}",
                                         name_of(key), listed(stored), listed(expected)));
    }
}

}  // namespace

std::vector<std::string> differences(const Account& account, const Copy& copy,
                                     const std::set<Entity>& pulled, bool purged_too) {
    Comparison comparison{account, copy, purged_too};
    for (const auto entity : pulled) {
        const auto is_it = [&](const Carried& carried) { return carried.entity == entity; };
        if (std::ranges::any_of(account.crm.entities, is_it)) comparison.compare(entity);
    }
    if (pulled.contains(Entity::user)) comparison.compare_users();
    if (pulled.contains(Entity::stage)) comparison.compare_stages();
    if (pulled.contains(Entity::opportunity) && account.crm.history_precision.count() > 0)
        comparison.compare_history();
    return std::move(comparison).found();
}

}  // namespace nudged::adversary
