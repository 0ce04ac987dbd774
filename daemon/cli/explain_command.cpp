// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/explain_text.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/why_not.hpp"

#include <cstdio>
#include <iterator>

namespace nudged::cli {
namespace {

struct Options {
    std::string id;
    std::string as_of;
    std::vector<std::string> why_not;  // a check and a subject
    bool json = false;
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
    const auto scene = view.scene();
    for (const auto& check : checks::check_ids(scene.options)) {
        auto evaluation = checks::evaluate(scene, check);
        std::move(evaluation.findings.begin(), evaluation.findings.end(), std::back_inserter(all));
    }
    return all;
}

}  // namespace

void add_explain(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "explain", "Show the rule, the settings and the evidence behind a finding");
    auto finding = command.add_option("FINDING", options->id, "its id, or the beginning of it");
    command
        .add_option("--why-not", options->why_not,
                    "CHECK and SUBJECT: why the check says nothing of a record (SOURCE/ID) or a "
                    "person (e-mail or name)")
        .takes(2)
        .excludes(finding);
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_option("--set", context.overrides,
                       "with another threshold: opp.stalled.multiple=1.5 (repeatable)");
    command.add_flag("--json", options->json,
                     "an object: finding, meaning, clears, settings, episodes with their messages; "
                     "with --why-not: check, about, fires, reasons");
    command.callback([options, &context] {
        if (options->id.empty() && options->why_not.empty()) {
            fmt::print(stderr, "name a FINDING, or ask --why-not CHECK SUBJECT\n");
            throw Exit{exit_usage};
        }
        const auto config = context.load();
        const View view(*config, as_of_option(options->as_of, *config));
        if (!options->why_not.empty()) {
            const auto answer = options->json ? why_not_json : why_not;
            fmt::print("{}", answer(view, options->why_not[0], options->why_not[1]));
            return;
        }
        const auto findings = all_findings(view);
        const auto& finding = only_match(findings, options->id);
        if (options->json)
            print_explanation_json(view, *config, finding);
        else
            fmt::print("{}", explanation(view, *config, finding));
    });
}

}  // namespace nudged::cli
