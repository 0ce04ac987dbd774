// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/message_format.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/runtime/digest_maker.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string who;
    std::string as_of;
    std::string format = "text";
};

/// What a command prints a message of.
struct Shown {
    const config::Config& config;
    const checks::Scene& scene;
    const checks::Evaluation& evaluation;
    const checks::ScorecardBasis& basis;
    const std::string& format;

    std::chrono::local_days today(const warehouse::Team& team) const {
        return team.zone.local_day(scene.as_of);
    }
    void print(const warehouse::Team& team, const alerts::DigestDue& due) const {
        const auto digest = runtime::make_digest(config, scene, evaluation, basis, team, due);
        if (!digest.has_news)
            fmt::print(
                stderr,
                "{}: others can read its channel \"{}\", so that nothing is sent there; give "
                "it one with audience = \"manager\"\n",
                team.name, team.channel);
        fmt::print("{}", render_as(digest.message, format));
    }
};

void add_options(Parser command, Options& options) {
    command.add_option("--as-of", options.as_of, "the instant, or the day, that counts as now");
    add_message_format(command, options.format);
}

/// Calls `show(shown, people)` with what there is to show from.
template <typename Show>
void with_scene(const config::Config& config, const Options& options, Show show) {
    const View view(config, as_of_option(options.as_of, config));
    const auto scene = view.scene();
    const auto evaluation = checks::evaluate(scene);
    const auto basis = checks::make_scorecard_basis(scene, evaluation);
    show(Shown{config, scene, evaluation, basis, options.format}, view.people());
}

void show_brief(const config::Config& config, const Options& options) {
    const auto manager =
        warehouse::find_on_roster(config.roster, options.who, warehouse::Role::manager);
    with_scene(config, options, [&](const Shown& shown, const warehouse::People& people) {
        const auto person = warehouse::person_on_roster(shown.scene.reader.database(), manager);
        for (const auto& team : people.teams)
            if (team.manager == person)
                shown.print(team, alerts::brief_of(team, config.alerts, shown.today(team)));
    });
}

void show_scrum(const config::Config& config, const Options& options) {
    const auto& wanted = warehouse::find_team(config.roster, options.who);
    with_scene(config, options, [&](const Shown& shown, const warehouse::People& people) {
        for (const auto& team : people.teams)
            if (team.name == wanted.name)
                shown.print(team, alerts::scrum_of(team, config.alerts, shown.today(team)));
    });
}

void show_card(const config::Config& config, const Options& options) {
    const auto rep = warehouse::find_on_roster(config.roster, options.who, warehouse::Role::rep);
    with_scene(config, options, [&](const Shown& shown, const warehouse::People& people) {
        const auto person = warehouse::person_on_roster(shown.scene.reader.database(), rep);
        const auto* known = people.rep(person);
        if (!known) return;
        const auto& team = people.team_of(*known);
        shown.print(team, alerts::card_of(team, config.alerts, *known, shown.today(team)));
    });
}

using Action = void (*)(const config::Config&, const Options&);

void add(Parser app, Context& context, const char* name, const char* meaning, const char* option,
         const char* who, Action show) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(name, meaning);
    command.add_option(option, options->who, who).required();
    add_options(command, *options);
    command.callback([options, show, &context] { show(*context.load(), *options); });
}

}  // namespace

void add_brief(Parser app, Context& context) {
    add(app, context, "brief",
        "Print the brief of the week that a manager would get now; sends and changes nothing",
        "--to", "the manager: an address or a name of teams.toml", show_brief);
}

void add_card(Parser app, Context& context) {
    add(app, context, "card",
        "Print the card for a 1:1 with a rep: praise, agreements, figures, what to talk about",
        "--rep", "the rep: an address or a name of teams.toml", show_card);
}

void add_scrum(Parser app, Context& context) {
    add(app, context, "scrum", "Print the sheet for a team's scrum, one line a rep", "--team",
        "the team", show_scrum);
}

}  // namespace nudged::cli
