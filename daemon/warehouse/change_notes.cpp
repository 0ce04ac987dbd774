// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/change_notes.hpp"

#include "daemon/warehouse/database.hpp"

// Debian's SQLite is built with it.
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <string_view>
#include <unordered_map>

namespace nudged::warehouse {
namespace {

enum class Kind {
    ignored,
    everything,
    opportunity,
    opportunity_change,
    account,
    contact,
    contact_role,
    task,
    task_change,
    call,
    meeting,
    email,
    tombstone,
    run
};

/// What no rule about records reads. Whatever is named neither here nor below may concern
/// everybody.
constexpr std::string_view ignored_tables[] = {"audit",
                                               "channel_state",
                                               "commitment",
                                               "commitment_verdict",
                                               "coverage_week",
                                               "cursor",
                                               "custom_field",
                                               "deferred_index",
                                               "escalation",
                                               "escalation_update",
                                               "finding",
                                               "finding_answer",
                                               "finding_event",
                                               "finding_telling",
                                               "finding_thread",
                                               "mapping",
                                               "note",
                                               "note_handover",
                                               "note_link",
                                               "note_revision",
                                               "outbox",
                                               "own_measure",
                                               "own_measure_condition",
                                               "plan",
                                               "plan_checkpoint",
                                               "plan_goal",
                                               "plan_skill",
                                               "quota",
                                               "rollup",
                                               "rollup_measure",
                                               "rollup_recount",
                                               "rollup_user",
                                               "rollup_zone",
                                               "schema_part",
                                               "shadow",
                                               "sheet_refusal",
                                               "snapshot",
                                               "snapshot_seen",
                                               "team_sum",
                                               "team_week",
                                               "upkeep",
                                               "version_seen",
                                               "week_edit",
                                               "week_value"};

const std::map<std::string_view, Kind>& followed_tables() {
    static const std::map<std::string_view, Kind> tables{
        {"opportunity", Kind::opportunity},   {"opportunity_change", Kind::opportunity_change},
        {"account", Kind::account},           {"contact", Kind::contact},
        {"contact_role", Kind::contact_role}, {"task", Kind::task},
        {"task_change", Kind::task_change},   {"call", Kind::call},
        {"meeting", Kind::meeting},           {"email", Kind::email},
        {"tombstone", Kind::tombstone},       {"run", Kind::run}};
    return tables;
}

/// The moments of a row at which it takes effect. Meetings begin all the time: whoever looks finds
/// them by their index.
std::vector<std::string> moments_of(Kind kind) {
    switch (kind) {
    case Kind::opportunity: return {"created_at", "closed_at", "deleted_at", "stage_since"};
    case Kind::opportunity_change: return {"changed_at"};
    case Kind::account: return {"created_at", "deleted_at"};
    case Kind::contact_role: return {"created_at"};
    case Kind::task: return {"created_at", "completed_at", "deleted_at"};
    case Kind::task_change: return {"changed_at"};
    case Kind::call: return {"started_at", "created_at", "deleted_at"};
    case Kind::meeting: return {"created_at", "deleted_at"};
    case Kind::email: return {"sent_at"};
    default: return {};
    }
}

std::string text_of(sqlite3_value* value) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return bytes ? std::string{bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))}
                 : std::string{};
}

bool is_same(sqlite3_value* one, sqlite3_value* other) {
    const int type = sqlite3_value_type(one);
    if (type != sqlite3_value_type(other)) return false;
    if (type == SQLITE_NULL) return true;
    if (type == SQLITE_INTEGER) return sqlite3_value_int64(one) == sqlite3_value_int64(other);
    if (type == SQLITE_FLOAT) return sqlite3_value_double(one) == sqlite3_value_double(other);
    const int size = sqlite3_value_bytes(one);
    return size == sqlite3_value_bytes(other) &&
           (size == 0 || std::memcmp(sqlite3_value_blob(one), sqlite3_value_blob(other),
                                     static_cast<std::size_t>(size)) == 0);
}

}  // namespace

/// Where the columns of a table are.
struct ChangeNotes::Table {
    Kind kind = Kind::everything;
    std::unordered_map<std::string, int> columns;
    std::vector<int> moments;

    int column(const std::string& name) const {
        const auto found = columns.find(name);
        return found == columns.end() ? -1 : found->second;
    }
};

/// What SQLite calls; it takes no exception.
struct ChangeNotes::Hook {
    std::unordered_map<std::string, Table> tables;
    Changes changes;
    std::map<std::string, std::int64_t> first_runs;  // since the start
    std::int64_t looked_at = 0;

    using Read = int (*)(sqlite3*, int, sqlite3_value**);

    /// One state of a row: before or after.
    struct Row {
        sqlite3* handle;
        const Table& table;
        Read read;

        sqlite3_value* value(int column) const {
            sqlite3_value* found = nullptr;
            if (column < 0 || read(handle, column, &found) != SQLITE_OK) return nullptr;
            return found;
        }
        std::string text(const char* name) const {
            auto* found = value(table.column(name));
            return found ? text_of(found) : std::string{};
        }
        std::int64_t integer(const char* name) const {
            auto* found = value(table.column(name));
            return found ? sqlite3_value_int64(found) : 0;
        }
    };

    static void call(void* self, sqlite3* handle, int operation, const char* schema,
                     const char* table, sqlite3_int64, sqlite3_int64) noexcept {
        auto& hook = *static_cast<Hook*>(self);
        if (hook.changes.everything || std::strcmp(schema, "main") != 0) return;
        try {
            hook.note(handle, operation, table);
        } catch (...) {
            hook.give_up();
        }
    }

    void give_up() noexcept {
        changes = {};
        changes.everything = true;
    }

    void note(sqlite3* handle, int operation, const char* name) {
        static const Table unknown;
        const auto found = tables.find(name);
        const auto& table = found == tables.end() ? unknown : found->second;
        if (table.kind == Kind::ignored) return;
        const Row before{handle, table, sqlite3_preupdate_old};
        const Row after{handle, table, sqlite3_preupdate_new};
        if (operation == SQLITE_UPDATE && is_unchanged(before, after)) return;
        if (table.kind == Kind::run) return note_run(operation, before, after);
        if (operation != SQLITE_INSERT) note(before);
        if (operation != SQLITE_DELETE) note(after);
        if (changes.size() > most) give_up();
    }

    /// A row that is told once more only says when.
    static bool is_unchanged(const Row& before, const Row& after) {
        const int fetched_at = before.table.column("fetched_at");
        const int count = sqlite3_preupdate_count(before.handle);
        for (int i = 0; i < count; ++i) {
            if (i == fetched_at) continue;
            auto* one = before.value(i);
            auto* other = after.value(i);
            if (!one || !other || !is_same(one, other)) return false;
        }
        return true;
    }

    /// Of the runs of a source rules ask for the first one. Old ones go with each new one.
    void note_run(int operation, const Row& before, const Row& after) {
        const auto& row = operation == SQLITE_DELETE ? before : after;
        if (row.text("kind") != "sync") return;
        if (operation == SQLITE_UPDATE) return give_up();
        if (operation == SQLITE_DELETE) {
            changes.runs = true;
            return;
        }
        const auto started_at = row.integer("started_at");
        const auto [first, is_new] = first_runs.try_emplace(
            fmt::format("{}/{}/{}", row.integer("source_id"), row.text("stream"),
                        row.text("failure_kind").empty()),
            started_at);
        if (!is_new && first->second <= started_at) return;
        first->second = started_at;
        give_up();
    }

    void note(const Row& row) {
        const auto source = row.integer("source_id");
        const auto add = [&](Changes::Ids& ids, const char* column) {
            if (auto id = row.text(column); !id.empty()) ids.emplace(source, std::move(id));
        };
        const auto add_links = [&] {
            add(changes.opportunities, "opportunity");
            add(changes.accounts, "account");
            add(changes.contacts, "contact");
        };
        switch (row.table.kind) {
        case Kind::run:
        case Kind::ignored: return;
        case Kind::everything: return give_up();
        case Kind::tombstone:
            // What is gone is told by its own table; a merge moves what belongs to it.
            if (row.text("why") == "merged") give_up();
            return;
        case Kind::opportunity:
            changes.deals = true;
            add(changes.opportunities, "external_id");
            add(changes.accounts, "account");
            add(changes.owners, "owner");
            break;
        case Kind::opportunity_change:
            changes.deals = true;
            add(changes.opportunities, "opportunity");
            // Until then a deal belongs to somebody else than its row says.
            if (row.text("field") == "owner" && row.integer("changed_at") > looked_at)
                return give_up();
            if (row.text("field") == "close_date") add(changes.editors, "changed_by");
            break;
        case Kind::account:
            add(changes.accounts, "external_id");
            add(changes.owners, "owner");
            break;
        case Kind::contact:
            add(changes.accounts, "account");
            if (auto name = row.text("name"); !name.empty())
                changes.contact_names.insert(std::move(name));
            changes.contact_names.insert(row.text("external_id"));
            break;
        case Kind::contact_role: add(changes.opportunities, "opportunity"); break;
        case Kind::task_change: add(changes.tasks, "task"); break;
        case Kind::task:
            add(changes.tasks, "external_id");
            add_links();
            break;
        case Kind::email:
            if (auto owner = row.text("owner"); !owner.empty())
                changes.mails.push_back(
                    {source, std::move(owner), row.text("subject"), row.integer("sent_at")});
            add_links();
            break;
        case Kind::call:
        case Kind::meeting: add_links(); break;
        }
        for (const int column : row.table.moments)
            if (auto* value = row.value(column); value &&
                                                 sqlite3_value_type(value) == SQLITE_INTEGER &&
                                                 sqlite3_value_int64(value) > looked_at)
                changes.moments.insert(sqlite3_value_int64(value));
    }
};

bool Changes::is_nothing() const {
    return !everything && size() == 0;
}

std::size_t Changes::size() const {
    return opportunities.size() + accounts.size() + tasks.size() + owners.size() + contacts.size() +
           editors.size() + contact_names.size() + mails.size() + moments.size();
}

ChangeNotes::ChangeNotes(Database& database)
    : handle_(database.handle()), hook_(std::make_unique<Hook>()) {
    auto names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'");
    while (names.step()) {
        const std::string name{names.text(0)};
        auto& table = hook_->tables[name];
        if (const auto found = followed_tables().find(name); found != followed_tables().end())
            table.kind = found->second;
        else if (std::ranges::find(ignored_tables, name) != std::end(ignored_tables))
            table.kind = Kind::ignored;
        auto columns = database.prepare("SELECT name, cid FROM pragma_table_info(?1)");
        columns.bind(1, std::string_view{name});
        while (columns.step())
            table.columns[std::string{columns.text(0)}] = static_cast<int>(columns.integer(1));
        for (const auto& moment : moments_of(table.kind))
            table.moments.push_back(table.column(moment));
    }
    sqlite3_preupdate_hook(handle_, &Hook::call, hook_.get());
}

ChangeNotes::~ChangeNotes() {
    sqlite3_preupdate_hook(handle_, nullptr, nullptr);
}

Changes ChangeNotes::take(Instant now) {
    Changes taken;
    taken.everything = false;
    std::swap(taken, hook_->changes);
    hook_->looked_at = to_millis(now);
    return taken;
}

}  // namespace nudged::warehouse
