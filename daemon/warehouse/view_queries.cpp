// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/view_queries.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/export.hpp"
#include "daemon/warehouse/query_clock.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/view_manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace nudged::warehouse {
namespace {

using std::chrono::steady_clock;

/// The deadline is looked at each time that SQLite's machine has done so many operations.
constexpr int operations_per_look = 50;
/// A value longer than this is refused by SQLite itself: what is put together counts as well.
constexpr int longest_value = 100'000;
constexpr int longest_query = 50'000;

[[noreturn]] void refuse(const std::string& what) {
    throw Failure(FailureKind::refused, what);
}

void limit(sqlite3* handle) {
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest_value);
    sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, longest_query);
    sqlite3_limit(handle, SQLITE_LIMIT_COLUMN, 500);
    sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 200);
    sqlite3_limit(handle, SQLITE_LIMIT_COMPOUND_SELECT, 50);
    sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, 250'000);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
}

/// " (line 3 of the query)"; "" where SQLite does not know.
std::string line_text(sqlite3* handle, std::string_view sql) {
    const int offset = sqlite3_error_offset(handle);
    if (offset < 0 || static_cast<std::size_t>(offset) > sql.size()) return {};
    const auto before = sql.substr(0, static_cast<std::size_t>(offset));
    return fmt::format(" (line {} of the query)",
                       1 + std::count(before.begin(), before.end(), '\n'));
}

}  // namespace

/// What SQLite's authorizer is told, and what it answers. It speaks while a statement is prepared.
class ViewQueries::Guard {
public:
    /// Reads what there is, and what each view reads when it is left alone.
    explicit Guard(const Database& database) {
        for (auto& view : describe_views()) views_.insert(std::move(view.name));
        read_names(database);
        // SQLite makes these up when they are first named, which looks like a change of the schema.
        database.prepare("SELECT 1 FROM json_each('{}'), json_tree('{}')");
        sqlite3_set_authorizer(database.handle(), &Guard::decide, this);
        learning_ = true;
        std::erase_if(views_, [&](const auto& view) { return shows_private(database, view); });
        learning_ = false;
        for (const auto& [context, table, column] : reads_) contexts_.insert(context);
    }

    void begin(std::string_view sql) {
        sql_ = sql;
        used_ = find_named(sql, views_);
        denied_.clear();
        const auto taken = find_taken_name(sql, contexts_);
        if (!taken.empty())
            refuse(fmt::format("its WITH clause calls a table \"{}\", as a view or a part of one "
                               "is called; choose another name",
                               taken));
    }
    const std::set<std::string>& used() const { return used_; }
    const std::string& denied() const { return denied_; }

private:
    void read_names(const Database& database) {
        auto tables = database.prepare("SELECT name FROM sqlite_schema");
        while (tables.step()) names_.emplace(to_lower_ascii(tables.text(0)));
        // Scalars that are not deterministic look at the connection, or at chance.
        auto functions = database.prepare(
            "SELECT name FROM pragma_function_list WHERE builtin AND name NOT LIKE 'sqlite%'"
            " AND name <> 'load_extension' AND (type <> 's' OR flags & 2048"
            " OR name IN ('current_date', 'current_time', 'current_timestamp'))");
        while (functions.step()) functions_.emplace(functions.text(0));
    }

    bool shows_private(const Database& database, const std::string& view) {
        is_private_ = false;
        learned_ = view;
        try {
            database.prepare(fmt::format("SELECT * FROM {}", view));
        } catch (const Failure&) {
            if (!is_private_) throw;
        }
        return is_private_;
    }

    static int decide(void* self, int action, const char* first, const char* second, const char*,
                      const char* context) {
        const auto text = [](const char* part) { return std::string{part ? part : ""}; };
        return static_cast<Guard*>(self)->allows(action, text(first), text(second),
                                                 to_lower_ascii(text(context)))
                   ? SQLITE_OK
                   : SQLITE_DENY;
    }

    bool allows(int action, const std::string& first, const std::string& second,
                const std::string& context) {
        switch (action) {
        case SQLITE_SELECT:
        case SQLITE_RECURSIVE: return true;
        case SQLITE_FUNCTION:
            return functions_.contains(to_lower_ascii(second)) ||
                   deny(fmt::format("calls {}(), which is not allowed", second));
        case SQLITE_READ: return allows_read(to_lower_ascii(first), second, context);
        case SQLITE_PRAGMA: return deny("uses a PRAGMA; it may only SELECT");
        case SQLITE_ATTACH:
        case SQLITE_DETACH: return deny("attaches another file; it may only SELECT");
        default: return deny("does something else than to SELECT");
        }
    }

    bool allows_read(const std::string& table, const std::string& column,
                     const std::string& context) {
        if (views_.contains(table)) return true;
        if (learning_) return learn(context, table, column);
        if (table == "json_each" || table == "json_tree") return true;
        if (reads_.contains({context, table, column})) return true;
        if (column.empty()) {
            // A table of the query's own WITH clause, of which only the rows are counted.
            const bool is_own = !names_.contains(table) && !find_taken_name(sql_, {table}).empty();
            // Or one of a view, which SQLite takes apart before it sees that nothing of it is read.
            const bool is_of_view = std::any_of(used_.begin(), used_.end(), [&](const auto& view) {
                const auto tables = tables_.find(view);
                return tables != tables_.end() && tables->second.contains(table);
            });
            if (is_own || is_of_view) return true;
        }
        return deny(
            fmt::format("reads {}, which is none of the views; docs/views.md lists them", table));
    }

    bool learn(const std::string& context, const std::string& table, const std::string& column) {
        is_private_ = is_private_ || is_private_table(table);
        if (is_private_) return false;
        reads_.emplace(context, table, column);
        tables_[learned_].insert(table);
        return true;
    }

    bool deny(std::string what) {
        if (denied_.empty()) denied_ = std::move(what);
        return false;
    }

    std::set<std::string> views_;
    std::set<std::string> names_;  // of all tables, views and indexes, in lower case
    std::set<std::string> functions_;
    /// SQLite says for each column that is read which view, or which table of a view's WITH clause,
    /// asks for it.
    std::set<std::tuple<std::string, std::string, std::string>> reads_;
    std::map<std::string, std::set<std::string>> tables_;  // by view, those of its views as well
    std::set<std::string> contexts_;
    bool learning_ = false;
    bool is_private_ = false;
    std::string learned_;
    std::string_view sql_;
    std::set<std::string> used_;
    std::string denied_;
};

/// One statement while it lasts.
class ViewQueries::Query {
public:
    Query(const Database& database, Guard& guard, std::string_view sql)
        : handle_(database.handle()), guard_(guard) {
        if (sql.find('\0') != sql.npos) refuse("holds a NUL character");
        guard.begin(sql);
        const char* rest = nullptr;
        statement_ = prepare(sql, &rest);
        if (!statement_) refuse("is empty; write one SELECT");
        const auto offset = static_cast<std::size_t>(rest - sql.data());
        require_nothing_after(sql.substr(offset));
        if (!sqlite3_stmt_readonly(statement_.get()) || sqlite3_stmt_isexplain(statement_.get()) ||
            sqlite3_column_count(statement_.get()) == 0)
            refuse("does something else than to SELECT");
    }
    ~Query() { sqlite3_progress_handler(handle_, 0, nullptr, nullptr); }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    QueryShape shape(QueryAsks asks) const {
        QueryShape shape;
        for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i)
            shape.columns.emplace_back(sqlite3_column_name(statement_.get(), i));
        shape.views = guard_.used();
        for (int i = 1; i <= sqlite3_bind_parameter_count(statement_.get()); ++i) {
            const char* name = sqlite3_bind_parameter_name(statement_.get(), i);
            const std::string_view known{name ? name : "?"};
            const bool is_of_span = known == ":from" || known == ":until";
            if (is_of_span && asks == QueryAsks::of_a_span) continue;
            if (known != ":as_of" && known != ":today")
                refuse(fmt::format("has a parameter {}; there are :as_of{} and :today", known,
                                   asks == QueryAsks::of_a_span ? ", :from, :until" : ""));
        }
        return shape;
    }

    QueryResult run(const Parameters& parameters, const QueryLimits& limits) {
        QueryResult result{shape(parameters.span ? QueryAsks::of_a_span : QueryAsks::of_today), {}};
        bind(parameters);
        const QueryClock clock{parameters.as_of};
        deadline_ = steady_clock::now() + limits.time;
        sqlite3_progress_handler(
            handle_, operations_per_look,
            [](void* self) {
                return steady_clock::now() >= static_cast<Query*>(self)->deadline_ ? 1 : 0;
            },
            this);
        std::size_t bytes = 0;
        while (step(limits)) {
            if (result.rows.size() == limits.rows)
                refuse(fmt::format("gives more than {} rows; narrow it", limits.rows));
            result.rows.push_back(row(bytes));
            if (bytes > limits.bytes)
                refuse(fmt::format("gives more than {} bytes; narrow it", limits.bytes));
        }
        return result;
    }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

    Prepared prepare(std::string_view sql, const char** rest) {
        sqlite3_stmt* statement = nullptr;
        const int result =
            sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, rest);
        if (result == SQLITE_OK) return Prepared{statement};
        if (!guard_.denied().empty()) refuse(guard_.denied());
        refuse(
            fmt::format("does not work: {}{}", sqlite3_errmsg(handle_), line_text(handle_, sql)));
    }

    /// Comments and white space are nothing.
    void require_nothing_after(std::string_view rest) {
        sqlite3_stmt* second = nullptr;
        const int result = sqlite3_prepare_v2(handle_, rest.data(), static_cast<int>(rest.size()),
                                              &second, nullptr);
        sqlite3_finalize(second);
        if (result != SQLITE_OK || second)
            refuse("goes on after its first statement; write one SELECT");
    }

    void bind(const Parameters& parameters) {
        if (const int at = sqlite3_bind_parameter_index(statement_.get(), ":as_of"))
            sqlite3_bind_int64(statement_.get(), at, to_millis(parameters.as_of));
        bind(":today", parameters.today);
        if (!parameters.span) return;
        bind(":from", parameters.span->from);
        bind(":until", parameters.span->until);
    }

    void bind(const char* parameter, std::chrono::local_days day) {
        if (const int at = sqlite3_bind_parameter_index(statement_.get(), parameter))
            sqlite3_bind_text(statement_.get(), at, format_date(day).c_str(), -1, SQLITE_TRANSIENT);
    }

    bool step(const QueryLimits& limits) {
        const int result = sqlite3_step(statement_.get());
        if (result == SQLITE_ROW) return true;
        if (result == SQLITE_DONE) return false;
        if ((result & 0xff) == SQLITE_INTERRUPT)
            refuse(fmt::format("was stopped after {} s; ask for less",
                               std::chrono::duration<double>(limits.time).count()));
        if (!guard_.denied().empty()) refuse(guard_.denied());
        refuse(fmt::format("does not work: {}", sqlite3_errmsg(handle_)));
    }

    std::vector<QueryValue> row(std::size_t& bytes) const {
        std::vector<QueryValue> values;
        for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
            switch (sqlite3_column_type(statement_.get(), i)) {
            case SQLITE_NULL: values.emplace_back(); break;
            case SQLITE_INTEGER:
                values.emplace_back(sqlite3_column_int64(statement_.get(), i));
                break;
            case SQLITE_FLOAT:
                values.emplace_back(sqlite3_column_double(statement_.get(), i));
                break;
            default: values.emplace_back(text(i));
            }
            bytes += sizeof(QueryValue);
            if (const auto* text = std::get_if<std::string>(&values.back())) bytes += text->size();
        }
        return values;
    }

    /// A blob's bytes count as text, which whoever shows them cleans.
    std::string text(int column) const {
        const void* bytes = sqlite3_column_blob(statement_.get(), column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
        return bytes ? std::string{static_cast<const char*>(bytes), size} : std::string{};
    }

    sqlite3* handle_;
    Guard& guard_;
    Prepared statement_;
    steady_clock::time_point deadline_{};
};

ViewQueries::ViewQueries(std::unique_ptr<Database> database, QueryLimits limits)
    : database_(std::move(database)), limits_(limits) {
    database_->execute("PRAGMA cache_size = -16384");  // KiB
    snapshot_ = std::make_unique<Transaction>(*database_, Transaction::Kind::read);
    guard_ = std::make_unique<Guard>(*database_);
    limit(database_->handle());
}

ViewQueries::ViewQueries(const std::string& warehouse, QueryLimits limits)
    : ViewQueries(std::make_unique<Database>(warehouse, Database::Mode::read_only, query_clock()),
                  limits) {}

ViewQueries ViewQueries::of_schema() {
    auto database =
        std::make_unique<Database>(":memory:", Database::Mode::read_write, query_clock());
    migrate(*database);
    return {std::move(database), {}};
}

ViewQueries::ViewQueries(ViewQueries&&) noexcept = default;

ViewQueries::~ViewQueries() {
    // What ends the snapshot is no query.
    if (database_) sqlite3_set_authorizer(database_->handle(), nullptr, nullptr);
}

QueryShape ViewQueries::prepare(std::string_view sql, QueryAsks asks) const {
    return Query{*database_, *guard_, sql}.shape(asks);
}

QueryResult ViewQueries::run(std::string_view sql, const Parameters& parameters) const {
    return Query{*database_, *guard_, sql}.run(parameters, limits_);
}

}  // namespace nudged::warehouse
