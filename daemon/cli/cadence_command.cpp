// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/cadence_read.hpp"
#include "daemon/cli/cadence_text.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string manager;
    std::string as_of;
    int weeks = 4;
    bool json = false;
};

/// Every team that the manager has.
std::vector<CadenceOf> read(const config::Config& config, const Options& options) {
    const auto somebody =
        warehouse::find_on_roster(config.roster, options.manager, warehouse::Role::manager);
    const View view(config, as_of_option(options.as_of, config));
    const auto manager = warehouse::person_on_roster(view.reader().database(), somebody);
    const auto scene = view.scene();
    const auto talks = checks::read_talks_of_managers(scene);
    std::vector<CadenceOf> all;
    for (const auto& team : view.people().teams) {
        if (team.manager != manager) continue;
        const auto input = checks::read_cadence(scene, team, talks, options.weeks);
        all.push_back({team.name, input.first, input.weeks, input.one_on_one_days,
                       checks::make_cadence(input)});
    }
    return all;
}

}  // namespace

void add_cadence(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "cadence", "A manager's own KPIs: 1:1s, follow-ups, scrums, praise; for the manager alone");
    command.add_option("--manager", options->manager, "whose: an address of teams.toml").required();
    command.add_option("--weeks", options->weeks, "how many complete weeks")
        .between(1, 52)
        .show_default();
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_flag("--json", options->json, "an array of objects");
    command.callback([options, &context] {
        const auto all = read(*context.load(), *options);
        if (options->json) {
            fmt::print("{}\n", cadence_json(all));
            return;
        }
        for (const auto& of : all) fmt::print("{}", cadence_text(of));
    });
}

}  // namespace nudged::cli
