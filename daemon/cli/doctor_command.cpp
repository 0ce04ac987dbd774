// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/doctor.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/cli/table.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace nudged::cli {
namespace {

using doctor::Diagnosis;
using Verdict = Diagnosis::Verdict;

/// Longer than any single probe takes that can still end by itself.
constexpr std::chrono::seconds patience{15};

std::string first_error(const Diagnostics& problems) {
    for (const auto& item : problems.items())
        if (item.severity == Diagnostic::Severity::error) return item.str();
    return {};
}

/// The configuration, with its secrets where they can be had; null when it has errors without them.
doctor::SharedConfig load(const Context& context, doctor::Diagnoses& seen) {
    auto whole = config::load(context.config_file, context.overrides, config::Secrets::checked);
    if (whole.config) {
        seen.push_back({"configuration", Verdict::good, context.config_file + " has no errors"});
        return whole.config;
    }
    auto rest = config::load(context.config_file, context.overrides, config::Secrets::unread);
    const auto& problems = rest.config ? whole.problems : rest.problems;
    seen.push_back({"configuration", Verdict::person, first_error(problems),
                    "`nudged config check` tells all, as root or as the user nudged"});
    return rest.config;
}

std::size_t count(const doctor::Diagnoses& seen, Verdict verdict) {
    return static_cast<std::size_t>(std::count_if(
        seen.begin(), seen.end(), [&](const Diagnosis& one) { return one.verdict == verdict; }));
}

void print_text(const doctor::Diagnoses& seen) {
    for (const auto& one : seen) {
        const auto mark = one.verdict == Verdict::good   ? " ok "
                          : one.verdict == Verdict::note ? "note"
                                                         : "DO  ";
        fmt::print("[{}] {}: {}\n", mark, one.probe, for_terminal(one.text, 300));
        if (!one.remedy.empty()) fmt::print("       {}\n", for_terminal(one.remedy, 300));
    }
    const auto wanted = count(seen, Verdict::person);
    if (wanted == 0)
        fmt::print(
            "\nNothing here needs a person; `nudged status` tells of sources and messages.\n");
    else
        fmt::print("\nFor a person to do: {} (marked DO).\n", wanted);
}

void print_json(const doctor::Diagnoses& seen) {
    Json json;
    json.begin_object().field("needs_person", count(seen, Verdict::person) > 0);
    json.key("diagnoses").begin_array();
    for (const auto& one : seen)
        json.begin_object()
            .field("probe", one.probe)
            .field("verdict", to_string(one.verdict))
            .field("text", one.text)
            .field("remedy", one.remedy)
            .end_object();
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
}

void run_doctor(bool as_json, Context& context) {
    doctor::Diagnoses seen;
    const auto config = load(context, seen);
    bool all_ended = true;
    if (config) {
        std::vector<doctor::Probe> probes;
        for (auto* family :
             {doctor::probes_of_files, doctor::probes_of_access, doctor::probes_of_network})
            for (auto& probe : family(config)) probes.push_back(std::move(probe));
        const auto examined = doctor::examine(std::move(probes), patience);
        all_ended = examined.all_ended;
        seen.insert(seen.end(), examined.diagnoses.begin(), examined.diagnoses.end());
    }
    as_json ? print_json(seen) : print_text(seen);
    context.status = count(seen, Verdict::person) > 0 ? exit_failure : exit_ok;
    if (all_ended) return;
    // A thread that hangs in the system would have to be waited for at an ordinary end.
    std::fflush(nullptr);
    std::_Exit(context.status);
}

}  // namespace

void add_doctor(Parser app, Context& context) {
    auto json = std::make_shared<bool>(false);
    auto command = app.add_subcommand(
        "doctor",
        "Look at the file, the disk, the clock, the network and every credential, and say what to "
        "do; exits 1 when a person is needed");
    command.add_flag("--json", *json, "an object");
    command.callback([json, &context] { run_doctor(*json, context); });
}

}  // namespace nudged::cli
