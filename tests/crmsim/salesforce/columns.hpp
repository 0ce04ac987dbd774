// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/salesforce/org.hpp"

#include <algorithm>

namespace nudged::crmsim::salesforce {

// What the tables of columns have in common: objects.cpp puts them together.

inline constexpr std::string_view account_prefix = "001";
inline constexpr std::string_view contact_prefix = "003";
inline constexpr std::string_view user_prefix = "005";
inline constexpr std::string_view opportunity_prefix = "006";
inline constexpr std::string_view opportunity_history_prefix = "008";
inline constexpr std::string_view contact_role_prefix = "00K";
inline constexpr std::string_view field_history_prefix = "017";
inline constexpr std::string_view queue_prefix = "00G";
inline constexpr std::string_view task_prefix = "00T";
inline constexpr std::string_view event_prefix = "00U";
inline constexpr std::string_view stage_prefix = "01J";
/// The automated user, to whom belongs what belongs to nobody.
inline constexpr std::uint64_t automated_user = 1;

/// "Task,Event" and the like as a template argument.
template <std::size_t N>
struct Name {
    constexpr Name(const char (&text)[N]) { std::copy_n(text, N, chars); }
    constexpr std::string_view view() const { return {chars, N - 1}; }
    char chars[N];
};

/// A property of the row's record; nullopt when it is null or empty, which is the same here.
std::optional<std::string> property(const Row& row, std::string_view name);
std::optional<Instant> time_property(const Row& row, std::string_view name);

template <Name property_name>
Value text(const Org&, const Row& row) {
    const auto value = property(row, property_name.view());
    return value ? Value(*value) : Value();
}
template <Name value>
Value constant(const Org&, const Row&) {
    return std::string(value.view());
}
template <bool value>
Value always(const Org&, const Row&) {
    return value;
}
Value null(const Org&, const Row&);
Value created(const Org&, const Row&);
Value modified(const Org&, const Row&);
Value deleted(const Org&, const Row&);
Value owner(const Org&, const Row&);
Value automated(const Org&, const Row&);  // the automated user's id
/// The winner's id, for a record that was merged into another one.
Value master(const Org&, const Row&);
/// Of the first record of `to` that the row is linked with.
Value first_link(const Org&, const Row&, ObjectType to, std::string_view prefix);

/// "005…" or, for those who are no people, "00G…".
std::string owner_id(const Org& org, const std::optional<std::string>& text);
Value local_date(const Org& org, std::optional<Instant> instant);

std::vector<Row> rows_of(const Org& org, ObjectType type);
std::optional<Row> find_row(const Org& org, ObjectType type, std::int64_t id);

extern const Object task_object;
extern const Object event_object;
extern const Object account_object;
extern const Object contact_object;
extern const Object user_object;
extern const Object opportunity_object;
extern const Object opportunity_contact_role_object;
extern const Object opportunity_history_object;
extern const Object opportunity_field_history_object;
extern const Object opportunity_stage_object;

/// "Probability" and "ForecastCategory" of a stage of the data set.
std::string stage_label(const std::string& stage);
std::int64_t stage_percent(const std::string& stage);
std::string_view stage_category(const std::string& stage);

}  // namespace nudged::crmsim::salesforce
