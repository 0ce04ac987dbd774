// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/login_name.hpp"
#include "daemon/cli/parser.hpp"

#include <cstdio>

namespace nudged::cli {

void add_go_live(Parser app, Context& context) {
    struct Options {
        std::string team;
        std::string check;
        std::string by = login_name();
        bool all_checks = false;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "go-live", "Let managers hear of a team, or of a new check, that the admin alone hears of");
    auto team = command.add_option("TEAM", options->team, "as teams.toml calls it");
    auto check = command.add_option("--check", options->check, "a check's id").excludes(team);
    command.add_flag("--all-checks", options->all_checks, "every check that is in shadow")
        .excludes(team)
        .excludes(check);
    command.add_option("--by", options->by, "who decides it").show_default();
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context] {
        if (options->team.empty() && options->check.empty() && !options->all_checks) {
            fmt::print(stderr, "name a team, or say --check ID or --all-checks; `nudged status` "
                               "shows what is in shadow\n");
            throw Exit{exit_usage};
        }
        const runtime::ControlRequest request{
            .command = "go_live",
            .arguments = {{"team", options->team},
                          {"check", options->check},
                          {"all_checks", options->all_checks ? "true" : "false"},
                          {"by", options->by}}};
        context.status = take_care(*context.load(), request, options->json);
    });
}

}  // namespace nudged::cli
