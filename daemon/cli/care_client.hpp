// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/control.hpp"

namespace nudged::cli {

/// Has the running daemon do it or, when none runs, does it here under the writer's lock. Without a
/// warehouse it says so and ends the command.
runtime::CareReport do_care(const config::Config& config, const runtime::ControlRequest& request);

/// The same; prints the report. The exit status.
int take_care(const config::Config& config, const runtime::ControlRequest& request, bool json);

/// Sentences, then the rows by table; `verbs` say what happened to them.
struct CareVerbs {
    const char* removed = "removed";
    const char* changed = "changed";
};
void print_report(const runtime::CareReport& report, bool json, CareVerbs verbs = {});

}  // namespace nudged::cli
