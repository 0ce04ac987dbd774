// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"
#include "daemon/warehouse/finding.hpp"

#include <string>

namespace nudged::cli {

/// What an explanation has beside the finding itself, unless it is left out.
struct Explained {
    bool evaluates = true;  // all checks, to tell whether it is folded into another finding
    bool tellings = true;   // who was told of it, and by which channel
};

/// What is behind a finding: what it is about, the evidence with its links, the rule and
/// where each of its thresholds was set, why it is told or not, and which messages told it.
std::string explanation(const View& view, const config::Config& config,
                        const warehouse::Finding& finding, const Explained& explained = {});
/// The same for scripts, printed (explain_json.cpp).
void print_explanation_json(const View& view, const config::Config& config,
                            const warehouse::Finding& finding);

}  // namespace nudged::cli
