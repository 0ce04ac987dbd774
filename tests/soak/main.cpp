// SPDX-License-Identifier: Apache-2.0
// The daemon's weeks in minutes: docs/durability.md. Prints a row a figure, and every fault.
#include "tests/soak/soak.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>

int main(int argc, char** argv) {
    using namespace nudged::soak;
    CLI::App app("soak: simulated weeks of nudged, with all that can fail in them, in minutes");
    Options options;
    app.add_option("--weeks", options.weeks, "how many")->check(CLI::Range(2, 26));
    app.add_option("--seed", options.seed, "of what the reps do");
    app.add_flag("--steps", options.tells_steps, "print each step as it is taken");
    CLI11_PARSE(app, argc, argv);
    try {
        const auto began = std::chrono::steady_clock::now();
        const auto verdict = Soak{options}.run();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        fmt::print("| {} weeks in | {:.0f} s |\n| --- | --- |\n", options.weeks, took.count());
        for (const auto& [what, figure] : verdict.figures)
            fmt::print("| {} | {} |\n", what, figure);
        for (const auto& fault : verdict.faults) fmt::print("FAULT: {}\n", fault);
        return verdict.faults.empty() ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "soak: {}\n", error.what());
        return 1;
    }
}
