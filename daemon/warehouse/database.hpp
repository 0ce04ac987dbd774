// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace nudged::warehouse {

/// A prepared statement, borrowed from its Database and reset when it goes. Parameters and columns
/// count as SQLite does: ?1 is 1, the first column is 0. Errors throw Failure: transient for a busy
/// file, needs_person for a full disk or a missing right, corrupt for a damaged file.
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
    Statement& bind_null(int parameter);
    template <typename T>
    Statement& bind(int parameter, const std::optional<T>& value) {
        return value ? bind(parameter, *value) : bind_null(parameter);
    }

    /// True while there is a row.
    bool step();
    /// For statements without rows: steps once; the number of rows changed.
    std::int64_t run();
    /// Back to the start, bindings kept.
    void reset();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;  // 0 for null
    double real(int column) const;
    std::string_view text(int column) const;  // valid until the next step; "" for null
    std::optional<std::int64_t> maybe_integer(int column) const;
    std::optional<std::string> maybe_text(int column) const;
    int column_count() const;
    std::string_view column_name(int column) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
    [[noreturn]] void fail() const;
    sqlite3_stmt* handle_;
};

/// One SQLite connection. One thread at a time. Statements are prepared once and kept.
class Database {
public:
    enum class Mode { read_only, read_write };
    Database(const std::string& path, Mode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Prepared once per text; the text must be a constant of the program.
    Statement prepare(std::string_view sql) const;
    /// Several statements without parameters or rows.
    void execute(const std::string& sql);
    std::int64_t last_insert_id() const;
    std::int64_t changes() const;
    sqlite3* handle() const { return handle_; }

private:
    sqlite3* handle_ = nullptr;
    mutable std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

/// Rolls back unless commit() was reached.
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

}  // namespace nudged::warehouse
