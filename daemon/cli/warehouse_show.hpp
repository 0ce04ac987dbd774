// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"

namespace nudged::cli {

/// `nudged warehouse show`
void add_warehouse_show(CLI::App& group, Context& context);

}  // namespace nudged::cli
