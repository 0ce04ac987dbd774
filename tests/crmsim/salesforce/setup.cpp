// SPDX-License-Identifier: Apache-2.0
// User and OpportunityStage: what admins set up, and nobody deletes.
#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace nudged::crmsim::salesforce {
namespace {

using enum FieldType;

/// When the org was set up: the data set knows no times of its owners and stages.
Value set_up(const Org&, const Row&) {
    return std::chrono::sys_seconds{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
}

const Owner& automated_process() {
    static const Owner user{static_cast<std::int64_t>(automated_user),
                            "noreply@automated.example",
                            "Automated",
                            "Process",
                            1,
                            false,
                            ""};
    return user;
}

Row user_row(const Owner& owner) {
    Row row;
    row.number = static_cast<std::uint64_t>(owner.id);
    row.owner = &owner;
    return row;
}

std::vector<Row> user_rows(const Org& org) {
    std::vector<Row> rows{user_row(automated_process())};
    for (const Owner& owner : org.data.owners)
        if (owner.user_id != 0) rows.push_back(user_row(owner));
    return rows;
}

std::optional<Row> find_user(const Org& org, std::uint64_t number) {
    for (const Row& row : user_rows(org))
        if (row.number == number) return row;
    return std::nullopt;
}

bool is_person(const Row& row) {
    return row.number != automated_user;
}

Value name(const Org&, const Row& row) {
    return row.owner->first_name + " " + row.owner->last_name;
}
Value first_name(const Org&, const Row& row) {
    return row.owner->first_name;
}
Value last_name(const Org&, const Row& row) {
    return row.owner->last_name;
}
Value address(const Org&, const Row& row) {
    return row.owner->email;
}
Value is_active(const Org&, const Row& row) {
    return !row.owner->archived;
}
Value user_type(const Org&, const Row& row) {
    return std::string(is_person(row) ? "Standard" : "AutomatedProcess");
}
/// The first of a team leads the others.
Value manager(const Org& org, const Row& row) {
    if (row.owner->team.empty()) return {};
    const auto& owners = org.data.owners;
    const auto lead = std::ranges::find(owners, row.owner->team, &Owner::team);
    if (lead == owners.end() || lead->id == row.owner->id) return {};
    return id_text(user_prefix, static_cast<std::uint64_t>(lead->id));
}
Value time_zone(const Org& org, const Row&) {
    return org.data.time_zone;
}
Value profile(const Org&, const Row& row) {
    return is_person(row) ? Value(id_text("00e", 1)) : Value();
}
Value role(const Org&, const Row& row) {
    return row.owner->team.empty() ? Value() : Value(id_text("00E", 1));
}

constexpr Field user_fields[] = {
    {"Id", id, nullptr},
    {"Name", text, name},
    {"FirstName", text, first_name},
    {"LastName", text, last_name},
    {"Username", text, address},
    {"Email", email, address},
    {"IsActive", boolean, is_active},
    {"UserType", picklist, user_type, {}, {}, "Standard,PowerPartner,Guest,AutomatedProcess"},
    {"ManagerId", reference, manager, "Manager", "User"},
    {"TimeZoneSidKey", picklist, time_zone},
    {"ProfileId", reference, profile, {}, "Profile"},
    {"UserRoleId", reference, role, {}, "UserRole"},
    {"CreatedDate", datetime, set_up},
    {"LastModifiedDate", datetime, set_up},
    {"SystemModstamp", datetime, set_up},
};

Row stage_row(std::size_t index) {
    Row row;
    row.number = index + 1;
    row.stage = &stages()[index];
    return row;
}

std::vector<Row> stage_rows(const Org&) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < stages().size(); ++i) rows.push_back(stage_row(i));
    return rows;
}

std::optional<Row> find_stage(const Org&, std::uint64_t number) {
    if (number < 1 || number > stages().size()) return std::nullopt;
    return stage_row(number - 1);
}

Value label(const Org&, const Row& row) {
    return row.stage->label;
}
Value sort_order(const Org&, const Row& row) {
    return static_cast<std::int64_t>(row.number);
}
Value default_probability(const Org&, const Row& row) {
    return decimal(std::to_string(stage_percent(row.stage->id)));
}
Value category_name(const Org&, const Row& row) {
    const std::string_view category = stage_category(row.stage->id);
    return std::string(category == "BestCase"   ? "Best Case"
                       : category == "Forecast" ? "Commit"
                                                : category);
}
Value is_closed(const Org&, const Row& row) {
    return row.stage->closed;
}
Value is_won(const Org&, const Row& row) {
    return row.stage->id == "closedwon";
}

constexpr Field stage_fields[] = {
    {"Id", id, nullptr},
    {"MasterLabel", text, label},
    {"ApiName", text, label},
    {"SortOrder", integer, sort_order},
    {"DefaultProbability", percent, default_probability},
    {"ForecastCategoryName",
     picklist,
     category_name,
     {},
     {},
     "Omitted,Pipeline,Best Case,Most Likely,Commit,Closed"},
    {"IsActive", boolean, always<true>},
    {"IsClosed", boolean, is_closed},
    {"IsWon", boolean, is_won},
    {"CreatedDate", datetime, set_up},
    {"SystemModstamp", datetime, set_up},
};

const Stage* find_stage(const std::string& stage) {
    const auto found = std::ranges::find(stages(), stage, &Stage::id);
    return found == stages().end() ? nullptr : &*found;
}

}  // namespace

std::string stage_label(const std::string& stage) {
    const Stage* found = find_stage(stage);
    return found == nullptr ? stage : found->label;
}

std::int64_t stage_percent(const std::string& stage) {
    const Stage* found = find_stage(stage);
    if (found == nullptr) return 0;
    return std::lround(std::strtod(found->probability.c_str(), nullptr) * 100);
}

std::string_view stage_category(const std::string& stage) {
    if (stage == "closedwon") return "Closed";
    if (stage == "closedlost") return "Omitted";
    const std::int64_t percent = stage_percent(stage);
    return percent >= 90 ? "Forecast" : percent >= 80 ? "BestCase" : "Pipeline";
}

const Object user_object{"User", user_prefix, user_fields, user_rows, find_user};
const Object opportunity_stage_object{"OpportunityStage", stage_prefix, stage_fields, stage_rows,
                                      find_stage,         false,        false};

}  // namespace nudged::crmsim::salesforce
