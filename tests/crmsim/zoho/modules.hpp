// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/tables/table.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nudged::crmsim::zoho {

/// Ids are 19 digits: the organisation's prefix, the kind of thing, the data set's own id.
enum class IdKind { user, call, task, event, deal, account, contact, deal_history, setting };

std::string make_id(IdKind kind, std::int64_t id);
/// The data set's id; nullopt for what is no id of that kind.
std::optional<std::int64_t> parse_id(std::string_view text, IdKind kind);
/// Any whole number, for comparisons; nullopt for anything else.
std::optional<tables::Reference> parse_reference(std::string_view text);

/// Every user has an address here, the queue too.
std::string email_of(const Owner& owner);

/// The modules whose records can be read, in their API names.
std::span<const tables::Table> modules();
const tables::Table* find_module(std::string_view name);  // case does not matter
std::optional<ObjectType> type_of(const tables::Table& module);

// Their columns, by files.
std::vector<tables::Column> call_columns();
std::vector<tables::Column> task_columns();
std::vector<tables::Column> event_columns();
std::vector<tables::Column> deal_columns();
std::vector<tables::Column> deal_history_columns();
std::vector<tables::Column> account_columns();
std::vector<tables::Column> contact_columns();

// What columns have in common.
tables::Column own_id(IdKind kind);
tables::Column owner_column();
/// Whoever has that user's number; a program acts as the user whose token it has.
tables::Cell user_of_number(const tables::Facts& facts, std::int64_t user_id);
tables::Column text_column(std::string_view name, std::string_view property);
tables::Column time_column(std::string_view name, std::string_view property);
tables::Column fixed(std::string_view name, tables::Cell value);
tables::Column created_column();
tables::Column modified_column();
/// The first linked record of that type.
tables::Column lookup_column(std::string_view name, ObjectType to);
tables::Cell lookup_to(ObjectType type, const Record* record);

}  // namespace nudged::crmsim::zoho
