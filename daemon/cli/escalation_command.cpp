// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/escalations.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

using warehouse::Escalation;

struct Options {
    std::map<std::string, std::string> values;
    std::int64_t id = 0;
    bool all = false;
    bool json = false;
};
using Shared = std::shared_ptr<Options>;

std::string state_of(const Escalation& one) {
    if (!one.closed_at) return "open";
    return one.reviewed_at ? "reviewed" : "closed";
}

std::string json_of(const std::vector<Escalation>& all) {
    Json json;
    json.begin_array();
    for (const auto& one : all) {
        json.begin_object()
            .field("id", static_cast<std::int64_t>(one.id))
            .field("customer", one.customer)
            .field("state", state_of(one))
            .field("rep", one.rep_name)
            .field("manager", one.manager_name)
            .field("team", one.team)
            .field("opened_at", format_instant(one.opened_at))
            .field("updated_at", format_instant(one.updated_at))
            .field("next_step", one.next_step);
        json.key("updates").begin_array();
        for (const auto& update : one.updates)
            json.begin_object()
                .field("at", format_instant(update.at))
                .field("text", update.text)
                .end_object();
        json.end_array();
        if (one.closed_at)
            json.field("closed_at", format_instant(*one.closed_at)).field("outcome", one.outcome);
        if (one.reviewed_at)
            json.field("reviewed_at", format_instant(*one.reviewed_at)).field("review", one.review);
        json.end_object();
    }
    json.end_array();
    return json.str();
}

void list(const config::Config& config, const Options& options) {
    std::vector<Escalation> all;
    {
        const warehouse::Reader reader(config.warehouse_path().string());
        all = warehouse::read_escalations(reader, system_now());
    }
    if (!options.all)
        std::erase_if(all, [](const Escalation& one) { return one.reviewed_at.has_value(); });
    if (options.json) {
        fmt::print("{}\n", json_of(all));
        return;
    }
    Table table(std::vector<Table::Align>(7, Table::Align::left));
    table.row(
        {"id", "customer", "state", "rep", "handled by", "last update", "next step, or outcome"});
    for (const auto& one : all)
        table.row({fmt::format("{}", static_cast<std::int64_t>(one.id)), for_terminal(one.customer),
                   state_of(one), for_terminal(one.rep_name), for_terminal(one.manager_name),
                   shown_time(one.updated_at),
                   for_terminal(one.closed_at ? one.outcome : one.next_step)});
    fmt::print("{}", table.str());
}

void add_step(Parser group, Context& context, const char* name, const char* about,
              std::initializer_list<std::pair<const char*, const char*>> values, bool has_id) {
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(name, about);
    if (has_id) command.add_option("ID", options->id, "of `nudged escalation list`").required();
    for (const auto& [option, meaning] : values)
        command.add_option(fmt::format("--{}", option), options->values[option], meaning);
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context, name = std::string{name}] {
        runtime::ControlRequest request{.command = "escalation." + name,
                                        .arguments = options->values};
        if (options->id != 0) request.arguments["id"] = fmt::format("{}", options->id);
        context.status = take_care(*context.load(), request, options->json);
    });
}

}  // namespace

void add_escalation(Parser app, Context& context) {
    auto group = app.add_subcommand("escalation", "A customer's trouble that a manager handles");
    group.require_subcommand();
    add_step(group, context, "open", "Begin one",
             {{"customer", "whose trouble it is"},
              {"rep", "whose customer it is"},
              {"manager", "who handles it; default: the rep's manager"},
              {"text", "what has happened"},
              {"next", "what comes next"}},
             false);
    add_step(group, context, "update", "Note what has happened since",
             {{"text", "what has happened"}, {"next", "what comes next; default: as it was"}},
             true);
    add_step(group, context, "close", "End one, with what came of it",
             {{"outcome", "what came of it"}}, true);
    add_step(group, context, "review", "Note what was learnt, within 5 working days",
             {{"text", "what was learnt"}}, true);
    auto options = std::make_shared<Options>();
    auto list_command = group.add_subcommand("list", "Those that are open or wait for a review");
    list_command.add_flag("--all", options->all, "those with a review as well");
    list_command.add_flag("--json", options->json, "an array of objects");
    list_command.callback([options, &context] { list(*context.load(), *options); });
}

}  // namespace nudged::cli
