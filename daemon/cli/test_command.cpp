// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/case_trial.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct Tally {
    int passed = 0;
    int failed = 0;
};

/// False when the file cannot be read as cases.
bool try_file(const config::Config& config, const std::string& file, Tally& tally) {
    Diagnostics problems;
    const auto cases = config::read_cases(file, problems);
    fmt::print(stderr, "{}", problems.str());
    if (problems.has_errors()) return false;
    for (const auto& one : cases) {
        const auto outcome = try_case(config, one);
        ++(outcome.passed() ? tally.passed : tally.failed);
        fmt::print("{}  {}\n", outcome.passed() ? "ok  " : "FAIL", for_terminal(one.name, 100));
        for (const auto& difference : outcome.differences) fmt::print("      {}\n", difference);
    }
    return true;
}

}  // namespace

void add_test(Parser app, Context& context) {
    auto files = std::make_shared<std::vector<std::string>>();
    auto command = app.add_subcommand(
        "test", "Try cases of your own: given records, and what the checks are to find in them");
    command.add_option("FILE", *files, "TOML files of cases (docs/explain.md)").required();
    command.add_option("--set", context.overrides,
                       "with another threshold: opp.stalled.multiple=1.5 (repeatable)");
    command.callback([files, &context] {
        const auto config = context.load();
        Tally tally;
        bool good = true;
        for (const auto& file : *files) good = try_file(*config, file, tally) && good;
        fmt::print("{} passed, {} failed\n", tally.passed, tally.failed);
        if (!good || tally.failed > 0) context.status = exit_failure;
    });
}

}  // namespace nudged::cli
