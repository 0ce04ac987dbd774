// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/schema.hpp"

#include "connectors/base/failure.hpp"

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

/// An empty file is a warehouse to be; anything else has to say that it is one.
void require_ours(const Database& database) {
    const bool is_empty = database.integer("SELECT count(*) FROM sqlite_schema") == 0;
    if (is_empty && version_of(database) == 0) return;
    if (database.integer("PRAGMA application_id") != application_id)
        refuse(database, "is a database of another program; choose another path");
}

void refuse_newer(const Database& database) {
    if (version_of(database) > schema_version())
        refuse(database, fmt::format("was written by a newer nudged (schema {}, this program knows "
                                     "{}); install that version, or restore a backup",
                                     version_of(database), schema_version()));
}

}  // namespace

int schema_version() {
    return migrations().back().version;
}

void migrate(Database& database) {
    require_ours(database);
    refuse_newer(database);
    for (const auto& step : migrations()) {
        if (step.version <= version_of(database)) continue;
        Transaction transaction{database};
        database.execute(step.sql);
        database.execute(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}",
                                     step.version, application_id));
        transaction.commit();
    }
}

void require_schema(const Database& database) {
    require_ours(database);
    refuse_newer(database);
    if (version_of(database) < schema_version())
        refuse(database, fmt::format("has schema {} and this program needs {}; start the daemon, "
                                     "which brings it up to date",
                                     version_of(database), schema_version()));
}

}  // namespace nudged::warehouse
