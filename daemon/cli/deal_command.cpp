// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/deal_text.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"

#include <algorithm>
#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string deal;
    std::string as_of;
    bool json = false;
};

constexpr std::size_t most_listed = 20;

/// The one deal that is meant; ends the command when it is not exactly one.
const warehouse::OpenOpportunity& only_match(
    const std::vector<const warehouse::OpenOpportunity*>& deals, const std::string& text) {
    if (deals.size() == 1) return *deals.front();
    if (deals.empty()) {
        fmt::print(stderr,
                   "no open opportunity {}; name it as SOURCE/ID, or by the beginning of "
                   "its name\n",
                   for_terminal(text));
        throw Exit{exit_failure};
    }
    fmt::print(stderr, "{} open opportunities begin with {}:\n", deals.size(), for_terminal(text));
    for (std::size_t i = 0; i < std::min(most_listed, deals.size()); ++i)
        fmt::print(stderr, "  {}/{}  {}\n", deals[i]->key.source, for_terminal(deals[i]->key.id),
                   for_terminal(deals[i]->name));
    throw Exit{exit_failure};
}

void add_review(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(
        "review", "The sheet for a deal review: facts, evidence, risks, and what is agreed");
    command.add_option("OPPORTUNITY", options->deal, "SOURCE/ID, or the beginning of its name")
        .required();
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_flag("--json", options->json, "one object");
    command.callback([options, &context] {
        const auto config = context.load();
        const View view(*config, as_of_option(options->as_of, *config));
        const auto scene = view.scene();
        const auto& deal = only_match(checks::find_deals(scene, options->deal), options->deal);
        const auto review = checks::make_deal_review(scene, deal);
        fmt::print("{}",
                   options->json ? deal_review_json(review) + "\n" : deal_review_text(review));
    });
}

}  // namespace

void add_deal(Parser app, Context& context) {
    auto group = app.add_subcommand("deal", "Look at one opportunity");
    group.require_subcommand();
    add_review(group, context);
}

}  // namespace nudged::cli
