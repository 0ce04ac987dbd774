// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/tables/table.hpp"

#include <algorithm>
#include <charconv>

namespace nudged::crmsim::tables {

const Column* Table::find(std::string_view column) const {
    const auto found = std::ranges::find(columns, column, &Column::name);
    return found == columns.end() ? nullptr : &*found;
}

void each_record(ObjectType type, const Facts& facts, const std::function<void(const Row&)>& act) {
    for (const Record& record : facts.data.records(type))
        if (!record.archived && !(facts.blind && record.id % 2 == 0)) act({type, &record});
}

std::optional<std::string> property(const Row& row, std::string_view name) {
    const Schema& schema = schema_of(row.type);
    const auto index = schema.find(name);
    if (!index || row.record == nullptr) return std::nullopt;
    auto value = value_of(schema, *row.record, *index);
    if (value && value->empty()) return std::nullopt;
    return value;
}

Cell text_of(const Row& row, std::string_view name) {
    auto value = property(row, name);
    return value ? Cell{std::move(*value)} : Cell{};
}

Cell number_of(const Row& row, std::string_view name) {
    const auto value = property(row, name);
    const auto number = value ? Decimal::parse(*value) : std::nullopt;
    return number ? Cell{*number} : Cell{};
}

Cell whole_seconds(Instant instant) {
    return Instant{std::chrono::floor<std::chrono::seconds>(instant)};
}

Cell time_of(const Row& row, std::string_view name) {
    const auto value = property(row, name);
    const auto instant = value ? parse_instant(*value) : std::nullopt;
    return instant ? whole_seconds(*instant) : Cell{};
}

Cell day_of(const Facts& facts, const Row& row, std::string_view name) {
    const auto value = property(row, name);
    const auto instant = value ? parse_instant(*value) : std::nullopt;
    return instant ? Cell{facts.zone.local_day(*instant)} : Cell{};
}

const Record* linked(const Facts& facts, const Row& row, ObjectType to) {
    for (const std::int64_t id : facts.data.linked(row.type, row.record->id, to)) {
        const Record* record = facts.data.find(to, id);
        if (record != nullptr && !record->archived) return record;
    }
    return nullptr;
}

const Owner* find_owner(const Dataset& data, std::int64_t id) {
    const auto found = std::ranges::find(data.owners, id, &Owner::id);
    return found == data.owners.end() ? nullptr : &*found;
}

const Owner* owner_of(const Facts& facts, const Row& row) {
    if (const auto value = property(row, "hubspot_owner_id")) {
        std::int64_t id = 0;
        std::from_chars(value->data(), value->data() + value->size(), id);
        return find_owner(facts.data, id);
    }
    const auto& owners = facts.data.owners;
    const auto queue = std::ranges::find_if(owners, [](const Owner& o) { return o.email.empty(); });
    return queue == owners.end() ? nullptr : &*queue;
}

const Stage* stage_of(const Row& row) {
    const auto id = property(row, "dealstage");
    if (!id) return nullptr;
    const auto found = std::ranges::find(stages(), *id, &Stage::id);
    return found == stages().end() ? nullptr : &*found;
}

std::string full_name(const Owner& owner) {
    return owner.first_name + " " + owner.last_name;
}

std::string full_name(const Record& contact) {
    const Row row{ObjectType::contacts, &contact};
    const auto first = property(row, "firstname");
    const auto last = property(row, "lastname");
    if (!first) return last.value_or("");
    return last ? *first + " " + *last : *first;
}

std::string name_of(ObjectType type, const Record& record) {
    if (type == ObjectType::contacts) return full_name(record);
    return property({type, &record}, type == ObjectType::deals ? "dealname" : "name").value_or("");
}

}  // namespace nudged::crmsim::tables
