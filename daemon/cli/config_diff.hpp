// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::cli {

/// A key whose value differs; empty where there is none.
struct SettingChange {
    std::string file, key, before, after;
    bool needs_restart = false;
};
/// In the order of `after`, what has gone last.
std::vector<SettingChange> differences(const std::vector<config::FileSetting>& before,
                                       const std::vector<config::FileSetting>& after);

/// The daemon's word for one of its settings (runtime/daemon.cpp); nullopt for what is none.
std::optional<config::FileSetting> parse_setting(std::string_view line);

}  // namespace nudged::cli
