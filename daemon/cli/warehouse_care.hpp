// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"

namespace nudged::cli {

void add_warehouse_care(CLI::App& group, Context& context);  // backup, backups, restore, retention
void add_warehouse_export(CLI::App& group, Context& context);  // export

}  // namespace nudged::cli
