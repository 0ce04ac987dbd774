// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3_backup;

namespace nudged::warehouse {

/// [backup] of nudged.toml.
struct BackupOptions {
    std::chrono::seconds every{std::chrono::hours{24}};  // 0: never by itself
    int keep = 7;        // the newest so many of those that the daemon makes by itself
    std::string folder;  // empty: backups in the state folder
};

/// What a file that is made step by step is called until it is whole.
inline constexpr const char* unfinished_suffix = ".partial";

/// One copy of a warehouse in the making, in steps between which others may write. Made through the
/// connection that writes, it takes over what is committed meanwhile, and is of the instant of its
/// last step; through another one it begins again with every commit. All of it, its end included,
/// belongs to the thread of the source's connection. Throws Failure: refused when there is a file
/// at `path` already, needs_person for a full disk or a missing right.
class BackupCopy {
public:
    /// Copies into `path` + unfinished_suffix, which is the caller's to remove if it does not
    /// become whole.
    BackupCopy(Database& source, const std::string& path);
    ~BackupCopy();
    BackupCopy(const BackupCopy&) = delete;
    BackupCopy& operator=(const BackupCopy&) = delete;

    /// Copies at most `pages` more, outside any transaction of the source; false once all are
    /// there.
    bool step(int pages);

private:
    std::string unfinished_;
    std::unique_ptr<Database> copy_;
    sqlite3_backup* backup_ = nullptr;
};

/// What is wrong with a file that should be a whole warehouse, a sentence each: SQLite's own check,
/// references, and, for this program's schema, every rollup against a recount. Changes nothing but
/// the file's journal mode, so that it is one file. Any thread; `is_stopped` ends it with
/// Failure(transient).
std::vector<std::string> verify_copy(const std::string& path,
                                     const std::function<bool()>& is_stopped = {});

/// A copy that is whole and verified gets its name, durably. Throws Failure(refused) when there is
/// a file of that name.
void finish_backup(const std::string& path);
/// Removes what is left of a copy that did not become whole.
void drop_unfinished(const std::string& path);

/// One backup in the folder, by its name.
struct BackupFile {
    std::string path;
    Instant taken_at{};
    std::uintmax_t bytes = 0;
};
/// "nudged-20261120T081500Z.db"
std::string backup_name(Instant taken_at);
/// The newest first; files of other names are not looked at. None when there is no folder.
std::vector<BackupFile> list_backups(const std::string& folder);
/// Removes all but the newest `keep` (at least one), and what unfinished ones a crash has left;
/// returns how many. One dated after `now`, by a clock that has been set right since, neither goes
/// nor counts, and `made`, a file's path, stays. Throws Failure(needs_person) for what cannot be
/// removed, after all the rest is.
std::size_t rotate_backups(const std::string& folder, int keep, Instant now,
                           const std::string& made = {});

/// A backup of the warehouse at `path` by a process that holds the writer's lock: all at once,
/// verified. Throws Failure(corrupt) when the copy does not pass.
void back_up_alone(const std::string& path, const std::string& to);

/// Makes the folder for its user and group alone, when it is missing.
void make_backup_folder(const std::string& folder);

}  // namespace nudged::warehouse
