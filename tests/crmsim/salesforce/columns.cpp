// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/columns.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <charconv>

namespace nudged::crmsim::salesforce {
namespace {

std::uint64_t to_number(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::optional<std::string> property(const Row& row, std::string_view name) {
    const auto index = schema_of(row.type).find(name);
    if (!index) return std::nullopt;
    const auto value = row.record->values.at(*index);
    if (!value || value->empty()) return std::nullopt;
    return std::string(*value);
}

std::optional<Instant> time_property(const Row& row, std::string_view name) {
    const auto value = property(row, name);
    return value ? parse_instant(*value) : std::nullopt;
}

Value null(const Org&, const Row&) {
    return {};
}

Value created(const Org&, const Row& row) {
    return at_second(row.record->created);
}

Value modified(const Org&, const Row& row) {
    return at_second(row.record->modified);
}

Value deleted(const Org&, const Row& row) {
    return is_deleted(row);
}

std::string owner_id(const Org& org, const std::optional<std::string>& text) {
    const std::uint64_t number = text ? to_number(*text) : 0;
    for (const Owner& owner : org.data.owners) {
        const bool queue = owner.user_id == 0;
        // Everything has an owner here; what has none in the data set waits in the queue.
        if (text ? static_cast<std::uint64_t>(owner.id) == number : queue)
            return id_text(queue ? queue_prefix : user_prefix,
                           static_cast<std::uint64_t>(owner.id));
    }
    return id_text(user_prefix, text ? number : automated_user);
}

Value owner(const Org& org, const Row& row) {
    return owner_id(org, property(row, "hubspot_owner_id"));
}

Value automated(const Org&, const Row&) {
    return id_text(user_prefix, automated_user);
}

Value master(const Org& org, const Row& row) {
    if (!row.record->archived) return {};
    const std::string loser = std::to_string(row.record->id);
    const auto merged = schema_of(row.type).find("hs_merged_object_ids");
    for (const Record& winner : org.data.records(row.type)) {
        const auto losers = winner.values.at(*merged);
        if (!losers) continue;
        for (const std::string_view id : split(*losers, ';')) {
            const auto prefix = row.type == ObjectType::companies ? account_prefix : contact_prefix;
            if (id == loser) return id_text(prefix, static_cast<std::uint64_t>(winner.id));
        }
    }
    return {};
}

Value first_link(const Org& org, const Row& row, ObjectType to, std::string_view prefix) {
    const auto ids = org.data.linked(row.type, row.record->id, to);
    if (ids.empty()) return {};
    return id_text(prefix, static_cast<std::uint64_t>(ids.front()));
}

Value local_date(const Org& org, std::optional<Instant> instant) {
    return instant ? Value(org.zone.local_day(*instant)) : Value();
}

std::vector<Row> rows_of(const Org& org, ObjectType type) {
    std::vector<Row> rows;
    const auto records = org.data.records(type);
    rows.reserve(records.size());
    for (const Record& record : records)
        rows.push_back({static_cast<std::uint64_t>(record.id), type, &record});
    return rows;
}

std::optional<Row> find_row(const Org& org, ObjectType type, std::int64_t id) {
    const Record* record = org.data.find(type, id);
    if (record == nullptr) return std::nullopt;
    return Row{static_cast<std::uint64_t>(id), type, record};
}

}  // namespace nudged::crmsim::salesforce
