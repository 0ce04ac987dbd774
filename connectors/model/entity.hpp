// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nudged::model {

/// The kinds of record that the warehouse keeps. `opportunity_change` is history that a CRM itself
/// tells; nudged's own is made by difference.
enum class Entity : std::uint8_t {
    user,
    account,
    contact,
    pipeline,
    stage,
    opportunity,
    opportunity_change,
    contact_role,
    call,
    task,
    meeting,
    email,
    custom_field,
};
inline constexpr std::size_t entity_count = 13;

/// What a field holds. How a Value carries it is in record.hpp.
enum class FieldType : std::uint8_t {
    text,
    integer,
    boolean,
    decimal,    // canonical Decimal text
    instant,    // epoch milliseconds
    date,       // "2026-11-20", never shifted through a zone
    reference,  // external id of another record of the same source
    json,       // text of a JSON object, its keys in order
};

struct Field {
    std::string_view name;  // in manifests, in CSV mappings and as the warehouse's column
    FieldType type;
    std::string_view meaning;
    std::optional<Entity> refers_to = std::nullopt;
};

/// The fields of an entity in the order of Record::values. The tables, upserts, mapping checks and
/// the manual's field lists are all made from this.
std::span<const Field> fields_of(Entity entity);
std::optional<std::size_t> field_index(Entity entity, std::string_view name);

/// The fields whose changes become history; none of most entities.
std::span<const std::string_view> followed_fields(Entity entity);

std::string_view to_string(Entity entity);
std::optional<Entity> entity_of(std::string_view name);
std::span<const Entity> all_entities();

}  // namespace nudged::model
