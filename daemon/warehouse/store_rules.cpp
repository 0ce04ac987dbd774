// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store_rules.hpp"

#include <array>
#include <vector>

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::Record;

/// Fields that say when a record took place, the best first; none for what never is past its time.
std::vector<std::size_t> find_moments(Entity entity) {
    std::vector<std::string_view> names;
    if (entity == Entity::task)
        names = {"completed_at", "due_at", "due_on", "created_at"};
    else if (entity == Entity::opportunity)
        names = {"closed_at", "close_date"};
    else
        names = {"started_at", "ends_at", "starts_at", "sent_at", "changed_at", "created_at"};
    std::vector<std::size_t> indexes;
    for (const auto name : names)
        if (const auto index = model::field_index(entity, name)) indexes.push_back(*index);
    return indexes;
}

const std::vector<std::size_t>& moments_of(Entity entity) {
    static const auto all = [] {
        std::array<std::vector<std::size_t>, model::entity_count> moments;
        for (const auto one : model::all_entities())
            moments[static_cast<std::size_t>(one)] = find_moments(one);
        return moments;
    }();
    return all[static_cast<std::size_t>(entity)];
}

/// A date means its end.
std::optional<Instant> moment_of(const Record& record) {
    for (const auto index : moments_of(record.entity)) {
        const auto& value = record.values[index];
        if (const auto* millis = std::get_if<std::int64_t>(&value)) return from_millis(*millis);
        const auto day = parse_date(record.text_at(index));
        if (day) return std::chrono::sys_days{day->time_since_epoch()} + std::chrono::days{1};
    }
    return record.modified;
}

bool flag(const Record& record, std::string_view name) {
    const auto index = model::field_index(record.entity, name);
    return index && record.integer_at(*index, 0) != 0;
}

bool is_finished(const Record& record, const std::function<StageFlags()>& flags) {
    if (record.entity == Entity::task)
        return flag(record, "is_done") || flag(record, "is_cancelled");
    if (record.entity == Entity::opportunity) return ending_of(record, flags()) != Ending::open;
    return true;
}

/// Drops a value, and what somebody wrote beside it.
void clear(Record& record, std::size_t index) {
    record.values[index] = std::monostate{};
    if (!is_activity(record.entity)) return;
    for (const auto name : {"subject", "extra"})
        if (const auto text = model::field_index(record.entity, name))
            record.values[*text] = std::monostate{};
}

}  // namespace

std::chrono::days kept_for(const RetentionOptions& options, Entity entity) {
    switch (entity) {
    case Entity::call: return options.calls;
    case Entity::task: return options.tasks;
    case Entity::meeting: return options.meetings;
    case Entity::opportunity: return options.opportunities;
    case Entity::opportunity_change: return options.history;
    default: return to_string(entity) == "email" ? options.emails : std::chrono::days{0};
    }
}

bool is_past(const RetentionOptions& options, const Record& record, Instant now,
             const std::function<StageFlags()>& flags) {
    const auto kept = kept_for(options, record.entity);
    if (kept.count() == 0) return false;
    const auto moment = moment_of(record);
    return moment && *moment < now - kept && is_finished(record, flags);
}

bool is_activity(Entity entity) {
    return model::field_index(entity, "owner") && model::field_index(entity, "subject");
}

bool StoreRules::is_suppressed_person(std::string_view source, const Record& record) {
    if (suppression_.has(source, record.entity, record.id)) return true;
    const auto email = model::field_index(record.entity, "email");
    if (!email || !suppression_.has_address(record.text_at(*email))) return false;
    suppression_.add(source, record.entity, record.id);
    suppression_.save();
    return true;
}

bool StoreRules::admit(std::string_view source, Record& record) {
    if (suppression_.empty()) return true;
    if (is_person(record.entity) && is_suppressed_person(source, record)) return false;
    const auto fields = model::fields_of(record.entity);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto& refers_to = fields[i].refers_to;
        if (!refers_to || !is_person(*refers_to)) continue;
        if (!suppression_.has(source, *refers_to, record.text_at(i))) continue;
        if (fields[i].name == "owner" && is_activity(record.entity)) return false;
        clear(record, i);
    }
    if (record.entity != Entity::opportunity_change) return true;
    static const std::size_t field = *model::field_index(Entity::opportunity_change, "field");
    if (record.text_at(field) != "owner") return true;
    for (const auto name : {"old", "new"}) {
        const std::size_t index = *model::field_index(Entity::opportunity_change, name);
        if (suppression_.has(source, Entity::user, record.text_at(index))) clear(record, index);
    }
    return true;
}

}  // namespace nudged::warehouse
