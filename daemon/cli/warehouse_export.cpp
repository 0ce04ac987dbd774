// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/parser.hpp"
#include "daemon/warehouse/export.hpp"

#include "daemon/cli/json.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/cli/warehouse_care.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    warehouse::ExportOptions what;
    std::string format = "csv";
    bool json = false;
};

void print(const warehouse::Exported& exported, bool json) {
    if (json) {
        Json out;
        out.begin_object().field("snapshots", exported.snapshots).key("files").begin_array();
        for (const auto& file : exported.files)
            out.begin_object()
                .field("view", file.view)
                .field("file", file.path)
                .field("rows", file.rows)
                .end_object();
        out.end_array().end_object();
        fmt::print("{}\n", out.str());
        return;
    }
    Table table({Table::Align::left, Table::Align::right, Table::Align::left});
    table.row({"view", "rows", "file"});
    for (const auto& file : exported.files)
        table.row({file.view, fmt::format("{}", file.rows), file.path});
    fmt::print("{}", table.str());
    if (exported.snapshots > 1)
        fmt::print("Read in {} snapshots, one after the other: rows that changed meanwhile may be "
                   "of before or after.\n",
                   exported.snapshots);
}

}  // namespace

void add_warehouse_export(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(
        "export", "Write the views of docs/views.md to files, beside the running daemon");
    command.add_option("--view", options->what.views, "only this view; may be given again")
        .one_value_each();
    command.add_option("--format", options->format, "csv or jsonl")
        .one_of({"csv", "jsonl"})
        .show_default();
    command.add_option("--to", options->what.folder, "the folder of the files").required();
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context] {
        options->what.format = options->format == "csv" ? warehouse::ExportFormat::csv
                                                        : warehouse::ExportFormat::jsonl;
        const auto config = context.load();
        print(warehouse::export_views(config->warehouse_path().string(), options->what),
              options->json);
    });
}

}  // namespace nudged::cli
