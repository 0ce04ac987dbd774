// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/cli/warehouse_care.hpp"
#include "daemon/cli/warehouse_show.hpp"
#include "daemon/warehouse/export.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/unknown_owners.hpp"
#include "daemon/warehouse/view_manual.hpp"
#include "daemon/warehouse/view_queries.hpp"

#include <cstdio>
#include <filesystem>
#include <sqlite3.h>

namespace nudged::cli {
namespace {

struct SqlOptions {
    std::string query;
    bool json = false;
    int timeout_s =
        std::chrono::duration_cast<std::chrono::seconds>(warehouse::Reader::longest).count();
};

/// Whose work counts for nobody; nothing when there is none.
void print_unknown_owners(const warehouse::Reader& reader) {
    const auto owners = warehouse::read_unknown_owners(reader);
    if (owners.empty()) return;
    Table table({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::right});
    table.row({"source", "owner", "entity", "records"});
    for (const auto& owner : owners)
        table.row({owner.source, owner.owner.empty() ? "(none)" : for_terminal(owner.owner),
                   owner.entity, fmt::format("{}", owner.records)});
    fmt::print("\nOwners whom no source told as a user; their work counts for nobody, unless "
               "teams.toml says "
               "whose it is (users = [\"SOURCE/USER ID\"]):\n{}",
               table.str());
}

struct RowCount {
    std::string table;
    std::int64_t rows = 0;
    std::int64_t deleted = 0;
};

std::vector<RowCount> count_rows(const warehouse::Reader& reader) {
    std::vector<RowCount> counts;
    for (const auto entity : model::all_entities()) {
        const auto name = to_string(entity);
        auto count = reader.database().prepare(
            fmt::format("SELECT count(*), count(deleted_at) FROM {}", name));
        count.step();
        counts.push_back(
            {std::string{name}, count.integer(0) - count.integer(1), count.integer(1)});
    }
    return counts;
}

void print_info(const config::Config& config) {
    const auto path = config.warehouse_path();
    const warehouse::Reader reader(path.string());
    Table table({Table::Align::left, Table::Align::right, Table::Align::right});
    table.row({"table", "rows", "deleted"});
    for (const auto& count : count_rows(reader))
        table.row({count.table, fmt::format("{}", count.rows), fmt::format("{}", count.deleted)});
    fmt::print("{}\nschema {}, SQLite {}, {} bytes\n\n{}", path.string(),
               reader.database().integer("PRAGMA user_version"), sqlite3_libversion(),
               std::filesystem::file_size(path), table.str());
    print_unknown_owners(reader);
}

void print_info_json(const config::Config& config) {
    const auto path = config.warehouse_path();
    const warehouse::Reader reader(path.string());
    Json json;
    json.begin_object()
        .field("file", path.string())
        .field("schema", reader.database().integer("PRAGMA user_version"))
        .field("sqlite", sqlite3_libversion())
        .field("bytes", static_cast<std::size_t>(std::filesystem::file_size(path)))
        .key("tables")
        .begin_array();
    for (const auto& count : count_rows(reader))
        json.begin_object()
            .field("table", count.table)
            .field("rows", count.rows)
            .field("deleted", count.deleted)
            .end_object();
    json.end_array().key("unknown_owners").begin_array();
    for (const auto& owner : warehouse::read_unknown_owners(reader))
        json.begin_object()
            .field("source", owner.source)
            .field("owner", owner.owner)
            .field("entity", owner.entity)
            .field("records", owner.records)
            .end_object();
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
}

void write_cell(Json& json, const warehouse::Statement& row, int column) {
    if (row.is_null(column))
        json.value(std::optional<int>{});
    else if (row.is_integer(column))
        json.value(row.integer(column));
    else if (row.is_number(column))
        json.value(row.real(column));
    else
        json.value(row.text(column));
}

std::string read_json(const warehouse::Reader& reader, const std::string& sql) {
    auto query = reader.database().prepare(sql);
    Json json;
    json.begin_array();
    while (query.step()) {
        json.begin_object();
        for (int i = 0; i < query.column_count(); ++i) {
            json.key(query.column_name(i));
            write_cell(json, query, i);
        }
        json.end_object();
    }
    json.end_array();
    return json.str() + '\n';
}

std::string read_table(const warehouse::Reader& reader, const std::string& sql) {
    auto query = reader.database().prepare(sql);
    std::vector<std::string> names;
    for (int i = 0; i < query.column_count(); ++i) names.emplace_back(query.column_name(i));
    Table table(std::vector<Table::Align>(names.size(), Table::Align::left));
    table.row(names);
    while (query.step()) {
        std::vector<std::string> cells;
        for (int i = 0; i < query.column_count(); ++i)
            cells.push_back(for_terminal(std::string{query.text(i)}));
        table.row(std::move(cells));
    }
    return table.str();
}

/// Reads only: the connection cannot write, and one statement is run; notes are left out. Where a
/// team shows no figures of its members, the views alone can be read, which leave them out.
std::string run_sql(const config::Config& config, const SqlOptions& options) {
    const warehouse::Reader reader(config.warehouse_path().string(),
                                   std::chrono::seconds{options.timeout_s});
    if (reader.database().integer("SELECT EXISTS (SELECT 1 FROM shielded)") != 0)
        warehouse::ViewQueries{reader.path()}.prepare(options.query);
    warehouse::hide_private_tables(reader.database());
    return options.json ? read_json(reader, options.query) : read_table(reader, options.query);
}

}  // namespace

void add_warehouse(Parser app, Context& context) {
    auto group =
        app.add_subcommand("warehouse", "The stored data: look into it, keep it, put it back");
    group.require_subcommand();
    auto json = std::make_shared<bool>(false);
    auto info =
        group.add_subcommand("info", "The file, its schema, and how many records there are");
    info.add_flag("--json", *json,
                  "an object: file, schema, sqlite, bytes, tables, unknown_owners");
    info.callback([json, &context] {
        const auto config = context.load();
        *json ? print_info_json(*config) : print_info(*config);
    });
    add_rollups(group, context);
    group.add_subcommand("views", "The views and their columns, as docs/views.md has them")
        .callback([] { fmt::print("{}", warehouse::render_view_manual()); });
    add_warehouse_show(group, context);
    auto options = std::make_shared<SqlOptions>();
    auto sql =
        group.add_subcommand("sql", "Run one read-only query; docs/views.md describes the views");
    sql.add_option("QUERY", options->query, "SELECT …").required();
    sql.add_flag("--json", options->json, "an array of objects");
    sql.add_option("--timeout", options->timeout_s,
                   "seconds after which the query is stopped: while it runs, the write-ahead log "
                   "grows")
        .show_default()
        .positive();
    sql.callback([options, &context] {
        const auto text = run_sql(*context.load(), *options);
        fmt::print("{}", text);
    });
    add_warehouse_care(group, context);
    add_warehouse_export(group, context);
}

}  // namespace nudged::cli
