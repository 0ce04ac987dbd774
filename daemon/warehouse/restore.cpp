// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/restore.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/files.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/schema_copy.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

namespace nudged::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr int pages_a_step = 4096;
constexpr const char* replaced_mark = ".replaced-";

/// The new file on its way, beside the one that it replaces.
std::string incoming(const std::string& path) {
    return path + ".restoring";
}

class Lock {
public:
    explicit Lock(const std::string& path) : descriptor_(lock_file(path)) {}
    ~Lock() { unlock_file(descriptor_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    int descriptor_;
};

/// The one in the making. What an earlier restore has on its way stays there meanwhile: as long as
/// the old file's place is empty, it keeps others from beginning an empty warehouse there.
std::string made_for(const std::string& path) {
    return incoming(path) + ".next";
}

/// A copy of the backup, its write-ahead log included should somebody have copied files by hand.
void copy_backup(const std::string& from, const std::string& to) {
    if (!fs::is_regular_file(from))
        throw Failure(FailureKind::refused,
                      fmt::format("{}: there is no such file; `nudged warehouse backups` lists "
                                  "those that there are",
                                  from));
    drop_unfinished(to);
    Database source(from, Database::Mode::read_only);
    BackupCopy copy(source, to);
    while (copy.step(pages_a_step)) continue;
}

void require_sound(const std::string& copy, const std::string& from) {
    const auto problems = verify_copy(copy);
    if (problems.empty()) return;
    throw Failure(FailureKind::corrupt,
                  fmt::format("{}: not restored, since {}", from, fmt::join(problems, "; ")));
}

std::vector<RestoredStream> read_streams(const Database& database) {
    auto row = database.prepare("SELECT s.name, c.entity || CASE c.lane WHEN 'incremental' THEN '' "
                                "ELSE '/' || c.lane END, c.complete_at FROM cursor c "
                                "JOIN source s ON s.id = c.source_id ORDER BY 1, 2");
    std::vector<RestoredStream> streams;
    while (row.step())
        streams.push_back(
            {std::string{row.text(0)}, std::string{row.text(1)}, row.maybe_instant(2)});
    return streams;
}

/// Writes what was logged ahead into the file, so that the file alone is all there is.
void settle_old(const std::string& path) {
    try {
        const Database database(path, Database::Mode::read_write);
        sqlite3_wal_checkpoint_v2(database.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                  nullptr);
    } catch (const Failure&) {
        // Damaged, which may be why it is replaced: its log is kept beside it.
    }
}

/// What SQLite would take for the log of any file of this name goes with the file, and also when
/// the file itself has gone before: by hand, or by a restore that was cut short.
bool move_logs_aside(const std::string& path, const std::string& aside) {
    bool is_moved = false;
    for (const auto* log : {"-wal", "-journal"}) {
        if (!fs::exists(path + log)) continue;
        rename_new(path + log, aside + log);
        is_moved = true;
    }
    fs::remove(path + "-shm");
    return is_moved;
}

/// Where what was in the file's place is now; empty when there was nothing.
std::string move_aside(const std::string& path, Instant now) {
    auto stamp = backup_name(now);  // nudged-20261120T081500Z.db
    stamp = stamp.substr(stamp.find('-') + 1);
    const std::string aside = fmt::format("{}{}{}", path, replaced_mark, stamp);
    const bool is_there = fs::exists(path);
    if (is_there) {
        settle_old(path);
        rename_new(path, aside);
    }
    const bool has_logs = move_logs_aside(path, aside);
    return is_there || has_logs ? aside : std::string{};
}

}  // namespace

Restored restore_warehouse(const std::string& from, const std::string& path, Instant now,
                           const std::function<void(Database&)>& prepare) {
    const Lock lock(path);
    const std::string next = incoming(path);
    const std::string made = made_for(path);
    const std::string copy = made + unfinished_suffix;
    Restored restored;
    try {
        copy_backup(from, made);
        require_sound(copy, from);
        {
            Database database(copy, Database::Mode::read_write);
            database.execute("PRAGMA foreign_keys = ON");
            const auto version = database.integer("PRAGMA user_version");
            migrate(database);
            fs::remove(schema_copy_path(copy, version));  // the backup itself is that copy
            {
                Transaction transaction{database};
                restored.held = hold_messages(database);
                transaction.commit();
            }
            if (prepare) prepare(database);
            restored.streams = read_streams(database);
        }
        require_sound(copy, from);  // once more, as what it will be
        sync_file(copy);
        rename_over(copy, next);
    } catch (...) {
        drop_unfinished(made);
        throw;
    }
    restored.kept_aside = move_aside(path, now);
    rename_new(next, path);
    return restored;
}

std::vector<std::string> replaced_files(const std::string& path) {
    return files_beside(path, replaced_mark);
}

void refuse_half_restored(const std::string& path) {
    if (fs::exists(path) || !fs::exists(incoming(path))) return;
    throw Failure(FailureKind::needs_person,
                  fmt::format("{}: a restore was cut short before its file took this place; run "
                              "`nudged warehouse restore` again",
                              path));
}

}  // namespace nudged::warehouse
