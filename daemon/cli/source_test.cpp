// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/parser.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/cli/source_trial.hpp"
#include "daemon/runtime/workplace.hpp"

#include <cstdio>

namespace nudged::cli {

void add_source_test(Parser group, Context& context) {
    struct Options {
        std::string name;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto test = group.add_subcommand(
        "test", "Fetch a page of every stream and show what was mapped; stores nothing");
    test.add_option("NAME", options->name, "the source").required();
    test.add_flag("--json", options->json, "for programs");
    test.callback([options, &context] {
        const auto config = context.load(config::Secrets::required);
        const auto& source = source_named(*config, options->name);
        runtime::Workplace place;
        net::Capture capture{place.http()};
        const auto made =
            runtime::make_source(source, place.source_context(*config, capture, system_now));
        Trial trial;
        if (!options->json) fmt::print("{} ({})\n", source.name, source.connector);
        place.run(try_source(*made, {}, capture, trial));
        if (options->json)
            fmt::print("{}\n", trial_json(source.name, trial));
        else
            print_trial(trial);
        if (trial.failures() > 0) context.status = exit_failure;
    });
}

}  // namespace nudged::cli
