// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <algorithm>
#include <array>

namespace nudged::crmsim::salesforce {
namespace {

using std::chrono::days;

constexpr days kept_deleted{15};   // the recycle bin's promise
constexpr days kept_current{365};  // then an activity is archived

bool same(std::string_view a, std::string_view b) {
    return to_lower_ascii(a) == to_lower_ascii(b);
}

/// The day that counts for archiving; none for activities without any.
std::optional<Instant> day_of(const Row& row) {
    return time_property(row, "hs_timestamp");
}

bool is_done(const Row& row) {
    if (row.type == ObjectType::tasks) return property(row, "hs_task_status") == "COMPLETED";
    return true;
}

}  // namespace

std::span<const Object> objects() {
    static const std::array all{task_object,
                                event_object,
                                account_object,
                                contact_object,
                                user_object,
                                opportunity_object,
                                opportunity_contact_role_object,
                                opportunity_history_object,
                                opportunity_field_history_object,
                                opportunity_stage_object};
    return all;
}

const Object* find_object(const Org& org, std::string_view name) {
    if (org.settings.hidden.contains(to_lower_ascii(name))) return nullptr;
    for (const Object& object : objects())
        if (same(object.name, name)) return &object;
    return nullptr;
}

const Object* object_with_prefix(std::string_view prefix) {
    const auto found = std::ranges::find(objects(), prefix, &Object::prefix);
    return found == objects().end() ? nullptr : &*found;
}

const Field* find_field(const Org& org, const Object& object, std::string_view name) {
    if (org.settings.hidden.contains(to_lower_ascii(object.name) + "." + to_lower_ascii(name)))
        return nullptr;
    if (!org.settings.multi_currency && same(name, "CurrencyIsoCode")) return nullptr;
    for (const Field& field : object.fields)
        if (same(field.name, name)) return &field;
    return nullptr;
}

std::string id_of(const Object& object, const Row& row) {
    return id_text(object.prefix, row.number);
}

bool is_deleted(const Row& row) {
    return row.record != nullptr && row.record->archived.has_value();
}

bool is_archived(const Org& org, const Object& object, const Row& row) {
    if (!object.activity) return false;
    const auto day = day_of(row);
    return day && *day + kept_current < org.now && is_done(row);
}

bool is_shown(const Org& org, const Object& object, const Row& row, bool all) {
    if (row.record == nullptr) return true;
    if (!org.settings.other_peoples.empty()) {
        const auto owner = property(row, "hubspot_owner_id");
        if (owner && org.settings.other_peoples.contains(*owner)) return false;
    }
    if (is_deleted(row)) {
        const Instant when = *row.record->archived;
        const bool emptied = org.settings.bin_emptied && when <= *org.settings.bin_emptied;
        return all && !emptied && when + kept_deleted > org.now;
    }
    return all || !is_archived(org, object, row);
}

}  // namespace nudged::crmsim::salesforce
