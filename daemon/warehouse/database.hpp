// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/base/instant.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace nudged::warehouse {

/// The file, or the disk under it, does not do what it should: full, read-only, damaged, locked, an
/// error of input or output. What the statement said is not at fault.
class FileFailure : public Failure {
public:
    FileFailure(FailureKind kind, const std::string& what, int code)
        : Failure(kind, what), code_(code) {}
    /// SQLite's extended result code.
    int code() const { return code_; }
    /// A flush has failed: what was written before may be lost, though a later flush succeeds.
    bool is_of_flush() const;

private:
    int code_;
};

/// A prepared statement, borrowed from its Database and given back, reset and with its bindings
/// cleared, when it goes. Parameters and columns count as SQLite does: ?1 is 1, the first column is
/// 0. Errors throw FileFailure: transient for a busy file or an error of the disk, needs_person for
/// a full disk or a missing right, corrupt for a damaged file; else Failure: refused for a
/// statement that cannot succeed, transient for one that was stopped at its deadline.
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, double value);
    /// The text is not copied: it must live until the statement is stepped for the last time.
    Statement& bind(int parameter, std::string_view text);
    Statement& bind(int parameter, const char* text) {
        return bind(parameter, std::string_view{text});
    }
    Statement& bind(int parameter, bool value) { return bind(parameter, std::int64_t{value}); }
    Statement& bind(int parameter, int value) { return bind(parameter, std::int64_t{value}); }
    Statement& bind(int parameter, Instant value) { return bind(parameter, to_millis(value)); }
    template <typename Id>
    requires std::is_enum_v<Id> Statement& bind(int parameter, Id id) {
        return bind(parameter, static_cast<std::int64_t>(id));
    }
    Statement& bind_null(int parameter);
    template <typename T>
    Statement& bind(int parameter, const std::optional<T>& value) {
        return value ? bind(parameter, *value) : bind_null(parameter);
    }

    /// True while there is a row.
    bool step();
    /// For statements whose rows do not matter: to the end and reset; the number of rows changed.
    std::int64_t run();
    /// Back to the start, bindings kept.
    void reset();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;  // 0 for null
    double real(int column) const;
    std::string_view text(int column) const;  // valid until the next step; "" for null
    std::optional<std::int64_t> maybe_integer(int column) const;
    std::optional<std::string> maybe_text(int column) const;
    std::optional<Instant> maybe_instant(int column) const;
    int column_count() const;
    std::string_view column_name(int column) const;
    /// Whether the value here is a whole number, or a number at all, rather than text or null.
    bool is_integer(int column) const;
    bool is_number(int column) const;

private:
    friend class Database;
    struct Prepared {
        sqlite3_stmt* handle;
        bool borrowed;
    };
    explicit Statement(Prepared& prepared);
    void check(int result) const;
    sqlite3_stmt* handle() const { return prepared_->handle; }
    Prepared* prepared_;
};

/// One SQLite connection. One thread at a time. Statements are prepared once and kept, as long as
/// there are not very many; one that is in use already is prepared a second time.
class Database {
public:
    /// `read_write` makes the file when it is missing, and overwrites what it deletes; `read_only`
    /// never checkpoints.
    enum class Mode { read_only, read_write };
    /// `files` names another of SQLite's ways to files than the usual one.
    Database(const std::string& path, Mode mode, const char* files = nullptr);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Prepared once per text. Of more than `most_kept` texts those that nobody uses are dropped:
    /// updates of chosen columns alone have more than a long-lived connection should keep.
    Statement prepare(std::string_view sql) const;
    static constexpr std::size_t most_kept = 1000;
    /// Several statements without parameters, whose rows do not matter.
    void execute(const std::string& sql);
    /// For a statement of one number, such as a pragma; 0 when it has no row.
    std::int64_t integer(std::string_view sql) const;
    std::int64_t last_insert_id() const;
    std::int64_t changes() const;
    bool in_transaction() const;
    sqlite3* handle() const { return handle_; }
    /// Throws what `result` of a call on handle() means, unless it is SQLITE_OK.
    void check(int result) const;
    /// The same for a call on the file itself, past the connection; right after it.
    void check_file(int result) const;

    /// Statements that still run at `when` are stopped, and every later one: they throw
    /// Failure(transient).
    void stop_at(std::chrono::steady_clock::time_point when);

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Cache =
        std::unordered_map<std::string, std::deque<Statement::Prepared>, TextHash, std::equal_to<>>;

    void drop_unused() const;

    sqlite3* handle_ = nullptr;
    std::chrono::steady_clock::time_point stop_at_{};
    mutable Cache statements_;
};

/// Rolls back unless commit() was reached. A read transaction holds its snapshot from the start.
class Transaction {
public:
    enum class Kind { read, write };
    explicit Transaction(Database& database, Kind kind = Kind::write);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

/// Part of a transaction that is undone alone unless keep() was reached.
class Savepoint {
public:
    explicit Savepoint(Database& database);
    ~Savepoint();
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    void keep();

private:
    Database& database_;
    bool open_ = true;
};

}  // namespace nudged::warehouse
