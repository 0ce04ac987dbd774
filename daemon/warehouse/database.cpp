// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cassert>
#include <cerrno>
#include <cstring>

namespace nudged::warehouse {
namespace {

constexpr int busy_timeout_ms = 5000;

/// SQLite looks at a deadline each time that its virtual machine has done so many operations.
constexpr int operations_per_look = 10'000;

/// An error that is a full disk, though SQLite does not call it so: a flush is where a file system
/// that allocates late says it, and a log that is to be made cannot be opened.
bool is_full(int result, int system_error) {
    const int kind = result & 0xff;
    return kind == SQLITE_FULL || ((kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) &&
                                   (system_error == ENOSPC || system_error == EDQUOT));
}

/// The system takes the right to write from a file system of which it cannot rely on the disk.
bool is_read_only(int result, int system_error) {
    const int kind = result & 0xff;
    return system_error == EROFS && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN);
}

std::string io_error(int result, int system_error, const char* detail) {
    const char* doing = "using";
    switch (result) {
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_SHORT_READ: doing = "reading"; break;
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_TRUNCATE: doing = "writing"; break;
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC: doing = "flushing"; break;
    default: break;
    }
    return fmt::format("{} it failed ({}; SQLite's code {})", doing,
                       system_error != 0 ? std::strerror(system_error) : detail, result);
}

/// What SQLite says holds names of tables and columns, never a value.
[[noreturn]] void fail(const char* detail, int system_error, int result, const std::string& path) {
    using enum FailureKind;
    const auto fail_file = [&](FailureKind kind, const std::string& what) {
        throw FileFailure(kind, fmt::format("{}: {}", path, what), result);
    };
    if (is_full(result, system_error))
        fail_file(needs_person, "no space left; free some on its file system, the rest goes by "
                                "itself");
    if (is_read_only(result, system_error))
        fail_file(needs_person, "its file system is read-only; make it writable again, the rest "
                                "goes by itself (after an error of the disk the kernel makes it "
                                "so: look in its log)");
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        fail_file(transient, "another program holds the file; close it there (`fuser -v` shows "
                             "who it is); it is tried again");
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        fail_file(needs_person,
                  fmt::format("cannot be written ({}); give this user the right to write the file "
                              "and its folder, and see that the file system is not read-only",
                              detail));
        break;
    case SQLITE_CANTOPEN:
        fail_file(needs_person, "cannot be opened; check that its folder exists and that this user "
                                "may use it");
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        fail_file(corrupt, fmt::format("damaged ({}); stop nudged, keep the file, restore a backup",
                                       detail));
        break;
    case SQLITE_IOERR:
        if (result == SQLITE_IOERR_CORRUPTFS)
            fail_file(corrupt, "its file system is damaged; stop nudged, repair the file system, "
                               "and restore a backup if the file does not pass `nudged warehouse "
                               "verify`");
        fail_file(transient,
                  io_error(result, system_error, detail) +
                      "; look for errors of the disk in the kernel's log; it is tried again");
        break;
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL: fail_file(transient, detail); break;
    case SQLITE_INTERRUPT:
        throw Failure(transient, fmt::format("{}: a statement was stopped at its deadline, since "
                                             "long reads hold the write-ahead log",
                                             path));
    case SQLITE_AUTH:  // of our authorizer
        throw Failure(refused, fmt::format("{}: {}", path, detail));
    case SQLITE_SCHEMA: throw Failure(transient, fmt::format("{}: {}", path, detail));
    default: break;
    }
    throw Failure(refused, fmt::format("{}: {}", path, detail));
}

[[noreturn]] void fail(sqlite3* handle, int result, const std::string& path) {
    const int latest = errno;
    // SQLite keeps it but where a COMMIT fails.
    const int system_error = sqlite3_system_errno(handle);
    const bool is_forgotten = system_error == 0 && (result & 0xff) == SQLITE_IOERR;
    fail(sqlite3_errmsg(handle), is_forgotten ? latest : system_error, result, path);
}

std::string path_of(sqlite3* handle) {
    const char* path = sqlite3_db_filename(handle, "main");
    return path && *path ? path : "a database in memory";
}

}  // namespace

bool FileFailure::is_of_flush() const {
    return code_ == SQLITE_IOERR_FSYNC || code_ == SQLITE_IOERR_DIR_FSYNC;
}

Statement::Statement(Prepared& prepared) : prepared_(&prepared) {
    prepared.borrowed = true;
}

Statement::Statement(Statement&& other) noexcept
    : prepared_(std::exchange(other.prepared_, nullptr)) {}

Statement::~Statement() {
    if (!prepared_) return;
    sqlite3_reset(handle());
    sqlite3_clear_bindings(handle());
    prepared_->borrowed = false;
}

void Statement::check(int result) const {
    if (result == SQLITE_OK) return;
    sqlite3* database = sqlite3_db_handle(handle());
    fail(database, result, path_of(database));
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    check(sqlite3_bind_int64(handle(), parameter, value));
    return *this;
}

Statement& Statement::bind(int parameter, double value) {
    check(sqlite3_bind_double(handle(), parameter, value));
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    // A null pointer would bind NULL, which the empty text is not.
    const char* bytes = text.data() ? text.data() : "";
    check(sqlite3_bind_text64(handle(), parameter, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_null(int parameter) {
    check(sqlite3_bind_null(handle(), parameter));
    return *this;
}

bool Statement::step() {
    const int result = sqlite3_step(handle());
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) check(result);
    return false;
}

std::int64_t Statement::run() {
    while (step()) continue;
    const std::int64_t changed = sqlite3_changes64(sqlite3_db_handle(handle()));
    reset();
    return changed;
}

void Statement::reset() {
    sqlite3_reset(handle());  // repeats the code of a step that failed, which has been thrown
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle(), column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(handle(), column);
}

std::string_view Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle(), column));
    if (!bytes) return std::string_view{""};  // not null: bound again, it stays a text
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}

std::optional<std::int64_t> Statement::maybe_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<std::string> Statement::maybe_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return std::string{text(column)};
}

std::optional<Instant> Statement::maybe_instant(int column) const {
    if (is_null(column)) return std::nullopt;
    return from_millis(integer(column));
}

int Statement::column_count() const {
    return sqlite3_column_count(handle());
}

bool Statement::is_integer(int column) const {
    return sqlite3_column_type(handle(), column) == SQLITE_INTEGER;
}

bool Statement::is_number(int column) const {
    return is_integer(column) || sqlite3_column_type(handle(), column) == SQLITE_FLOAT;
}

std::string_view Statement::column_name(int column) const {
    return sqlite3_column_name(handle(), column);
}

Database::Database(const std::string& path, Mode mode, const char* files) {
    const int flags =
        mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int result = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, files);
    if (result != SQLITE_OK) {
        const int system_error = handle_ ? sqlite3_system_errno(handle_) : 0;
        sqlite3_close(handle_);
        fail(sqlite3_errstr(result), system_error, result, path);
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // A misspelt column in double quotes is an error, not a text.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    if (mode == Mode::read_only)
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    else  // as Debian's SQLite does by itself; Scrub builds on it
        sqlite3_exec(handle_, "PRAGMA secure_delete = ON", nullptr, nullptr, nullptr);
}

Database::~Database() {
    for (auto& [sql, copies] : statements_)
        for (auto& prepared : copies) {
            assert(!prepared.borrowed);
            sqlite3_finalize(prepared.handle);
        }
    sqlite3_close(handle_);
}

Statement Database::prepare(std::string_view sql) const {
    auto found = statements_.find(sql);
    if (found != statements_.end())
        for (auto& prepared : found->second)
            if (!prepared.borrowed) return Statement{prepared};
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (result != SQLITE_OK) fail(handle_, result, path_of(handle_));
    if (found == statements_.end()) {
        if (statements_.size() >= most_kept) drop_unused();
        found = statements_.try_emplace(std::string{sql}).first;
    }
    return Statement{found->second.emplace_back(Statement::Prepared{statement, false})};
}

void Database::drop_unused() const {
    std::erase_if(statements_, [](auto& kept) {
        for (const auto& prepared : kept.second)
            if (prepared.borrowed) return false;
        for (const auto& prepared : kept.second) sqlite3_finalize(prepared.handle);
        return true;
    });
}

void Database::check(int result) const {
    if (result != SQLITE_OK) fail(handle_, result, path_of(handle_));
}

void Database::check_file(int result) const {
    const int system_error = errno;
    if (result != SQLITE_OK) fail(sqlite3_errstr(result), system_error, result, path_of(handle_));
}

void Database::execute(const std::string& sql) {
    check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::integer(std::string_view sql) const {
    auto statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::last_insert_id() const {
    return sqlite3_last_insert_rowid(handle_);
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_);
}

bool Database::in_transaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

void Database::stop_at(std::chrono::steady_clock::time_point when) {
    stop_at_ = when;
    sqlite3_progress_handler(
        handle_, operations_per_look,
        [](void* self) {
            const auto now = std::chrono::steady_clock::now();
            return now >= static_cast<Database*>(self)->stop_at_ ? 1 : 0;
        },
        this);
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
    if (kind == Kind::write) {
        database.prepare("BEGIN IMMEDIATE").run();
        return;
    }
    database.prepare("BEGIN").run();
    // BEGIN alone takes no snapshot: the first read does.
    try {
        database.integer("SELECT count(*) FROM sqlite_schema");
    } catch (...) {
        sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
}

Transaction::~Transaction() {
    // After some errors, such as a full disk, SQLite has rolled back already.
    if (open_ && database_.in_transaction())
        sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    database_.prepare("COMMIT").run();
    open_ = false;
}

Savepoint::Savepoint(Database& database) : database_(database) {
    database.prepare("SAVEPOINT part").run();
}

Savepoint::~Savepoint() {
    if (open_ && database_.in_transaction())
        sqlite3_exec(database_.handle(), "ROLLBACK TO part; RELEASE part", nullptr, nullptr,
                     nullptr);
}

void Savepoint::keep() {
    database_.prepare("RELEASE part").run();
    open_ = false;
}

}  // namespace nudged::warehouse
