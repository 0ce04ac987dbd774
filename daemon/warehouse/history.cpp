// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::Record;

constexpr std::int64_t remembered_ms = 30ll * 24 * 60 * 60 * 1000;

std::optional<std::string> text_of(const model::Value& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return std::string{*text};
    if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
    return std::nullopt;
}

std::optional<std::string> value_of(const Record& record, std::string_view field) {
    return text_of(record.values[*model::field_index(record.entity, field)]);
}

bool same_in_followed(const Record& one, const Record& other) {
    return std::ranges::all_of(model::followed_fields(one.entity), [&](std::string_view field) {
        const auto index = *model::field_index(one.entity, field);
        return one.values[index] == other.values[index];
    });
}

/// The seen changes of one record, as they were seen, whatever the CRM tells.
class SeenHistory {
public:
    SeenHistory(Database& database, SourceId source, const Record& record)
        : database_(database),
          source_(source),
          entity_(record.entity),
          id_(record.id),
          of_opportunity_(record.entity == Entity::opportunity) {}

    /// One more change; of a field and an instant there is one, which begins where the first began
    /// and ends where the last one ends, and is none if the two are the same.
    void add(std::string_view field, const Change& change);
    std::optional<Change> first_after(std::string_view field, std::int64_t at) const;
    void set_before(std::string_view field, const Change& change);

    void remember(std::int64_t version);
    bool remembers(std::int64_t version) const;
    /// The first version that is known of, and the first one after `at`; of those remembered, of
    /// those that changed something, and `present`.
    std::int64_t first_version(std::int64_t present) const;
    std::int64_t version_after(std::int64_t at, std::int64_t present) const;

private:
    std::optional<Change> at(std::string_view field, std::int64_t at) const;
    void insert(std::string_view field, const Change& change);
    void remove(std::string_view field, std::int64_t at);
    std::string row_id(std::string_view field, std::int64_t at) const {
        return fmt::format("seen/{}/{}/{}", id_, field, at);
    }

    Database& database_;
    SourceId source_;
    Entity entity_;
    std::string_view id_;
    bool of_opportunity_;
};

Change change_of(const Statement& row) {
    return {row.integer(0), row.maybe_text(1), row.maybe_text(2)};
}

std::optional<Change> first_change(Statement row) {
    if (!row.step()) return std::nullopt;
    return change_of(row);
}

std::optional<Change> SeenHistory::at(std::string_view field, std::int64_t at) const {
    auto row = database_.prepare(
        of_opportunity_
            ? "SELECT changed_at, old, new FROM opportunity_change WHERE source_id = ?1 "
              "AND opportunity = ?2 AND field = ?3 AND changed_at = ?4 AND "
              "origin = 'seen'"
            : "SELECT changed_at, old, new FROM task_change WHERE source_id = ?1 "
              "AND task = ?2 AND field = ?3 AND changed_at = ?4");
    row.bind(1, source_).bind(2, id_).bind(3, field).bind(4, at);
    return first_change(std::move(row));
}

std::optional<Change> SeenHistory::first_after(std::string_view field, std::int64_t at) const {
    auto row = database_.prepare(
        of_opportunity_
            ? "SELECT changed_at, old, new FROM opportunity_change WHERE source_id = ?1 "
              "AND opportunity = ?2 AND field = ?3 AND changed_at > ?4 AND "
              "origin = 'seen' ORDER BY changed_at LIMIT 1"
            : "SELECT changed_at, old, new FROM task_change WHERE source_id = ?1 "
              "AND task = ?2 AND field = ?3 AND changed_at > ?4 "
              "ORDER BY changed_at LIMIT 1");
    row.bind(1, source_).bind(2, id_).bind(3, field).bind(4, at);
    return first_change(std::move(row));
}

void SeenHistory::insert(std::string_view field, const Change& change) {
    auto row = database_.prepare(
        of_opportunity_ ? "INSERT INTO opportunity_change (source_id, opportunity, field, old, "
                          "new, changed_at, "
                          "external_id, fetched_at, content_hash, origin) "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, 0, 'seen')"
                        : "INSERT INTO task_change (source_id, task, field, old, new, changed_at) "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    const std::string row_id = this->row_id(field, change.at);
    row.bind(1, source_).bind(2, id_).bind(3, field);
    row.bind(4, change.before).bind(5, change.after).bind(6, change.at);
    if (of_opportunity_) row.bind(7, row_id);
    row.run();
}

void SeenHistory::remove(std::string_view field, std::int64_t at) {
    database_
        .prepare(
            of_opportunity_
                ? "DELETE FROM opportunity_change WHERE source_id = ?1 AND opportunity = ?2 AND "
                  "field = ?3 AND changed_at = ?4 AND origin = 'seen'"
                : "DELETE FROM task_change WHERE source_id = ?1 AND task = ?2 AND "
                  "field = ?3 AND changed_at = ?4")
        .bind(1, source_)
        .bind(2, id_)
        .bind(3, field)
        .bind(4, at)
        .run();
}

void SeenHistory::add(std::string_view field, const Change& change) {
    Change whole = change;
    if (const auto known = at(field, change.at)) {
        remove(field, change.at);
        whole.before = known->before;
    }
    if (whole.before != whole.after) insert(field, whole);
}

void SeenHistory::set_before(std::string_view field, const Change& change) {
    remove(field, change.at);
    if (change.before != change.after) insert(field, change);
}

void SeenHistory::remember(std::int64_t version) {
    const auto entity = to_string(entity_);
    database_
        .prepare("INSERT OR IGNORE INTO version_seen (source_id, entity, external_id, at) "
                 "VALUES (?1, ?2, ?3, ?4)")
        .bind(1, source_)
        .bind(2, entity)
        .bind(3, id_)
        .bind(4, version)
        .run();
    database_
        .prepare("DELETE FROM version_seen WHERE source_id = ?1 AND entity = ?2 AND "
                 "external_id = ?3 AND at < ?4")
        .bind(1, source_)
        .bind(2, entity)
        .bind(3, id_)
        .bind(4, version - remembered_ms)
        .run();
}

bool SeenHistory::remembers(std::int64_t version) const {
    auto row = database_.prepare("SELECT 1 FROM version_seen WHERE source_id = ?1 AND entity = ?2 "
                                 "AND external_id = ?3 AND at = ?4");
    row.bind(1, source_).bind(2, to_string(entity_)).bind(3, id_).bind(4, version);
    return row.step();
}

std::int64_t SeenHistory::version_after(std::int64_t at, std::int64_t present) const {
    auto versions = database_.prepare("SELECT min(at) FROM version_seen WHERE source_id = ?1 AND "
                                      "entity = ?2 AND external_id = ?3 AND at > ?4");
    versions.bind(1, source_).bind(2, to_string(entity_)).bind(3, id_).bind(4, at).step();
    std::int64_t first = std::min(present, versions.maybe_integer(0).value_or(present));
    for (const auto field : model::followed_fields(entity_))
        if (const auto change = first_after(field, at)) first = std::min(first, change->at);
    return first;
}

std::int64_t SeenHistory::first_version(std::int64_t present) const {
    return version_after(std::numeric_limits<std::int64_t>::min(), present);
}

std::vector<Change> read_changes(const Database& database, SourceId source,
                                 std::string_view opportunity, std::string_view field,
                                 std::string_view which) {
    auto rows = database.prepare(
        fmt::format("SELECT changed_at, old, new FROM opportunity_change WHERE source_id = ?1 AND "
                    "opportunity = ?2 AND field = ?3 AND changed_at IS NOT NULL AND {} "
                    "ORDER BY changed_at, external_id",
                    which));
    rows.bind(1, source).bind(2, opportunity).bind(3, field);
    std::vector<Change> changes;
    while (rows.step()) changes.push_back(change_of(rows));
    return changes;
}

/// Marks the seen changes of a field that the CRM tells as well.
void reconcile(Database& database, SourceId source, std::string_view opportunity,
               std::string_view field) {
    const auto seen = read_changes(database, source, opportunity, field, "origin = 'seen'");
    if (seen.empty()) return;
    // What the CRM took back does not count; what was seen may count again.
    const auto told =
        read_changes(database, source, opportunity, field, "origin = 'crm' AND deleted_at IS NULL");
    const auto is_told = find_told(told, seen);
    for (std::size_t i = 0; i < seen.size(); ++i)
        database
            .prepare("UPDATE opportunity_change SET deleted_at = CASE WHEN ?5 THEN changed_at END "
                     "WHERE source_id = ?1 AND opportunity = ?2 AND field = ?3 AND changed_at = ?4 "
                     "AND origin = 'seen' AND (deleted_at IS NOT NULL) <> ?5")
            .bind(1, source)
            .bind(2, opportunity)
            .bind(3, field)
            .bind(4, seen[i].at)
            .bind(5, static_cast<bool>(is_told[i]))
            .run();
}

}  // namespace

std::vector<bool> find_told(const std::vector<Change>& told, const std::vector<Change>& seen) {
    std::vector<bool> is_told(seen.size(), false);
    std::size_t next = 0;  // the first told change after the seen one
    std::optional<std::string> value;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        for (; next < told.size() && told[next].at <= seen[i].at; ++next) value = told[next].after;
        if (next == 0) continue;  // older than the CRM remembers
        const bool has_gap = next == told.size() || told[next].before != told[next - 1].after;
        is_told[i] = !has_gap || seen[i].after == value;
        if (!is_told[i]) value = seen[i].after;
    }
    return is_told;
}

void note_version(Database& database, SourceId source, const Record& before, const Record& after,
                  Instant fetched_at) {
    const auto fields = model::followed_fields(after.entity);
    if (fields.empty()) return;
    SeenHistory history{database, source, after};
    // A task that is told otherwise without a newer version changed when that was seen.
    const bool is_newer =
        after.modified && (!before.modified || *before.modified < *after.modified);
    const bool by_version = is_newer || after.entity == Entity::opportunity;
    const auto at = to_millis(by_version ? after.modified.value_or(fetched_at) : fetched_at);
    if (after.entity == Entity::opportunity && after.modified && before.modified &&
        *before.modified < *after.modified)
        history.remember(to_millis(*before.modified));
    if (same_in_followed(before, after)) return;
    for (const auto field : fields) {
        const Change change{at, value_of(before, field), value_of(after, field)};
        if (change.before == change.after) continue;
        history.add(field, change);
        if (after.entity == Entity::opportunity) reconcile(database, source, after.id, field);
    }
}

void note_late_version(Database& database, SourceId source, const Record& stored,
                       const Record& late) {
    if (late.entity != Entity::opportunity || !late.modified || !stored.modified ||
        *late.modified >= *stored.modified)
        return;
    SeenHistory history{database, source, late};
    const auto at = to_millis(*late.modified);
    const auto present = to_millis(*stored.modified);
    if (history.remembers(at)) return;
    const auto next_version = history.version_after(at, present);
    const bool is_first = at < history.first_version(present);
    for (const auto field : model::followed_fields(late.entity)) {
        const auto next = history.first_after(field, at);
        const auto known = next ? next->before : value_of(stored, field);
        const auto value = value_of(late, field);
        if (value == known) continue;
        if (!is_first) history.add(field, {at, known, value});
        if (next && next->at == next_version)
            history.set_before(field, {next->at, value, next->after});
        else
            history.add(field, {next_version, value, known});
        reconcile(database, source, late.id, field);
    }
    history.remember(at);
}

void merge_told_history(Database& database, SourceId source, std::string_view opportunity,
                        std::string_view field) {
    reconcile(database, source, opportunity, field);
}

}  // namespace nudged::warehouse
