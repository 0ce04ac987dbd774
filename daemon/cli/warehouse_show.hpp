// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"

namespace nudged::cli {

/// `nudged warehouse show`
void add_warehouse_show(Parser group, Context& context);

}  // namespace nudged::cli
