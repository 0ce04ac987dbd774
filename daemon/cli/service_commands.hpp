// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"

/// The commands by which an installation is made and looked after; the others stand in context.hpp.
namespace nudged::cli {

void add_channel(Parser app, Context& context);
void add_config_migrate(Parser group, Context& context);  // config migrate
void add_deliver(Parser app, Context& context);
void add_doctor(Parser app, Context& context);
void add_generate(Parser app, Context& context);  // for builds, not shown
void add_privacy(Parser app, Context& context);
void add_readiness(Parser app, Context& context);
void add_setup(Parser app, Context& context);

}  // namespace nudged::cli
