// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// What `nudged doctor` is made of: probes that look at one thing each, and never wait for long.
namespace nudged::cli::doctor {

struct Diagnosis {
    enum class Verdict {
        good,
        note,    // worth knowing; nothing has to be done today
        person,  // somebody has to do what the remedy says
    };
    std::string probe;  // "warehouse", "clock"
    Verdict verdict = Verdict::good;
    std::string text;      // what was seen
    std::string remedy{};  // empty where there is nothing to do
};
using Diagnoses = std::vector<Diagnosis>;
std::string_view to_string(Diagnosis::Verdict verdict);

/// Blocks; runs on a thread of its own, which may outlive the command: it owns what it uses.
struct Probe {
    std::string name;
    std::function<Diagnoses()> look;
};

struct Examined {
    Diagnoses diagnoses;    // in the order of the probes
    bool all_ended = true;  // false: a thread still hangs, in a dead file system perhaps
};
/// Runs all probes at once. One that has not ended after `patience` is told as such.
Examined examine(std::vector<Probe> probes, std::chrono::milliseconds patience);

using SharedConfig = std::shared_ptr<const config::Config>;

// One family of probes each, in the file of its name.
std::vector<Probe> probes_of_files(const SharedConfig& config);
std::vector<Probe> probes_of_access(const SharedConfig& config);
std::vector<Probe> probes_of_network(const SharedConfig& config);

}  // namespace nudged::cli::doctor
