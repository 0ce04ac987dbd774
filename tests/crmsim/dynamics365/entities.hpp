// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/tables/table.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::dynamics365 {

enum class IdKind {
    user,
    phonecall,
    task,
    appointment,
    opportunity,
    account,
    contact,
    team,
    currency,
    zone,
    party,
    unit,
    organisation
};

/// A row's GUID. Its text sorts otherwise than the database does (by its last group first), and
/// neither sorts as the data set's ids do.
tables::Reference make_guid(IdKind kind, std::int64_t id);
/// Any GUID, for comparisons; nullopt for anything else.
std::optional<tables::Reference> parse_guid(std::string_view text);

/// Table::name is the entity set's, "phonecalls"; Table::row_name the logical one, "phonecall".
std::span<const tables::Table> entity_sets();
const tables::Table* find_entity_set(std::string_view name);
/// The rows that change, and whose changes can be tracked.
std::optional<ObjectType> type_of(const tables::Table& set);

/// The application user that reads: it is in the list of users.
inline constexpr std::int64_t application_user = 1;

// Their columns, by files.
std::vector<tables::Column> phonecall_columns();
std::vector<tables::Column> task_columns();
std::vector<tables::Column> appointment_columns();
std::vector<tables::Column> opportunity_columns();
std::vector<tables::Column> account_columns();
std::vector<tables::Column> contact_columns();
std::vector<tables::Table> directory_tables();

// What columns have in common.
using Labels = std::vector<std::pair<std::int64_t, std::string_view>>;
tables::Column key_column(std::string_view name, IdKind kind);
tables::Column text_column(std::string_view name, std::string_view property);
tables::Column time_column(std::string_view name, std::string_view property);
tables::Column fixed(std::string_view name, tables::CellKind kind, tables::Cell value = {});
/// A choice: a number that has a label.
tables::Column choice(
    std::string_view name,
    std::function<std::optional<std::int64_t>(const tables::Facts&, const tables::Row&)> read,
    Labels labels);
tables::Column lookup(std::string_view name, std::vector<ObjectType> to);
/// Owner, state of a row that has none, created, modified, version.
void add_common(std::vector<tables::Column>& columns);
tables::Cell link_to(ObjectType type, const Record* record);
tables::Cell link_to_owner(const Owner* owner);

}  // namespace nudged::crmsim::dynamics365
