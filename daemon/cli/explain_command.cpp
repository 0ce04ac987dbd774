// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/findings.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string id;
    std::string as_of;
};

/// The one finding whose id begins so; ends the command when it is not exactly one.
const warehouse::Finding& only_match(const warehouse::Findings& findings, const std::string& id) {
    const warehouse::Finding* match = nullptr;
    int matches = 0;
    for (const auto& finding : findings)
        if (finding.fingerprint().starts_with(id)) match = &finding, ++matches;
    if (matches == 1) return *match;
    if (matches == 0)
        fmt::print(stderr,
                   "no finding {} as of then; `nudged evaluate` lists what there is, and a "
                   "finding that is resolved needs --as-of a day on which it was open\n",
                   id);
    else
        fmt::print(stderr, "{} findings begin with {}; give more of the id\n", matches, id);
    throw Exit{exit_failure};
}

/// Findings of every check by itself: one that a rep's stale layer replaces can be explained too.
warehouse::Findings all_findings(const View& view) {
    warehouse::Findings all;
    for (const auto& check : checks::catalog()) {
        auto evaluation = checks::evaluate(view.scene(), check.id);
        std::move(evaluation.findings.begin(), evaluation.findings.end(), std::back_inserter(all));
    }
    return all;
}

void print_episodes(const View& view, const warehouse::Finding& finding) {
    const auto episodes = warehouse::read_episodes(view.reader(), finding.fingerprint());
    if (episodes.empty()) {
        fmt::print("\nNot taken up by the daemon yet: nobody has been told.\n");
        return;
    }
    fmt::print("\nEpisodes\n");
    for (const auto& episode : episodes) {
        fmt::print("  {}  opened {}", episode.number, format_instant(episode.opened_at));
        if (episode.notified_at) fmt::print(", told {}", format_instant(*episode.notified_at));
        if (episode.resolved_at) fmt::print(", resolved {}", format_instant(*episode.resolved_at));
        fmt::print("\n");
    }
}

void print_finding(const View& view, const config::Config& config,
                   const warehouse::Finding& finding) {
    const auto involved = read_involved(view.reader(), view.people(), finding);
    const auto* check = checks::find_check(finding.check);
    fmt::print("{} ({})\n{}\n\n", finding.check, to_string(finding.severity),
               for_terminal(finding.summary, 400));
    Table facts({Table::Align::left, Table::Align::left});
    facts.row({"about", fmt::format("{} {} ({} {})", finding.subject.type,
                                    for_terminal(finding.subject.name), finding.subject.source,
                                    finding.subject.id)});
    if (!finding.subject.url.empty()) facts.row({"open", for_terminal(finding.subject.url, 200)});
    facts.row({"owner",
               for_terminal(fmt::format("{} {}", involved.owner.name, involved.owner.email), 80)});
    facts.row(
        {"manager",
         for_terminal(fmt::format("{} {}", involved.manager_name, involved.manager_email), 80)});
    facts.row({"since", format_instant(finding.since)});
    facts.row({"question", for_terminal(finding.question, 300)});
    fmt::print("{}\nEvidence\n", facts.str());
    Table evidence({Table::Align::left, Table::Align::left, Table::Align::left});
    for (const auto& fact : finding.evidence)
        evidence.row(
            {"  " + fact.label, for_terminal(fact.value, 200), for_terminal(fact.url, 200)});
    fmt::print("{}\nRule\n  {}\n  Clears when: {}\n", evidence.str(), check->meaning,
               check->clears);
    fmt::print("\nSettings (checks.toml)\n{}", config::show_check(config, finding.check));
    print_episodes(view, finding);
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "explain", "Show the rule, the settings and the evidence behind a finding");
    command->add_option("FINDING", options->id, "its id, or the beginning of it")->required();
    command->add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command->callback([options, &context] {
        const auto config = context.load();
        const View view(*config, as_of_option(options->as_of, *config));
        const auto findings = all_findings(view);
        print_finding(view, *config, only_match(findings, options->id));
    });
}

}  // namespace nudged::cli
