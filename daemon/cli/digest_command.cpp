// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/message_format.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/runtime/digest_maker.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string to;
    std::string as_of;
    std::string format = "text";
};

bool is_manager(const warehouse::Team& team, const std::string& person) {
    const auto wanted = to_lower_ascii(person);
    return to_lower_ascii(team.manager_email) == wanted ||
           to_lower_ascii(team.manager_name) == wanted;
}

[[noreturn]] void unknown_manager(const warehouse::People& people, const std::string& person) {
    fmt::print(stderr, "--to {}: manages no team; managers are", person);
    for (const auto& team : people.teams)
        fmt::print(stderr, " {}",
                   team.manager_email.empty() ? team.manager_name : team.manager_email);
    fmt::print(stderr, "\n");
    throw Exit{exit_usage};
}

}  // namespace

void add_digest(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "digest", "Print the message that a manager would get now; sends and changes nothing");
    command.add_option("--to", options->to, "the manager (e-mail or name)").required();
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    add_message_format(command, options->format);
    command.callback([options, &context] {
        const auto config = context.load();
        const auto as_of = as_of_option(options->as_of, *config);
        const View view(*config, as_of);
        const auto scene = view.scene();
        const auto evaluation = checks::evaluate(scene);
        const auto basis = checks::make_scorecard_basis(scene, evaluation);
        bool found = false;
        for (const auto& team : view.people().teams) {
            if (!is_manager(team, options->to)) continue;
            found = true;
            auto due = alerts::digest_of(team, config->alerts.digest, team.zone.local_day(as_of));
            due.is_weekly = due.is_weekly && !config->alerts.brief.enabled;
            const auto digest = runtime::make_digest(*config, scene, evaluation, basis, team, due);
            fmt::print("{}", render_as(digest.message, options->format));
        }
        if (!found) unknown_manager(view.people(), options->to);
    });
}

}  // namespace nudged::cli
