// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/zoho/modules.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace nudged::crmsim::zoho {

using namespace tables;

namespace {

constexpr std::int64_t organisation = 4'970'762;
constexpr std::int64_t per_kind = 1'000'000'000;

std::int64_t base_of(IdKind kind) {
    return (organisation * 1'000 + static_cast<std::int64_t>(kind)) * per_kind;
}

struct ModuleOfType {
    ObjectType type;
    std::string_view name;
    IdKind kind;
};
constexpr std::array modules_of_types{
    ModuleOfType{ObjectType::calls, "Calls", IdKind::call},
    ModuleOfType{ObjectType::tasks, "Tasks", IdKind::task},
    ModuleOfType{ObjectType::meetings, "Events", IdKind::event},
    ModuleOfType{ObjectType::deals, "Deals", IdKind::deal},
    ModuleOfType{ObjectType::companies, "Accounts", IdKind::account},
    ModuleOfType{ObjectType::contacts, "Contacts", IdKind::contact}};

Table make_module(std::string_view name, ObjectType type, std::vector<Column> columns) {
    return {name, name, std::move(columns),
            [type](const Facts& facts, const auto& act) { each_record(type, facts, act); }};
}

/// A row for every stage that a deal has entered, oldest first.
void each_stage_entered(const Facts& facts, const std::function<void(const Row&)>& act) {
    const std::size_t stage = *schema_of(ObjectType::deals).find("dealstage");
    each_record(ObjectType::deals, facts, [&](const Row& deal) {
        const auto entered = facts.data.history(ObjectType::deals, deal.record->id, stage);
        for (std::size_t part = 0; part < entered.size(); ++part)
            act({deal.type, deal.record, nullptr, part});
    });
}

std::vector<Table> make_modules() {
    std::vector<Table> all;
    all.push_back(make_module("Calls", ObjectType::calls, call_columns()));
    all.push_back(make_module("Tasks", ObjectType::tasks, task_columns()));
    all.push_back(make_module("Events", ObjectType::meetings, event_columns()));
    all.push_back(make_module("Deals", ObjectType::deals, deal_columns()));
    all.push_back(make_module("Accounts", ObjectType::companies, account_columns()));
    all.push_back(make_module("Contacts", ObjectType::contacts, contact_columns()));
    all.push_back({"DealHistory", "DealHistory", deal_history_columns(), each_stage_entered});
    return all;
}

Cell user_cell(const Owner* user) {
    if (user == nullptr) return {};
    Reference reference = *parse_reference(make_id(IdKind::user, user->id));
    reference.label = full_name(*user);
    reference.target = "users";
    return reference;
}

}  // namespace

std::string make_id(IdKind kind, std::int64_t id) {
    return std::to_string(base_of(kind) + id);
}

std::optional<Reference> parse_reference(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return Reference{std::string(text), static_cast<std::uint64_t>(number)};
}

std::optional<std::int64_t> parse_id(std::string_view text, IdKind kind) {
    const auto reference = parse_reference(text);
    if (!reference) return std::nullopt;
    const std::int64_t id = static_cast<std::int64_t>(reference->rank) - base_of(kind);
    return id >= 0 && id < per_kind ? std::optional{id} : std::nullopt;
}

std::string email_of(const Owner& owner) {
    return owner.email.empty() ? fmt::format("queue-{}@crmsim.example", owner.id) : owner.email;
}

std::span<const Table> modules() {
    static const std::vector<Table> all = make_modules();
    return all;
}

const Table* find_module(std::string_view name) {
    const std::string wanted = to_lower_ascii(name);
    for (const Table& module : modules())
        if (to_lower_ascii(module.name) == wanted) return &module;
    return nullptr;
}

std::optional<ObjectType> type_of(const Table& module) {
    for (const auto& row : modules_of_types)
        if (row.name == module.name) return row.type;
    return std::nullopt;
}

Column own_id(IdKind kind) {
    return {"id", CellKind::reference, [kind](const Facts&, const Row& row) -> Cell {
                return *parse_reference(make_id(kind, row.record->id));
            }};
}

Column owner_column() {
    return {"Owner", CellKind::reference,
            [](const Facts& facts, const Row& row) { return user_cell(owner_of(facts, row)); }};
}

Cell user_of_number(const Facts& facts, std::int64_t user_id) {
    const Owner* user = facts.data.find_user(user_id);
    if (user == nullptr && !facts.data.owners.empty()) user = &facts.data.owners.front();
    return user_cell(user);
}

Column text_column(std::string_view name, std::string_view property) {
    return {name, CellKind::text,
            [property](const Facts&, const Row& row) { return text_of(row, property); }};
}

Column time_column(std::string_view name, std::string_view property) {
    return {name, CellKind::time,
            [property](const Facts&, const Row& row) { return time_of(row, property); }};
}

Column fixed(std::string_view name, Cell value) {
    const auto kind = static_cast<CellKind>(is_null(value) ? 2 : value.index() - 1);
    return {name, kind, [value](const Facts&, const Row&) { return value; }};
}

Column created_column() {
    return {"Created_Time", CellKind::time,
            [](const Facts&, const Row& row) { return whole_seconds(row.record->created); }};
}

Column modified_column() {
    return {"Modified_Time", CellKind::time,
            [](const Facts&, const Row& row) { return whole_seconds(row.record->modified); }};
}

Cell lookup_to(ObjectType type, const Record* record) {
    if (record == nullptr) return {};
    const auto module = std::ranges::find(modules_of_types, type, &ModuleOfType::type);
    Reference reference = *parse_reference(make_id(module->kind, record->id));
    reference.label = name_of(type, *record);
    reference.target = module->name;
    return reference;
}

Column lookup_column(std::string_view name, ObjectType to) {
    return {name, CellKind::reference, [to](const Facts& facts, const Row& row) {
                return lookup_to(to, linked(facts, row, to));
            }};
}

}  // namespace nudged::crmsim::zoho
