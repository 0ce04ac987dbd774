// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/schema.hpp"

#include "connectors/base/events.hpp"
#include "daemon/warehouse/deferred_indexes.hpp"
#include "daemon/warehouse/schema_copy.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace nudged::warehouse {
namespace {

std::int64_t version_of(const Database& database) {
    return database.integer("PRAGMA user_version");
}

[[noreturn]] void refuse(const Database& database, const std::string& why) {
    throw Failure(FailureKind::needs_person,
                  fmt::format("{}: {}", sqlite3_db_filename(database.handle(), "main"), why));
}

/// Steps are written for tables as they stand in the schema, with all their indexes.
void complete_indexes(Database& database) {
    if (database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'deferred_index'") > 0)
        build_deferred_indexes(database);
}

/// An empty file is a warehouse to be; anything else has to say that it is one.
void require_ours(const Database& database) {
    const bool is_empty = database.integer("SELECT count(*) FROM sqlite_schema") == 0;
    if (is_empty && version_of(database) == 0) return;
    if (database.integer("PRAGMA application_id") != application_id)
        refuse(database, "is a database of another program; choose another path");
}

void refuse_newer(const Database& database, int known) {
    if (version_of(database) > known)
        refuse(
            database,
            fmt::format("was written by a newer nudged (schema {}; this is nudged {}, which knows "
                        "schema {}); install the newer nudged again, or put the copy or a backup "
                        "of before its first start in the file's place",
                        version_of(database), NUDGED_VERSION, known));
}

constexpr std::chrono::hours copies_age{24 * 30};

/// A step may make a table anew, whose rows others refer to: references are looked at when all is
/// done.
void require_references(const Database& database) {
    auto broken = database.prepare("PRAGMA foreign_key_check");
    if (broken.step())
        throw Failure(
            FailureKind::corrupt,
            fmt::format("{}: rows of {} would refer to nothing in {} after the migration, "
                        "which was undone; report this, and go on with the nudged of before",
                        sqlite3_db_filename(database.handle(), "main"), broken.text(0),
                        broken.text(2)));
}

/// The views' scripts, as they stand in the file once they have been run.
std::string all_views() {
    std::string script;
    for (const auto& views : view_scripts()) script += views.sql;
    return script;
}

bool has_current_views(const Database& database) {
    auto row = database.prepare("SELECT script FROM schema_part WHERE name = 'views'");
    return row.step() && row.text(0) == all_views();
}

/// A view that names what a step takes away would stop the step. Views of others, which are not
/// called v_…, are left alone.
void drop_views(Database& database) {
    std::string script;
    {
        auto rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'view' AND "
                                     "name LIKE 'v\\_%' ESCAPE '\\'");
        while (rows.step()) script += fmt::format("DROP VIEW \"{}\";", rows.text(0));
    }
    database.execute(script);
}

void create_views(Database& database) {
    const auto script = all_views();
    database.execute(script);
    database
        .prepare("INSERT INTO schema_part (name, script) VALUES ('views', ?1) ON CONFLICT DO "
                 "UPDATE SET script = excluded.script")
        .bind(1, script)
        .run();
}

void renew_views(Database& database) {
    Transaction transaction{database};
    drop_views(database);
    create_views(database);
    transaction.commit();
}

/// Up to here the steps made views themselves.
constexpr int last_with_views = 8;

void run_steps(Database& database, std::span<const Migration> steps) {
    const auto before = version_of(database);
    Transaction transaction{database};
    complete_indexes(database);
    for (const auto& step : steps) {
        if (step.version <= before) continue;
        if (step.version > last_with_views) drop_views(database);
        database.execute(step.sql);
        database.execute(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}",
                                     step.version, application_id));
    }
    if (steps.back().version >= schema_version()) {
        drop_views(database);
        create_views(database);
    }
    if (before > 0) require_references(database);
    transaction.commit();
}

}  // namespace

int schema_version() {
    return migrations().back().version;
}

void migrate(Database& database, std::span<const Migration> steps) {
    const int last = steps.back().version;
    require_ours(database);
    refuse_newer(database, last);
    const std::string path = sqlite3_db_filename(database.handle(), "main");
    const auto before = version_of(database);
    if (before == last) {
        if (!has_current_views(database)) renew_views(database);
        remove_old_copies(path, copies_age);
        return;
    }
    const auto copy = before > 0 ? copy_before_migration(database, before) : std::string{};
    database.execute("PRAGMA foreign_keys = OFF");
    run_steps(database, steps);
    database.execute("PRAGMA foreign_keys = ON");
    if (before == 0) return;
    keep_one_copy(path, before);
    tell(events::warehouse_migrated,
         {{"path", path}, {"from", before}, {"to", last}, {"copy", copy}});
}

void require_schema(const Database& database) {
    require_ours(database);
    refuse_newer(database, schema_version());
    if (version_of(database) < schema_version())
        refuse(database, fmt::format("has schema {} and this program needs {}; start the daemon, "
                                     "which brings it up to date",
                                     version_of(database), schema_version()));
}

}  // namespace nudged::warehouse
