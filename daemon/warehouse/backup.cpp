// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/backup.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/files.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "daemon/warehouse/schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <utility>

namespace nudged::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr int operations_per_look = 100'000;  // of SQLite's virtual machine
constexpr int pages_alone = 4096;
constexpr int most_problems = 20;  // told of one file

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw Failure(FailureKind::refused, fmt::format("{}: {}", path, why));
}

[[noreturn]] void fail_copy(const std::string& path, int result) {
    switch (result & 0xff) {
    case SQLITE_FULL:
        throw Failure(
            FailureKind::needs_person,
            fmt::format("{}: no space left for a backup; free some on its file system, or "
                        "name another [backup] folder",
                        path));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        throw Failure(FailureKind::transient,
                      fmt::format("{}: another program holds the file", path));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        throw Failure(FailureKind::corrupt,
                      "what is to be copied is damaged; keep it, and restore another backup");
    default:
        throw Failure(FailureKind::transient,
                      fmt::format("{}: cannot be written ({}, code {}); check its disk", path,
                                  sqlite3_errstr(result), result));
    }
}

void verify_sums(const Database& database, std::vector<std::string>& problems) {
    const auto version = database.integer("PRAGMA user_version");
    if (version != schema_version()) return;  // what an older program counted, it counted its way
    for (const auto& difference : verify_rollups(database)) {
        problems.push_back(fmt::format("rollup {} {} {} {}: stored {}, counted {}",
                                       difference.source, difference.user, difference.measure,
                                       difference.day, difference.stored, difference.counted));
        if (problems.size() >= most_problems) return;
    }
}

std::optional<Instant> taken_at_of(const std::string& name) {
    static const std::regex form{"nudged-(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z\\.db"};
    std::smatch parts;
    if (!std::regex_match(name, parts, form)) return std::nullopt;
    return parse_instant(fmt::format("{}-{}-{}T{}:{}:{}Z", parts.str(1), parts.str(2), parts.str(3),
                                     parts.str(4), parts.str(5), parts.str(6)));
}

void find_problems(Database& database, std::vector<std::string>& problems) {
    if (database.integer("PRAGMA application_id") != application_id)
        problems.emplace_back("it is no warehouse of nudged");
    if (const auto version = database.integer("PRAGMA user_version"); version > schema_version())
        problems.push_back(fmt::format("it was written by a newer nudged (schema {}, this program "
                                       "knows {})",
                                       version, schema_version()));
    if (!problems.empty()) return;
    // This is what first flushes the copy: a flush that fails throws, and that copy is given up. A
    // later flush would succeed, and what is read here comes from memory, though the disk lacks it.
    if (change_journal_mode(database, "DELETE") != "delete") {
        problems.emplace_back("its log cannot be folded into it");
        return;
    }
    auto check = database.prepare(fmt::format("PRAGMA integrity_check({})", most_problems));
    while (check.step())
        if (check.text(0) != "ok") problems.emplace_back(check.text(0));
    if (!problems.empty()) return;
    auto reference = database.prepare("PRAGMA foreign_key_check");
    while (reference.step() && problems.size() < most_problems)
        problems.push_back(
            fmt::format("a row of {} refers to none of {}", reference.text(0), reference.text(2)));
    verify_sums(database, problems);
}

std::vector<std::string> unfinished_in(const std::string& folder) {
    std::vector<std::string> found;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error);
         !error && entry != fs::directory_iterator{}; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        const auto end = name.find(unfinished_suffix);
        if (end != name.npos && taken_at_of(name.substr(0, end)))
            found.push_back(entry->path().string());
    }
    return found;
}

}  // namespace

BackupCopy::BackupCopy(Database& source, const std::string& path)
    : unfinished_(path + unfinished_suffix) {
    if (fs::exists(path)) refuse(path, "is there already; name a file that is not");
    fs::remove(unfinished_);
    make_private_file(unfinished_);
    copy_ = std::make_unique<Database>(unfinished_, Database::Mode::read_write);
    // Nothing of an unfinished copy has to survive; a whole one is flushed when it gets its name.
    copy_->execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
    backup_ = sqlite3_backup_init(copy_->handle(), "main", source.handle(), "main");
    if (!backup_) fail_copy(unfinished_, sqlite3_extended_errcode(copy_->handle()));
}

BackupCopy::~BackupCopy() {
    if (backup_) sqlite3_backup_finish(backup_);
}

bool BackupCopy::step(int pages) {
    const int result = sqlite3_backup_step(backup_, pages);
    if (result == SQLITE_OK) return true;
    if (result != SQLITE_DONE) fail_copy(unfinished_, result);
    const int finished = sqlite3_backup_finish(std::exchange(backup_, nullptr));
    if (finished != SQLITE_OK) fail_copy(unfinished_, finished);
    copy_.reset();
    return false;
}

std::vector<std::string> verify_copy(const std::string& path,
                                     const std::function<bool()>& is_stopped) {
    std::vector<std::string> problems;
    try {
        Database database(path, Database::Mode::read_write);
        if (is_stopped)
            sqlite3_progress_handler(
                database.handle(), operations_per_look,
                [](void* stopped) {
                    return (*static_cast<const std::function<bool()>*>(stopped))() ? 1 : 0;
                },
                const_cast<std::function<bool()>*>(&is_stopped));
        find_problems(database, problems);
    } catch (const FileFailure& failure) {
        // Damage can stop the checks themselves.
        if (failure.kind() != FailureKind::corrupt) throw;
        problems.emplace_back(failure.what());
    }
    return problems;
}

void finish_backup(const std::string& path) {
    sync_file(path + unfinished_suffix);
    rename_new(path + unfinished_suffix, path);
}

void drop_unfinished(const std::string& path) {
    std::error_code ignored;  // it may never have been made
    for (const auto* rest : {"", "-journal", "-wal", "-shm"})
        fs::remove(path + unfinished_suffix + rest, ignored);
}

std::string backup_name(Instant taken_at) {
    auto text = format_instant(std::chrono::floor<std::chrono::seconds>(taken_at));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return fmt::format("nudged-{}.db", text);
}

std::vector<BackupFile> list_backups(const std::string& folder) {
    std::vector<BackupFile> found;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error);
         !error && entry != fs::directory_iterator{}; entry.increment(error)) {
        const auto taken_at = taken_at_of(entry->path().filename().string());
        if (!taken_at) continue;
        std::error_code vanished;
        const auto bytes = entry->file_size(vanished);
        if (!vanished) found.push_back({entry->path().string(), *taken_at, bytes});
    }
    std::sort(found.begin(), found.end(),
              [](const BackupFile& a, const BackupFile& b) { return a.taken_at > b.taken_at; });
    return found;
}

std::size_t rotate_backups(const std::string& folder, int keep, Instant now,
                           const std::string& made) {
    auto all = list_backups(folder);
    std::erase_if(all, [&](const BackupFile& backup) { return backup.taken_at > now; });
    auto going = unfinished_in(folder);
    for (std::size_t i = static_cast<std::size_t>(std::max(keep, 1)); i < all.size(); ++i)
        if (all[i].path != made) going.push_back(all[i].path);
    std::size_t removed = 0;
    std::string failed;
    for (const auto& path : going) {
        std::error_code error;
        removed += fs::remove(path, error);
        if (error) failed = fmt::format("{}: cannot be removed ({})", path, error.message());
    }
    if (!failed.empty()) throw Failure(FailureKind::needs_person, failed);
    return removed;
}

void back_up_alone(const std::string& path, const std::string& to) {
    try {
        Database source(path, Database::Mode::read_only);
        {
            BackupCopy copy(source, to);
            while (copy.step(pages_alone)) continue;
        }
        const auto problems = verify_copy(to + unfinished_suffix);
        if (!problems.empty())
            throw Failure(FailureKind::corrupt,
                          fmt::format("the copy is not sound: {}; look with `nudged warehouse "
                                      "verify`",
                                      problems.front()));
        finish_backup(to);
    } catch (...) {
        drop_unfinished(to);
        throw;
    }
}

void make_backup_folder(const std::string& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return;
    fs::create_directories(folder, error);
    if (!error)
        fs::permissions(
            folder, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec, error);
    if (error)
        throw Failure(FailureKind::needs_person,
                      fmt::format("{}: cannot be made ({}); make it, for nudged to write, or name "
                                  "another [backup] folder",
                                  folder, error.message()));
}

}  // namespace nudged::warehouse
