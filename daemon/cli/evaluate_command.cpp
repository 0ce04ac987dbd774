// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"

#include "connectors/base/text.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string as_of;
    std::string check;
    std::string owner;
    bool json = false;
    bool held_back = false;
};

void check_exists(const checks::CheckOptions& options, const std::string& id) {
    const auto known = checks::check_ids(options);
    if (id.empty() || std::find(known.begin(), known.end(), id) != known.end()) return;
    const auto near = nearest(id, known);
    fmt::print(stderr, "--check {}: no such check{}\n", id,
               near.empty() ? fmt::format("; there are {}", fmt::join(known, ", "))
                            : fmt::format(", did you mean \"{}\"?", near));
    throw Exit{exit_usage};
}

bool is_of(const Involved& involved, const std::string& owner) {
    return owner.empty() || to_lower_ascii(involved.owner.email) == to_lower_ascii(owner) ||
           to_lower_ascii(involved.owner.name) == to_lower_ascii(owner);
}

bool is_of(const checks::HeldBack& one, const std::string& owner) {
    return owner.empty() || to_lower_ascii(one.name) == to_lower_ascii(owner);
}

/// What was worked out and is not worth telling, each with its reason.
void print_held_back(const checks::Evaluation& evaluation, const Options& options) {
    Table table({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::left});
    for (const auto& one : evaluation.held_back)
        if (is_of(one, options.owner))
            table.row({one.check, for_terminal(one.name, 24), for_terminal(one.what, 90),
                       for_terminal(one.reason, 80)});
    fmt::print("\nWorked out and not told:\n{}", table.str());
}

void print_text(const View& view, const checks::Evaluation& evaluation, const Options& options) {
    std::size_t shown = 0;
    Table table({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::left,
                 Table::Align::left});
    for (const auto& finding : evaluation.findings) {
        const auto involved = read_involved(view.reader(), view.people(), finding);
        if (!is_of(involved, options.owner)) continue;
        ++shown;
        table.row(
            {finding_id(finding),
             finding.is_praise ? "praise" : std::string{to_string(finding.severity)}, finding.check,
             for_terminal(involved.owner.name, 24),
             for_terminal(fmt::format("{}: {}", finding.subject.name, finding.summary), 120)});
    }
    fmt::print("{}", table.str());
    fmt::print("{} findings. `nudged explain ID` shows the rule and the evidence of one.\n", shown);
    for (const auto& held : evaluation.held) fmt::print("held: {}: {}\n", held.check, held.reason);
    if (options.held_back) print_held_back(evaluation, options);
}

void print_json(const View& view, const checks::Evaluation& evaluation, const Options& options) {
    Json json;
    json.begin_array();
    for (const auto& finding : evaluation.findings) {
        const auto involved = read_involved(view.reader(), view.people(), finding);
        if (is_of(involved, options.owner)) write_finding(json, finding, involved);
    }
    json.end_array();
    fmt::print("{}\n", json.str());
    std::fflush(stdout);  // where both go to one place, what is held comes behind it
    for (const auto& held : evaluation.held)
        fmt::print(stderr, "held: {}: {}\n", held.check, held.reason);
}

}  // namespace

void add_evaluate(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command =
        app.add_subcommand("evaluate", "Run the checks and print what they find; changes nothing");
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_option("--check", options->check, "only this check");
    command.add_option("--owner", options->owner, "only findings of this person (e-mail or name)");
    command.add_option("--set", context.overrides,
                       "try another threshold: opp.stalled.multiple=1.5 (repeatable)");
    command.add_flag("--json", options->json, "an array of objects");
    command.add_flag("--held-back", options->held_back,
                     "also what was worked out and is not told, with the reason");
    command.callback([options, &context] {
        const auto config = context.load();
        check_exists(config->checks, options->check);
        const View view(*config, as_of_option(options->as_of, *config));
        const auto evaluation = checks::evaluate(view.scene(), options->check);
        options->json ? print_json(view, evaluation, *options)
                      : print_text(view, evaluation, *options);
    });
}

}  // namespace nudged::cli
