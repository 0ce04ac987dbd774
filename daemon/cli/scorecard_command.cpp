// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/scorecard.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/scorecard_screen.hpp"
#include "daemon/cli/scorecard_text.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string team;
    std::string rep;
    std::string as;
    int weeks = 8;
    std::string as_of;
    std::string format = "text";
};

}  // namespace

void add_scorecard(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "scorecard", "KPIs per rep and week, against targets prorated by the days worked");
    command.add_option("--team", options->team, "only this team");
    command.add_option("--rep", options->rep, "only this rep (e-mail or name)");
    command.add_option("--as", options->as,
                       "a rep's own figures, which their team may show to nobody else (e-mail)");
    command.add_option("--weeks", options->weeks, "how many, the current one included")
        .between(1, 104)
        .show_default();
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_option("--format", options->format, "a line a rep; long: every week; csv; json")
        .one_of({"text", "long", "csv", "json"})
        .show_default();
    command.callback([options, &context] {
        const auto config = context.load();
        const View view(*config, as_of_option(options->as_of, *config), options->as);
        const auto& rep = options->as.empty() ? options->rep : options->as;
        const auto card = checks::make_scorecard(view.scene(), options->weeks, options->team, rep);
        if (options->format == "json")
            fmt::print("{}\n", scorecard_json(card));
        else
            fmt::print("{}", options->format == "csv"    ? scorecard_csv(card)
                             : options->format == "long" ? scorecard_text(card)
                                                         : scorecard_screen(card));
    });
}

}  // namespace nudged::cli
