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

class Comparison {
public:
    Comparison(const Account& account, const Copy& copy) : account_(account), copy_(copy) {}

    void compare(Entity entity);
    void compare_users();
    void compare_stages();
    std::vector<std::string> found() && { return std::move(found_); }

private:
    void compare(std::string_view what, const Kept& kept, const Fields& expected);
    void compare(const Carried& carried, const Rows& rows, std::set<std::string>& live);
    void bury(Entity entity, const Rows& rows, const std::set<std::string>& live);

    const Account& account_;
    const Copy& copy_;
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

void Comparison::compare(Entity entity) {
    const auto rows = copy_.rows(entity);
    std::set<std::string> live;
    for (const auto& carried : account_.crm.entities)
        if (carried.entity == entity) compare(carried, rows, live);
    bury(entity, rows, live);
}

void Comparison::compare(const Carried& carried, const Rows& rows, std::set<std::string>& live) {
    for (const auto& record : account_.truth().records(carried.type)) {
        const Shown shown{account_.crm, account_.truth(), carried.type, record};
        if (record.archived || !carried.is_this(shown)) continue;
        const RecordId key{carried.type, record.id};
        const auto id = account_.crm.external_id(carried.type, record.id);
        live.insert(id);
        const auto what = fmt::format("{} {} ({}), modified {}", to_string(carried.entity), id,
                                      name_of(key), format_instant(record.modified));
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.deleted) {
            found_.push_back(what + (row == rows.end() ? " is missing" : " is a tombstone"));
            continue;
        }
        auto expected = expected_fields(shown, carried);
        if (account_.life(key).links_unsure)
            for (const auto link : links) expected.erase(std::string{link});
        compare(what, row->second, expected);
    }
}

void Comparison::compare_users() {
    const auto rows = copy_.rows(Entity::user);
    for (const auto& owner : account_.truth().owners) {
        const auto row = rows.find(account_.crm.user_id(owner));
        if (row == rows.end())
            found_.push_back("no user for " + owner.email);
        else
            compare(owner.email, row->second, expected_user(owner));
    }
}

void Comparison::compare_stages() {
    if (!account_.crm.stage_id) return;
    const auto rows = copy_.rows(Entity::stage);
    for (const auto& stage : crmsim::stages())
        if (!rows.contains(account_.crm.stage_id(stage.id)))
            found_.push_back("no stage " + stage.id);
}

}  // namespace

std::vector<std::string> differences(const Account& account, const Copy& copy,
                                     const std::set<Entity>& pulled) {
    Comparison comparison{account, copy};
    for (const auto entity : pulled) {
        const auto is_it = [&](const Carried& carried) { return carried.entity == entity; };
        if (std::ranges::any_of(account.crm.entities, is_it)) comparison.compare(entity);
    }
    if (pulled.contains(Entity::user)) comparison.compare_users();
    if (pulled.contains(Entity::stage)) comparison.compare_stages();
    return std::move(comparison).found();
}

}  // namespace nudged::adversary
