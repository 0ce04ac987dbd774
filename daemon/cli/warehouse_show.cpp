// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/warehouse_show.hpp"

#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/opportunity_past.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct ShowOptions {
    std::string entity, id, as_of;
    std::optional<std::string> source;
};

void print_opportunity(const warehouse::PastOpportunity& deal) {
    fmt::print("{} {}: {}\n", deal.key.source, for_terminal(deal.key.id), for_terminal(deal.name));
    Table table({Table::Align::left, Table::Align::left});
    const auto line = [&](const char* name, const std::string& value) {
        table.row({name, value.empty() ? "-" : for_terminal(value)});
    };
    line("so from", deal.valid_from);
    line("so until", deal.valid_until);
    line("owner", deal.owner);
    line("stage", deal.stage);
    line("amount", deal.amount.empty() ? "" : deal.amount + " " + deal.currency);
    line("close date", deal.close_date);
    line("forecast category", deal.forecast_category);
    line("next step", deal.next_step);
    fmt::print("{}", table.str());
}

void print_changes(const std::vector<warehouse::PastChange>& changes) {
    if (changes.empty()) return;
    Table table(std::vector<Table::Align>(6, Table::Align::left));
    table.row({"changed at", "field", "from", "to", "by", "as"});
    const auto cell = [](const std::string& value) {
        return value.empty() ? "-" : for_terminal(value, 30);
    };
    for (const auto& change : changes)
        table.row({change.changed_at, change.field, cell(change.before), cell(change.after),
                   cell(change.changed_by), change.origin == "crm" ? "told" : "seen"});
    fmt::print("\n{}", table.str());
}

int show(const config::Config& config, const ShowOptions& options) {
    const Instant as_of = as_of_option(options.as_of, config);
    const warehouse::Reader reader(config.warehouse_path().string());
    const auto past = warehouse::read_past_opportunities(reader, options.id, options.source, as_of);
    for (const auto& deal : past) {
        print_opportunity(deal);
        print_changes(warehouse::read_past_changes(reader, deal.key, as_of));
    }
    if (!past.empty()) return exit_ok;
    fmt::print(stderr,
               "no opportunity {} was there {}; ids are the CRM's, as v_opportunity has them\n",
               for_terminal(options.id),
               options.as_of.empty() ? "now" : "at " + for_terminal(options.as_of));
    return exit_failure;
}

}  // namespace

void add_warehouse_show(Parser group, Context& context) {
    auto options = std::make_shared<ShowOptions>();
    auto command = group.add_subcommand(
        "show", "What an opportunity looked like on a day, and what had changed by then");
    command.add_option("ENTITY", options->entity, "opportunity").required().one_of({"opportunity"});
    command.add_option("ID", options->id, "the CRM's id of it").required();
    command.add_option("--source", options->source, "of this source alone");
    command.add_option("--as-of", options->as_of,
                       "the instant, or the end of the day; default: now");
    command.callback([options, &context] { context.status = show(*context.load(), *options); });
}

}  // namespace nudged::cli
