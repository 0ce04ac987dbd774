// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/schema.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <sqlite3.h>

namespace nudged::cli {
namespace {

struct SqlOptions {
    std::string query;
    bool json = false;
};

void print_info(const config::Config& config) {
    const auto path = config.warehouse_path();
    const warehouse::Reader reader(path.string());
    Table table({Table::Align::left, Table::Align::right, Table::Align::right});
    table.row({"table", "rows", "deleted"});
    for (const auto entity : model::all_entities()) {
        const auto name = to_string(entity);
        auto count = reader.database().prepare(
            fmt::format("SELECT count(*), count(deleted_at) FROM {}", name));
        count.step();
        table.row({std::string{name}, fmt::format("{}", count.integer(0) - count.integer(1)),
                   fmt::format("{}", count.integer(1))});
    }
    auto version = reader.database().prepare("PRAGMA user_version");
    version.step();
    fmt::print("{}\nschema {}, SQLite {}, {} bytes\n\n{}", path.string(), version.integer(0),
               sqlite3_libversion(), std::filesystem::file_size(path), table.str());
}

/// SQLite's own check, and the rollups against a recount.
int verify(const config::Config& config) {
    const warehouse::Reader reader(config.warehouse_path().string());
    int problems = 0;
    auto check = reader.database().prepare("PRAGMA integrity_check");
    while (check.step()) {
        if (check.text(0) == "ok") continue;
        ++problems;
        fmt::print("{}\n", check.text(0));
    }
    for (const auto& difference : warehouse::verify_rollups(reader.database())) {
        ++problems;
        fmt::print("rollup {} {} {} {}: stored {}, counted {}\n", difference.source,
                   difference.user, difference.measure, difference.day, difference.stored,
                   difference.counted);
    }
    if (problems == 0) fmt::print("ok: the file is sound and every rollup equals a recount\n");
    return problems == 0 ? exit_ok : exit_failure;
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

/// Reads only: the connection cannot write, and one statement is run.
void run_sql(const config::Config& config, const SqlOptions& options) {
    const warehouse::Reader reader(config.warehouse_path().string());
    auto query = reader.database().prepare(options.query);
    std::vector<std::string> names;
    for (int i = 0; i < query.column_count(); ++i) names.emplace_back(query.column_name(i));
    if (options.json) {
        Json json;
        json.begin_array();
        while (query.step()) {
            json.begin_object();
            for (int i = 0; i < query.column_count(); ++i) {
                json.key(names[static_cast<std::size_t>(i)]);
                write_cell(json, query, i);
            }
            json.end_object();
        }
        json.end_array();
        fmt::print("{}\n", json.str());
        return;
    }
    Table table(std::vector<Table::Align>(names.size(), Table::Align::left));
    table.row(names);
    while (query.step()) {
        std::vector<std::string> cells;
        for (int i = 0; i < query.column_count(); ++i)
            cells.push_back(for_terminal(std::string{query.text(i)}));
        table.row(std::move(cells));
    }
    fmt::print("{}", table.str());
}

}  // namespace

void add_warehouse(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("warehouse", "Look into the warehouse");
    group->require_subcommand(1);
    group->add_subcommand("info", "The file, its schema, and how many records there are")
        ->callback([&context] { print_info(*context.load()); });
    group
        ->add_subcommand("verify", "Check the file, and compare every rollup with a recount; exits "
                                   "1 when something differs")
        ->callback([&context] { context.status = verify(*context.load()); });
    auto options = std::make_shared<SqlOptions>();
    auto* sql =
        group->add_subcommand("sql", "Run one read-only query; docs/views.md describes the views");
    sql->add_option("QUERY", options->query, "SELECT …")->required();
    sql->add_flag("--json", options->json, "an array of objects");
    sql->callback([options, &context] { run_sql(*context.load(), *options); });
}

}  // namespace nudged::cli
