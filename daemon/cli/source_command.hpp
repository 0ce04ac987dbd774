// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/options.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"

#include <string>

namespace nudged::cli {

// One function a sub-command of `nudged source`, in the file of its name.
void add_source_new(Parser group, Context& context);
void add_source_test(Parser group, Context& context);
void add_source_preview(Parser group, Context& context);
void add_source_record(Parser group, Context& context);
void add_source_replay(Parser group, Context& context);

/// The configured source of that name; ends the command with 64 when there is none.
const sources::SourceOptions& source_named(const config::Config& config, const std::string& name);

/// Prints "WHAT\n" to standard error and ends the command.
[[noreturn]] void give_up(int status, const std::string& what);

}  // namespace nudged::cli
