// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/time_off.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string rep, from, to;
    std::int64_t id = 0;
    bool half = false;
    bool json = false;
};

void list(const config::Config& config, bool json) {
    std::vector<warehouse::Away> all;
    {
        const warehouse::Reader reader(config.warehouse_path().string());
        all = warehouse::read_away(reader.database());
    }
    if (json) {
        Json out;
        out.begin_array();
        for (const auto& away : all)
            out.begin_object()
                .field("id", static_cast<std::int64_t>(away.id))
                .field("rep", away.name)
                .field("from", format_date(away.from))
                .field("to", format_date(away.to))
                .field("share", away.share)
                .field("sheet", away.origin)
                .end_object();
        out.end_array();
        fmt::print("{}\n", out.str());
        return;
    }
    Table table(std::vector<Table::Align>(6, Table::Align::left));
    table.row({"id", "who", "from", "to", "days", "said by"});
    for (const auto& away : all)
        table.row({fmt::format("{}", static_cast<std::int64_t>(away.id)), for_terminal(away.name),
                   format_date(away.from), format_date(away.to), away.share < 1 ? "half" : "whole",
                   away.origin.empty() ? "command" : "sheet " + away.origin});
    fmt::print("{}", table.str());
}

}  // namespace

void add_away(Parser app, Context& context) {
    auto group = app.add_subcommand("away", "Days off, beside those of teams.toml; never why");
    group.require_subcommand();
    auto added = std::make_shared<Options>();
    auto add = group.add_subcommand("add", "Somebody is away: targets and working days follow");
    add.add_option("--rep", added->rep, "who: a rep or a manager").required();
    add.add_option("--from", added->from, "the first day off").required();
    add.add_option("--to", added->to, "the last day off; default: the first");
    add.add_flag("--half", added->half, "for half of each day");
    add.add_flag("--json", added->json, "an object");
    add.callback([added, &context] {
        const runtime::ControlRequest request{.command = "away.add",
                                              .arguments = {{"rep", added->rep},
                                                            {"from", added->from},
                                                            {"to", added->to},
                                                            {"half", added->half ? "true" : ""}}};
        context.status = take_care(*context.load(), request, added->json);
    });

    auto listed = std::make_shared<Options>();
    auto list_command = group.add_subcommand("list", "What was said by command, or by a sheet");
    list_command.add_flag("--json", listed->json, "an array of objects");
    list_command.callback([listed, &context] { list(*context.load(), listed->json); });

    auto removed = std::make_shared<Options>();
    auto remove = group.add_subcommand("remove", "They work after all");
    remove.add_option("ID", removed->id, "of `nudged away list`").required();
    remove.add_flag("--json", removed->json, "an object");
    remove.callback([removed, &context] {
        const runtime::ControlRequest request{
            .command = "away.remove", .arguments = {{"id", fmt::format("{}", removed->id)}}};
        context.status = take_care(*context.load(), request, removed->json);
    });
}

}  // namespace nudged::cli
