// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

#include <string>
#include <vector>

namespace nudged::config {

/// One key of one file with its value.
struct FileSetting {
    std::string file;    // "checks.toml"
    std::string key;     // "opp.stalled.multiple", "team[Outbound].zone"
    std::string value;   // as TOML; a secret as where it comes from
    std::string origin;  // "default", "checks.toml:12", "--set", "$STATE_DIRECTORY"
};
/// Every key with its value, in the order of the files. The files are read once more for where each
/// value stands.
std::vector<FileSetting> all_settings(const Config& config);

}  // namespace nudged::config
