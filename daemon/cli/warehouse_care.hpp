// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"

namespace nudged::cli {

void add_warehouse_care(Parser group, Context& context);    // backup, backups, restore, retention
void add_warehouse_export(Parser group, Context& context);  // export

}  // namespace nudged::cli
