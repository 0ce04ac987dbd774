// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/funnel.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string rep;
    std::string kpi;
    std::string as_of;
};

const warehouse::Rep& find_rep(const View& view, const config::Config& config,
                               const std::string& wanted) {
    const auto somebody = warehouse::find_on_roster(config.roster, wanted, warehouse::Role::rep);
    const auto id = warehouse::person_on_roster(view.reader().database(), somebody);
    if (const auto* rep = view.people().rep(id)) return *rep;
    if (view.people().is_shielded(id)) {
        fmt::print(stderr,
                   "--rep {}: their team shows no figures of its members ([team.privacy])\n",
                   wanted);
        throw Exit{exit_failure};
    }
    fmt::print(stderr, "--rep {}: they are no rep of a team\n", wanted);
    throw Exit{exit_usage};
}

/// Rounded up, since half a call brings nothing.
std::string needed_text(double value) {
    return std::isinf(value) ? "–" : fmt::format("{:.0f}", std::ceil(value - 1e-9));
}

std::string rate_text(double rate) {
    return fmt::format("{:.1f} %", rate * 100);
}

/// "13 of 41", and the interval where the cases are too few for a percentage.
std::string cases_text(const checks::FunnelRate& rate) {
    auto text = fmt::format("{} of {}", rate.hits, rate.cases);
    if (rate.hits > rate.cases) return text;
    const auto interval = checks::wilson(rate.hits, rate.cases);
    return text + fmt::format(" ({:.0f}–{:.0f} %)", interval.low * 100, interval.high * 100);
}

void print_chain(const checks::FunnelChain& chain, const std::string& name, std::size_t last) {
    fmt::print("{}: {:.1f} deals of {:.0f} in {} weeks\n\n", for_terminal(name, 40), chain.deals,
               chain.deal_size, chain.weeks);
    using Align = Table::Align;
    Table table({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right,
                 Align::right, Align::right});
    table.row(
        {"step", "own cases", "own rate", "needed", "a week", "team's rate", "needed", "a week"});
    for (std::size_t i = 0; i <= last; ++i) {
        const bool is_first = i == 0;
        const auto rate = is_first ? checks::FunnelRate{} : chain.rates[i - 1];
        table.row({chain.steps[i], is_first ? "" : cases_text(rate),
                   is_first ? "" : rate_text(rate.own), needed_text(chain.own[i]),
                   needed_text(chain.weekly(chain.own[i])), is_first ? "" : rate_text(rate.team),
                   needed_text(chain.team[i]), needed_text(chain.weekly(chain.team[i]))});
    }
    fmt::print("{}\nThe own rate is drawn towards the team's by {} cases.\n", table.str(),
               checks::shrink_weight);
}

std::size_t last_step(const checks::FunnelChain& chain, const std::string& kpi) {
    if (kpi.empty()) return chain.steps.size() - 1;
    const auto found = std::find(chain.steps.begin(), chain.steps.end(), kpi);
    if (found != chain.steps.end()) return static_cast<std::size_t>(found - chain.steps.begin());
    fmt::print(stderr, "--kpi {}: no step of the funnel; there are {}\n", kpi,
               fmt::join(chain.steps, ", "));
    throw Exit{exit_usage};
}

}  // namespace

void add_funnel(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "funnel", "What a quota asks of a rep each week, from the deal back to the dial");
    command.add_option("--rep", options->rep, "whose (e-mail or name)").required();
    command.add_option("--kpi", options->kpi, "back to this step only: a measure");
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.callback([options, &context] {
        const auto config = context.load();
        const View view(*config, as_of_option(options->as_of, *config));
        const auto& rep = find_rep(view, *config, options->rep);
        const auto chain = checks::read_funnel(view.scene(), rep);
        print_chain(chain, rep.name, last_step(chain, options->kpi));
    });
}

}  // namespace nudged::cli
