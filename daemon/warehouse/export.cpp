// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/export.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/files.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/row_text.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace nudged::warehouse {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::size_t bytes_written_at_once = 64 * 1024;
constexpr std::chrono::minutes longest_read{10};  // of a view that cannot be read in pieces

[[noreturn]] void refuse(const std::string& what) {
    throw Failure(FailureKind::refused, what);
}

/// A reader that sees no private table, and is made anew when its snapshot is old.
class Snapshots {
public:
    Snapshots(const std::string& warehouse, std::chrono::milliseconds each)
        : warehouse_(warehouse), each_(each) {
        begin();
    }

    const Database& database() const { return reader_->database(); }
    int count() const { return count_; }
    bool is_old() const { return steady_clock::now() - began_ >= each_; }
    /// Nothing that was prepared before may be used after.
    void begin() {
        reader_.reset();
        reader_ = std::make_unique<Reader>(warehouse_, longest_read);
        began_ = steady_clock::now();
        ++count_;
        sqlite3_set_authorizer(
            reader_->database().handle(),
            [](void* denied, int action, const char* table, const char*, const char*, const char*) {
                if (action != SQLITE_READ || !table || !is_private_table(table)) return SQLITE_OK;
                *static_cast<bool*>(denied) = true;
                return SQLITE_DENY;
            },
            &denied_);
    }

    bool shows_private(const std::string& view) {
        denied_ = false;
        try {
            database().prepare(fmt::format("SELECT * FROM \"{}\"", view));
        } catch (const Failure&) {
            if (!denied_) throw;
        }
        return denied_;
    }

private:
    const std::string& warehouse_;
    std::chrono::milliseconds each_;
    std::unique_ptr<Reader> reader_;
    steady_clock::time_point began_;
    int count_ = 0;
    bool denied_ = false;
};

std::vector<std::string> all_views(const Database& database) {
    auto rows = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'view' AND name GLOB 'v_*' ORDER BY name");
    std::vector<std::string> views;
    while (rows.step()) views.emplace_back(rows.text(0));
    return views;
}

bool has_columns(const Database& database, std::string_view table, std::string_view first,
                 std::string_view second) {
    auto row = database.prepare(
        "SELECT count(DISTINCT name) FROM pragma_table_info(?1) WHERE name IN (?2, ?3)");
    row.bind(1, table).bind(2, first).bind(3, second).step();
    return row.integer(0) == (first == second ? 1 : 2);
}

/// The rows of a view behind a key ?1 which is their first column, in its order: then a later
/// snapshot can go on where one ended.
struct KeyedQuery {
    std::string sql;
    std::string without_key;  // the rows that have none; "" where all have one
    bool is_keyed = true;
};
KeyedQuery query_of(const Database& database, const std::string& view) {
    const auto base = view.substr(2);  // v_call is of call
    if (has_columns(database, view, "source", "id") &&
        has_columns(database, base, "source_id", "external_id") &&
        has_columns(database, base, "id", "id"))
        return {fmt::format("SELECT b.id, v.* FROM {0} b CROSS JOIN source s ON s.id = b.source_id "
                            "CROSS JOIN {1} v ON v.source = s.name AND v.id = b.external_id "
                            "WHERE b.id > ?1 ORDER BY b.id",
                            base, view),
                ""};
    if (has_columns(database, view, "person_id", "person_id"))
        return {fmt::format("SELECT v.person_id, v.* FROM {} v WHERE v.person_id > ?1 "
                            "ORDER BY v.person_id",
                            view),
                fmt::format("SELECT NULL, v.* FROM {} v WHERE v.person_id IS NULL", view)};
    return {fmt::format("SELECT NULL, v.* FROM {} v", view), "", false};
}

/// One file on its way: it gets its name when it is whole.
class Output {
public:
    explicit Output(std::string path) : path_(std::move(path)), unfinished_(path_ + ".partial") {
        fs::remove(unfinished_);
        file_.open(unfinished_, std::ios::binary | std::ios::trunc);
        std::error_code error;
        fs::permissions(unfinished_,
                        fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read,
                        error);
        check();
    }
    ~Output() {
        std::error_code ignored;
        if (!unfinished_.empty()) fs::remove(unfinished_, ignored);
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    std::string& text() { return text_; }
    void write_if_large() {
        if (text_.size() >= bytes_written_at_once) write();
    }
    void finish() {
        write();
        file_.close();
        check();
        sync_file(unfinished_);
        rename_over(unfinished_, path_);
        unfinished_.clear();
    }

private:
    void write() {
        file_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
        text_.clear();
        check();
    }
    void check() const {
        if (!file_)
            throw Failure(FailureKind::needs_person,
                          fmt::format("{}: cannot be written; check that its folder may be written "
                                      "by this user and has space",
                                      path_));
    }

    std::string path_;
    std::string unfinished_;
    std::ofstream file_;
    std::string text_;
};

class ViewExport {
public:
    ViewExport(Snapshots& snapshots, const std::string& view, ExportFormat format, Output& output)
        : snapshots_(snapshots), view_(view), format_(format), output_(output) {}

    std::int64_t run() {
        const auto query = query_of(snapshots_.database(), view_);
        if (!query.without_key.empty()) read(query.without_key, false);
        std::int64_t key = std::numeric_limits<std::int64_t>::min();
        for (auto next = std::optional{key}; next;) {
            key = *next;
            next = read(query.sql, query.is_keyed, key);
            if (next) snapshots_.begin();
        }
        return rows_;
    }

private:
    /// The key to go on behind, when the snapshot became old; empty: all is read.
    std::optional<std::int64_t> read(const std::string& sql, bool is_keyed, std::int64_t key = 0) {
        auto rows = snapshots_.database().prepare(sql);
        if (is_keyed) rows.bind(1, key);
        const auto names = column_names(rows, 1);
        if (!std::exchange(has_header_, true) && format_ == ExportFormat::csv)
            append_csv_names(output_.text(), names);
        for (bool is_first = true; rows.step(); is_first = false) {
            // Only between two keys: several rows may have the same.
            if (is_keyed && !is_first && rows.integer(0) != key && snapshots_.is_old()) return key;
            key = rows.integer(0);
            if (format_ == ExportFormat::csv) {
                append_csv(output_.text(), rows, 1);
            } else {
                append_json(output_.text(), rows, names, 1);
                output_.text() += '\n';
            }
            ++rows_;
            output_.write_if_large();
        }
        return std::nullopt;
    }

    Snapshots& snapshots_;
    const std::string& view_;
    ExportFormat format_;
    Output& output_;
    bool has_header_ = false;
    std::int64_t rows_ = 0;
};

std::vector<std::string> chosen_views(Snapshots& snapshots, const ExportOptions& options) {
    auto all = all_views(snapshots.database());
    if (options.views.empty()) {
        std::erase_if(all, [&](const std::string& view) { return snapshots.shows_private(view); });
        return all;
    }
    for (const auto& view : options.views) {
        if (std::find(all.begin(), all.end(), view) == all.end())
            refuse(
                fmt::format("there is no view \"{}\"; there are: {}", view, fmt::join(all, ", ")));
        if (snapshots.shows_private(view))
            refuse(fmt::format("{} shows what is said in 1:1s, which no export has", view));
    }
    return options.views;
}

}  // namespace

bool is_private_table(std::string_view table) {
    return table == "note" || table.starts_with("note_");
}

void hide_private_tables(const Database& database) {
    sqlite3_set_authorizer(
        database.handle(),
        [](void*, int action, const char* table, const char*, const char*, const char*) {
            return action == SQLITE_READ && table && is_private_table(table) ? SQLITE_DENY
                                                                             : SQLITE_OK;
        },
        nullptr);
}

Exported export_views(const std::string& warehouse, const ExportOptions& options) {
    Snapshots snapshots(warehouse, options.snapshot);
    const auto views = chosen_views(snapshots, options);
    std::error_code error;
    if (fs::create_directories(options.folder, error))
        fs::permissions(options.folder,
                        fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
    const char* extension = options.format == ExportFormat::csv ? "csv" : "jsonl";
    Exported exported;
    for (const auto& view : views) {
        const auto path =
            (fs::path{options.folder} / fmt::format("{}.{}", view, extension)).string();
        Output output(path);
        const auto rows = ViewExport(snapshots, view, options.format, output).run();
        output.finish();
        exported.files.push_back({view, path, rows});
    }
    exported.snapshots = snapshots.count();
    return exported;
}

}  // namespace nudged::warehouse
