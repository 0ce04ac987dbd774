// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/case_trial.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/problem_text.hpp"
#include "daemon/cli/table.hpp"

#include <cstdio>
#include <filesystem>

namespace nudged::cli {
namespace {

struct Tally {
    int passed = 0;
    int failed = 0;
};

struct Options {
    std::vector<std::string> files;
    bool json = false;
};

void print_case(const std::string& name, const CaseOutcome& outcome) {
    fmt::print("{}  {}\n", outcome.passed() ? "ok  " : "FAIL", for_terminal(name, 100));
    for (const auto& difference : outcome.differences) fmt::print("      {}\n", difference);
}

void write_case(Json& json, const std::string& file, const std::string& name,
                const CaseOutcome& outcome) {
    json.begin_object()
        .field("file", file)
        .field("name", name)
        .field("passed", outcome.passed())
        .key("differences")
        .begin_array();
    for (const auto& difference : outcome.differences) json.value(difference);
    json.end_array().end_object();
}

/// False when the file cannot be read as cases. `json` is null for text.
bool try_file(const config::Config& config, const std::string& file, Tally& tally, Json* json) {
    Diagnostics problems;
    const auto cases = config::read_cases(file, problems);
    print_problems(problems, std::filesystem::path{file}.parent_path());
    if (problems.has_errors()) return false;
    for (const auto& one : cases) {
        const auto outcome = try_case(config, one);
        ++(outcome.passed() ? tally.passed : tally.failed);
        if (json)
            write_case(*json, file, one.name, outcome);
        else
            print_case(one.name, outcome);
    }
    return true;
}

/// Whether every file could be read and every case passed.
bool try_all(const config::Config& config, const Options& options) {
    Json json;
    json.begin_object().key("cases").begin_array();
    Tally tally;
    bool good = true;
    for (const auto& file : options.files)
        good = try_file(config, file, tally, options.json ? &json : nullptr) && good;
    json.end_array().field("passed", tally.passed).field("failed", tally.failed).end_object();
    if (options.json)
        fmt::print("{}\n", json.str());
    else
        fmt::print("{} passed, {} failed\n", tally.passed, tally.failed);
    return good && tally.failed == 0;
}

}  // namespace

void add_test(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "test", "Try cases of your own: given records, and what the checks are to find in them");
    command.add_option("FILE", options->files, "TOML files of cases (docs/explain.md)").required();
    command.add_option("--set", context.overrides,
                       "with another threshold: opp.stalled.multiple=1.5 (repeatable)");
    command.add_flag("--json", options->json,
                     "an object: cases (file, name, passed, differences), passed, failed");
    command.callback([options, &context] {
        if (!try_all(*context.load(), *options)) context.status = exit_failure;
    });
}

}  // namespace nudged::cli
