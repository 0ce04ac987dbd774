// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

#include <string>

namespace nudged::cli {

/// Hands the rows of a CSV file over, some at a time; prints what became of them. The exit status.
int import_notes(const config::Config& config, const std::string& file, bool json);

}  // namespace nudged::cli
