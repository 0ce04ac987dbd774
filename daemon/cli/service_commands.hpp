// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"

/// The commands by which an installation is made and looked after; the others stand in context.hpp.
namespace nudged::cli {

void add_channel(CLI::App& app, Context& context);
void add_config_migrate(CLI::App& group, Context& context);  // config migrate
void add_doctor(CLI::App& app, Context& context);
void add_generate(CLI::App& app, Context& context);  // for builds, not shown
void add_privacy(CLI::App& app, Context& context);
void add_readiness(CLI::App& app, Context& context);
void add_setup(CLI::App& app, Context& context);

}  // namespace nudged::cli
