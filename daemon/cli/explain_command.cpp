// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/week_values.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace nudged::cli {
namespace {

/// A trend looks at its last eight usable weeks, which leave and holidays may spread.
constexpr int weeks_explained = 16;

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

/// A KPI's weeks that changed after they had been complete: what the finding rests on may not be
/// what was told then.
void print_edits(const View& view, const config::Config& config,
                 const warehouse::Finding& finding) {
    const auto first =
        IsoWeek::of(Zone::utc().local_day(view.scene().as_of)).plus(-weeks_explained);
    const auto edits = warehouse::read_week_edits(view.reader(), first, view.scene().as_of);
    Table table({Table::Align::left, Table::Align::left, Table::Align::left});
    bool any = false;
    for (const auto& edit : edits)
        for (const auto& kpi : config.checks.kpis) {
            if (edit.person != finding.owner || kpi.measure != edit.measure ||
                !finding.aspect.starts_with(kpi.name + "/"))
                continue;
            any = true;
            table.row({fmt::format("  {} {}", for_terminal(kpi.label, 30), edit.week.str()),
                       fmt::format("{:g} → {:g}", edit.before, edit.after),
                       fmt::format("found changed {}", format_instant(edit.seen_at))});
        }
    if (any) fmt::print("\nChanged after the week's end\n{}", table.str());
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
    fmt::print("{}", evidence.str());
    print_edits(view, config, finding);
    fmt::print("\nRule\n  {}\n  Clears when: {}\n", check->meaning, check->clears);
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
