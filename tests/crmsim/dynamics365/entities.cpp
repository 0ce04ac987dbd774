// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dynamics365/entities.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace nudged::crmsim::dynamics365 {

using namespace tables;

namespace {

struct SetOfType {
    ObjectType type;
    std::string_view name;
    std::string_view logical_name;
    IdKind kind;
};
constexpr std::array sets_of_types{
    SetOfType{ObjectType::calls, "phonecalls", "phonecall", IdKind::phonecall},
    SetOfType{ObjectType::tasks, "tasks", "task", IdKind::task},
    SetOfType{ObjectType::meetings, "appointments", "appointment", IdKind::appointment},
    SetOfType{ObjectType::deals, "opportunities", "opportunity", IdKind::opportunity},
    SetOfType{ObjectType::companies, "accounts", "account", IdKind::account},
    SetOfType{ObjectType::contacts, "contacts", "contact", IdKind::contact}};

std::vector<Table> make_sets() {
    std::vector<Table> all;
    const auto add = [&](ObjectType type, std::vector<Column> columns) {
        const auto set = std::ranges::find(sets_of_types, type, &SetOfType::type);
        all.push_back(
            {set->name, set->logical_name, std::move(columns),
             [type](const Facts& facts, const auto& act) { each_record(type, facts, act); }});
    };
    add(ObjectType::calls, phonecall_columns());
    add(ObjectType::tasks, task_columns());
    add(ObjectType::meetings, appointment_columns());
    add(ObjectType::deals, opportunity_columns());
    add(ObjectType::companies, account_columns());
    add(ObjectType::contacts, contact_columns());
    for (Table& table : directory_tables()) all.push_back(std::move(table));
    return all;
}

/// Spreads neighbouring ids, and loses nothing.
std::uint64_t scatter(std::uint64_t number) {
    return number * 0x9E3779B97F4A7C15u;
}

}  // namespace

Reference make_guid(IdKind kind, std::int64_t id) {
    const std::uint64_t bits =
        scatter((static_cast<std::uint64_t>(kind) << 56) | static_cast<std::uint64_t>(id));
    return *parse_guid(fmt::format("{:08x}-{:04x}-ee11-a81c-{:012x}", bits & 0xffffffffu,
                                   static_cast<int>(kind) + 0x1a00, bits >> 16));
}

std::optional<Reference> parse_guid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if ((text[i] == '-') != dash) return std::nullopt;
        if (!dash && std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
        if (!dash) digits += text[i];
    }
    const auto number = [&](std::size_t begin, std::size_t length) {
        std::uint64_t value = 0;
        std::from_chars(digits.data() + begin, digits.data() + begin + length, value, 16);
        return value;
    };
    // The last group decides, then the one before it.
    const std::uint64_t rank = (number(20, 12) << 16) | number(16, 4);
    return Reference{to_lower_ascii(text), rank};
}

std::span<const Table> entity_sets() {
    static const std::vector<Table> all = make_sets();
    return all;
}

const Table* find_entity_set(std::string_view name) {
    for (const Table& set : entity_sets())
        if (set.name == name) return &set;
    return nullptr;
}

std::optional<ObjectType> type_of(const Table& set) {
    for (const auto& row : sets_of_types)
        if (row.name == set.name) return row.type;
    return std::nullopt;
}

Column key_column(std::string_view name, IdKind kind) {
    return {name, CellKind::reference, [kind](const Facts&, const Row& row) -> Cell {
                return make_guid(kind, row.record->id);
            }};
}

Column text_column(std::string_view name, std::string_view property) {
    return {name, CellKind::text,
            [property](const Facts&, const Row& row) { return text_of(row, property); }};
}

Column time_column(std::string_view name, std::string_view property) {
    return {name, CellKind::time,
            [property](const Facts&, const Row& row) { return time_of(row, property); }};
}

Column fixed(std::string_view name, CellKind kind, Cell value) {
    return {name, kind, [value](const Facts&, const Row&) { return value; }};
}

Column choice(std::string_view name,
              std::function<std::optional<std::int64_t>(const Facts&, const Row&)> read,
              Labels labels) {
    return {name, CellKind::number,
            [read](const Facts& facts, const Row& row) -> Cell {
                const auto value = read(facts, row);
                return value ? Cell{Decimal{*value}} : Cell{};
            },
            [labels](const Cell& cell) {
                for (const auto& [value, label] : labels)
                    if (std::get<Decimal>(cell) == Decimal{value}) return std::string(label);
                return std::string();
            }};
}

Cell link_to(ObjectType type, const Record* record) {
    if (record == nullptr) return {};
    const auto set = std::ranges::find(sets_of_types, type, &SetOfType::type);
    Reference reference = make_guid(set->kind, record->id);
    reference.label = name_of(type, *record);
    reference.target = set->logical_name;
    return reference;
}

Cell link_to_owner(const Owner* owner) {
    if (owner == nullptr) return {};
    // Who has no address is no person, but a team.
    const bool team = owner->email.empty();
    Reference reference = make_guid(team ? IdKind::team : IdKind::user, owner->id);
    reference.label = full_name(*owner);
    reference.target = team ? "team" : "systemuser";
    return reference;
}

Column lookup(std::string_view name, std::vector<ObjectType> to) {
    return {name, CellKind::reference, [to](const Facts& facts, const Row& row) -> Cell {
                for (const ObjectType type : to)
                    if (const Record* record = linked(facts, row, type))
                        return link_to(type, record);
                return {};
            }};
}

void add_common(std::vector<Column>& columns) {
    columns.push_back(
        {"_ownerid_value", CellKind::reference,
         [](const Facts& facts, const Row& row) { return link_to_owner(owner_of(facts, row)); }});
    columns.push_back({"createdon", CellKind::time, [](const Facts&, const Row& row) {
                           return whole_seconds(row.record->created);
                       }});
    columns.push_back({"modifiedon", CellKind::time, [](const Facts&, const Row& row) {
                           return whole_seconds(row.record->modified);
                       }});
    columns.push_back({"versionnumber", CellKind::number, [](const Facts& facts, const Row& row) {
                           return Cell{Decimal{facts.version(row)}};
                       }});
}

}  // namespace nudged::crmsim::dynamics365
