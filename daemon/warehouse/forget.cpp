// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/forget.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/restore.hpp"
#include "daemon/warehouse/schema_copy.hpp"
#include "daemon/warehouse/store_rules.hpp"
#include "daemon/warehouse/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::Record;

constexpr std::int64_t rows_walked = 2000;  // in one step, a few milliseconds

/// The record without them; its new texts live in `texts`.
Record cleaned(const Traces& traces, const StoredRecord& stored, std::vector<std::string>& texts) {
    Record record = stored.record;
    const auto fields = model::fields_of(record.entity);
    const auto drop = [&](std::string_view name) {
        if (const auto index = model::field_index(record.entity, name))
            record.values[*index] = std::monostate{};
    };
    texts.reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto text = record.text_at(i);
        if (text.empty()) continue;
        const auto& refers_to = fields[i].refers_to;
        const bool is_change = record.entity == Entity::opportunity_change &&
                               (fields[i].name == "old" || fields[i].name == "new");
        if (is_change ? traces.is(stored.source, Entity::user, text)
                      : refers_to && traces.is(stored.source, *refers_to, text)) {
            record.values[i] = std::monostate{};
            // As when it is stored: what is written about a talk with them is about them.
            if (is_activity(record.entity)) drop("subject"), drop("extra");
        } else if (is_free_text(fields[i].type) && mentions(traces, text)) {
            texts.push_back(without_words(traces, text));
            record.values[i] = std::string_view{texts.back()};
        }
    }
    return record;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    return fmt::format("{}", fmt::join(parts, between));
}

/// Tables that keep something by (source_id, user), beside the users themselves.
std::vector<std::string> user_tables(const Database& database) {
    auto rows = database.prepare(R"sql(
SELECT s.name FROM sqlite_schema s WHERE s.type = 'table'
   AND 2 = (SELECT count(*) FROM pragma_table_info(s.name) c WHERE c.name IN ('source_id', 'user')))sql");
    std::vector<std::string> tables;
    while (rows.step()) tables.emplace_back(rows.text(0));
    return tables;
}

/// Their sums are gone with what made them; what they are known by beside the records is not yet.
/// In the transaction in which the user's record goes: nobody finds these by anything else.
/// Tells how many rows are gone that say whose the user is.
RowCounts forget_user(Database& database, const Identity& user) {
    for (const auto* sql :
         {"DELETE FROM rollup WHERE user_id IN (SELECT id FROM rollup_user WHERE source_id = ?1 "
          "AND user = ?2)",
          "DELETE FROM rollup_recount WHERE user_id IN (SELECT id FROM rollup_user WHERE source_id "
          "= ?1 AND user = ?2)",
          "DELETE FROM rollup_user WHERE source_id = ?1 AND user = ?2",
          "UPDATE task_change SET old = NULL WHERE source_id = ?1 AND old = ?2 AND field = 'owner'",
          "UPDATE task_change SET new = NULL WHERE source_id = ?1 AND new = ?2 AND field = "
          "'owner'"})
        database.prepare(sql).bind(1, user.source).bind(2, std::string_view{user.id}).run();
    RowCounts gone;
    for (const auto& table : user_tables(database))
        gone[table] =
            database
                .prepare(fmt::format("DELETE FROM {} WHERE source_id = ?1 AND user = ?2", table))
                .bind(1, user.source)
                .bind(2, std::string_view{user.id})
                .run();
    const auto columns = person_columns(database);
    std::erase_if(gone, [&](const auto& one) {
        return one.second == 0 || std::ranges::none_of(columns, [&](const auto& column) {
                   return column.table == one.first;
               });
    });
    return gone;
}

/// Whether a row is about the person of the column, and goes with them although it could do
/// without.
bool is_about(std::string_view table, std::string_view column) {
    return table == "finding" || (table == "note" && column == "rep_id") ||
           (table == "escalation" && column == "rep_id") ||
           (table == "audit" && column == "about_id");
}

/// Gathers those who are on the list, each human once, by whatever names them first.
class SuppressedFinder {
public:
    explicit SuppressedFinder(const Database& database) : database_(database) {}

    void add_address(std::string_view address) {
        const auto joining = joining_address(address);
        for (const auto& traces : traces_)
            if (traces.addresses.contains(joining)) return;
        add({joining, std::nullopt});
    }
    void add_identity(Identity identity) {
        for (const auto& traces : traces_)
            if (traces.is(identity.source, identity.entity, identity.id)) return;
        add({{}, std::move(identity)});
    }
    std::vector<KnownBy> result() { return std::move(found_); }

private:
    void add(KnownBy somebody) {
        traces_.push_back(find_traces(database_, somebody));
        found_.push_back(std::move(somebody));
    }

    const Database& database_;
    std::vector<Traces> traces_;
    std::vector<KnownBy> found_;
};

}  // namespace

Forgetting::Forgetting(Traces traces, Mode mode) : traces_(std::move(traces)), mode_(mode) {
    const auto all = model::all_entities();
    entities_.assign(all.begin(), all.end());
    std::stable_partition(entities_.begin(), entities_.end(),
                          [](Entity entity) { return !is_person(entity); });
}

bool Forgetting::step(Database& database) {
    if (!std::exchange(has_tables_, true)) {
        tables_ = text_tables(database);
        std::erase_if(tables_, [](const TextTable& table) { return table.name == "outbox"; });
    }
    // Messages and findings know them by their addresses and persons: these go at the very end.
    if (stage_ == 0) {
        step_messages(database);
        ++stage_;
    } else if (stage_ <= tables_.size()) {
        step_texts(database);
    } else if (stage_ <= tables_.size() + entities_.size()) {
        step_entity(database, entities_[stage_ - tables_.size() - 1]);
    } else if (stage_ == tables_.size() + entities_.size() + 1) {
        step_persons(database);
        ++stage_;
    } else {
        // What the search has kept of notes that are gone now.
        return mode_ == Mode::remove && compact_search(database);
    }
    return true;
}

/// Moves on to the next range of rows; false, and on to the next stage, when there is none.
bool Forgetting::walk(Database& database, std::string_view table) {
    const auto last =
        database.integer(fmt::format("SELECT coalesce(max(rowid), 0) FROM {}", table));
    if (walking_to_ >= last) {
        ++stage_;
        walked_to_ = walking_to_ = 0;
        return false;
    }
    walked_to_ = walking_to_;
    walking_to_ += rows_walked;
    return true;
}

void Forgetting::step_entity(Database& database, Entity entity) {
    const auto name = to_string(entity);
    if (!walk(database, name)) return;
    auto rows = database.prepare(
        fmt::format("SELECT {} FROM {} WHERE id > ?1 AND id <= ?2", stored_columns(entity), name));
    rows.bind(1, walked_to_).bind(2, walking_to_);
    Removal removal(database);
    std::vector<Identity> users;
    while (rows.step()) {
        const auto stored = read_stored(rows, entity);
        const auto relation = relation_of(traces_, stored.source, stored.record);
        if (relation == Relation::none) continue;
        const bool goes = relation == Relation::of_theirs;
        if (mode_ == Mode::only_count) {
            ++(goes ? removed_ : changed_)[std::string{name}];
        } else if (goes) {
            if (entity == Entity::user)
                users.push_back({stored.source, {}, entity, std::string{stored.record.id}});
            removal.remove(stored);
        } else {
            std::vector<std::string> texts;
            removal.replace(stored, cleaned(traces_, stored, texts));
            ++changed_[std::string{name}];
        }
    }
    rows.reset();
    removal.flush();
    for (const auto& user : users) add(forget_user(database, user));
    add(removal.removed());
}

void Forgetting::step_texts(Database& database) {
    const auto& table = tables_[stage_ - 1];
    if (walk(database, table.name)) clean_texts(database, table, walked_to_, walking_to_);
}

/// Of the rows behind `from`, up to `to`.
void Forgetting::clean_texts(Database& database, const TextTable& table, std::int64_t from,
                             std::int64_t to) {
    auto rows =
        database.prepare(fmt::format("SELECT rowid, {} FROM {} WHERE rowid > ?1 AND rowid <= ?2",
                                     joined(table.texts, ", "), table.name));
    rows.bind(1, from).bind(2, to);
    while (rows.step()) {
        bool is_changed = false;
        for (std::size_t i = 0; i < table.texts.size(); ++i) {
            const auto text = rows.text(static_cast<int>(i) + 1);
            if (!mentions(traces_, text)) continue;
            is_changed = true;
            if (mode_ == Mode::only_count) continue;
            const auto clean = without_words(traces_, text);
            database
                .prepare(fmt::format("UPDATE {} SET {} = ?2 WHERE rowid = ?1", table.name,
                                     table.texts[i]))
                .bind(1, rows.integer(0))
                .bind(2, std::string_view{clean})
                .run();
        }
        if (is_changed && mode_ == Mode::remove && table.name == "note_revision")
            index_revision(database, rows.integer(0));
        changed_[table.name] += is_changed;
    }
    if (changed_[table.name] == 0) changed_.erase(table.name);
}

/// What checks and digests have written since it was cleaned, from records that were not clean yet.
void Forgetting::clean_again(Database& database) {
    step_messages(database);
    for (const auto& table : tables_)
        if (table.name == "finding")
            clean_texts(database, table, 0, std::numeric_limits<std::int64_t>::max());
}

/// Messages to them go, and of those that speak of them, or went to whoever leads them, the
/// content: the key stays, so that nothing is sent a second time. One that is just being sent is
/// not sent again, whatever comes of it.
void Forgetting::step_messages(Database& database) {
    std::set<std::string> leads;
    for (const auto person : traces_.persons) {
        auto rows = database.prepare(
            "SELECT p.email FROM team_member m JOIN team t ON t.id = m.team_id "
            "JOIN person p ON p.id = t.manager_id WHERE m.person_id = ?1 AND p.email IS NOT NULL");
        rows.bind(1, person);
        while (rows.step()) leads.emplace(rows.text(0));
    }
    auto rows =
        database.prepare("SELECT id, recipient, message, payload, state, last_reason FROM outbox");
    while (rows.step()) {
        const auto id = rows.integer(0);
        const auto recipient = joining_address(rows.text(1));
        const bool waits = rows.text(4) == "pending" || rows.text(4) == "held";
        const bool is_open = waits || rows.text(4) == "claimed";
        const bool speaks = mentions(traces_, rows.text(2)) || mentions(traces_, rows.text(3)) ||
                            mentions(traces_, rows.text(5));
        const bool has_content = rows.text(2) != "{}" || !rows.is_null(3);
        if (traces_.addresses.contains(recipient)) {
            ++removed_["outbox"];
            if (mode_ == Mode::remove)
                database.prepare("DELETE FROM outbox WHERE id = ?1").bind(1, id).run();
        } else if (speaks || (!waits && has_content && leads.contains(recipient))) {
            ++changed_["outbox"];
            if (mode_ == Mode::remove)
                database
                    .prepare(
                        "UPDATE outbox SET message = '{}', payload = NULL, last_reason = "
                        "'somebody in it was forgotten', lease_until = NULL, state = CASE WHEN "
                        "?2 THEN 'superseded' ELSE state END WHERE id = ?1")
                    .bind(1, id)
                    .bind(2, is_open)
                    .run();
        }
    }
}

void Forgetting::add(const RowCounts& gone) {
    for (const auto& [table, count] : gone) removed_[table] += count;
}

void Forgetting::step_persons(Database& database) {
    const bool counts = mode_ == Mode::only_count;
    if (!counts) clean_again(database);
    const auto columns = person_columns(database);
    for (const auto person : traces_.persons) {
        for (const auto& [table, column, may_be_null] : columns) {
            const bool goes = !may_be_null || is_about(table, column);
            auto statement = database.prepare(
                counts ? fmt::format("SELECT count(*) FROM {} WHERE {} = ?1", table, column)
                : goes ? fmt::format("DELETE FROM {} WHERE {} = ?1", table, column)
                       : fmt::format("UPDATE {0} SET {1} = NULL WHERE {1} = ?1", table, column));
            statement.bind(1, person);
            std::int64_t rows = 0;
            if (!counts)
                rows = statement.run();
            else if (statement.step())
                rows = statement.integer(0);
            if (rows > 0) (goes ? removed_ : changed_)[table] += rows;
        }
        ++removed_["person"];
        if (!counts) database.prepare("DELETE FROM person WHERE id = ?1").bind(1, person).run();
    }
    if (counts) return;
    drop_unreferenced_words(database);
    // Once more: a roster that was applied meanwhile may have named them.
    for (const auto& identity : traces_.identities)
        if (identity.entity == Entity::user) add(forget_user(database, identity));
}

void suppress(Suppression& suppression, const Traces& traces) {
    for (const auto& address : traces.addresses) suppression.add_address(address);
    for (const auto& identity : traces.identities)
        suppression.add(identity.source_name, identity.entity, identity.id);
    suppression.save();
}

std::vector<KnownBy> find_suppressed(const Database& database, const Suppression& suppression) {
    if (suppression.empty()) return {};
    SuppressedFinder found(database);
    auto persons = database.prepare("SELECT email FROM person WHERE email IS NOT NULL");
    while (persons.step())
        if (suppression.has_address(persons.text(0))) found.add_address(persons.text(0));
    for (const auto entity : {Entity::user, Entity::contact}) {
        auto rows = database.prepare(
            fmt::format("SELECT r.source_id, s.name, r.external_id, r.email FROM {} r "
                        "JOIN source s ON s.id = r.source_id",
                        to_string(entity)));
        while (rows.step()) {
            if (suppression.has_address(rows.text(3)))
                found.add_address(rows.text(3));
            else if (suppression.has(rows.text(1), entity, rows.text(2)))
                found.add_identity({SourceId{rows.integer(0)}, std::string{rows.text(1)}, entity,
                                    std::string{rows.text(2)}});
        }
    }
    return found.result();
}

std::vector<std::string> remove_copies(const std::string& path) {
    remove_old_copies(path, std::chrono::hours{0});
    auto left = schema_copies(path);
    for (auto& replaced : replaced_files(path)) left.push_back(std::move(replaced));
    return left;
}

std::vector<std::string> backups_with(const std::string& folder, std::string_view address) {
    std::vector<std::string> found;
    for (const auto& backup : list_backups(folder)) {
        try {
            const Database database(backup.path, Database::Mode::read_only);
            if (!find_traces(database, address).empty()) found.push_back(backup.path);
        } catch (const Failure&) {
            found.push_back(backup.path + " (cannot be read, so that it may)");
        }
    }
    return found;
}

}  // namespace nudged::warehouse
