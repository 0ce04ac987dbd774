// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/schema_copy.hpp"

#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/files.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>

namespace nudged::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr const char* mark = ".schema-";
constexpr int pages_per_step = 1024;
constexpr std::int64_t mebibyte = 1 << 20;

std::string path_of(const Database& database) {
    return sqlite3_db_filename(database.handle(), "main");
}

/// Twice the database: for the copy, and for the migration, which may write every page once more.
void require_room(const Database& database, std::int64_t version) {
    const auto path = path_of(database);
    const auto size = database.integer("PRAGMA page_count") * database.integer("PRAGMA page_size");
    std::error_code error;
    const auto space = fs::space(fs::path(path).parent_path(), error);
    if (error || space.available >= static_cast<std::uintmax_t>(2 * size)) return;
    throw FileFailure(
        FailureKind::needs_person,
        fmt::format("{}: its schema {} has to be brought up to date, which needs {} MiB of room on "
                    "its file system, for a copy made before and for the work; there are {} MiB. "
                    "Free some and start again; nothing has been changed",
                    path, version, 2 * size / mebibyte + 1, space.available / mebibyte),
        SQLITE_FULL);
}

void remove_file(const fs::path& file) {
    std::error_code ignored;  // it is tried again at the next start
    fs::remove(file, ignored);
}

}  // namespace

std::string schema_copy_path(const std::string& path, std::int64_t version) {
    return fmt::format("{}{}{}", path, mark, version);
}

std::string copy_before_migration(Database& database, std::int64_t version) {
    require_room(database, version);
    const auto path = schema_copy_path(path_of(database), version);
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) remove_file(path + suffix);
    make_private_file(path);
    Database copy{path, Database::Mode::read_write};
    // With less, a power cut could bring the journal back, and that would take the copy back.
    copy.execute("PRAGMA synchronous = EXTRA");
    const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> backup{
        sqlite3_backup_init(copy.handle(), "main", database.handle(), "main"),
        &sqlite3_backup_finish};
    if (!backup) copy.check(sqlite3_errcode(copy.handle()));
    int result = SQLITE_OK;
    while (result == SQLITE_OK) result = sqlite3_backup_step(backup.get(), pages_per_step);
    if (result != SQLITE_DONE) copy.check(result);
    return path;
}

std::vector<std::string> schema_copies(const std::string& path) {
    return files_beside(path, mark);
}

void keep_one_copy(const std::string& path, std::int64_t version) {
    const fs::path kept{schema_copy_path(path, version)};
    for (const auto& copy : schema_copies(path))
        if (copy != kept) remove_file(copy);
}

void remove_old_copies(const std::string& path, std::chrono::hours age) {
    const auto limit = fs::file_time_type::clock::now() - age;
    for (const auto& copy : schema_copies(path)) {
        std::error_code error;
        const auto made = fs::last_write_time(copy, error);
        if (!error && made < limit) remove_file(copy);
    }
}

}  // namespace nudged::warehouse
