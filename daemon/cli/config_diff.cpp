// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/config_diff.hpp"

#include "connectors/base/text.hpp"

#include <map>

namespace nudged::cli {
namespace {

/// What Daemon::reload refuses to take over. The main file may have any name.
bool is_fixed(const config::FileSetting& setting) {
    const auto is_main = setting.file.find('/') == std::string::npos;
    const std::string_view key = setting.key;
    return is_main && (key == "state_dir" || key == "control_socket" || key.starts_with("web.") ||
                       key.starts_with("log."));
}

}  // namespace

std::vector<SettingChange> differences(const std::vector<config::FileSetting>& before,
                                       const std::vector<config::FileSetting>& after) {
    std::map<std::pair<std::string, std::string>, std::string> left;
    for (const auto& one : before) left[{one.file, one.key}] = one.value;
    std::vector<SettingChange> changes;
    for (const auto& one : after) {
        const auto had = left.find({one.file, one.key});
        if (had == left.end())
            changes.push_back({one.file, one.key, "", one.value, is_fixed(one)});
        else if (had->second != one.value)
            changes.push_back({one.file, one.key, had->second, one.value, is_fixed(one)});
        if (had != left.end()) left.erase(had);
    }
    for (const auto& one : before)
        if (left.contains({one.file, one.key}))
            changes.push_back({one.file, one.key, one.value, "", is_fixed(one)});
    return changes;
}

std::optional<config::FileSetting> parse_setting(std::string_view line) {
    const auto parts = split(line, '\t');
    if (parts.size() != 3) return std::nullopt;
    return config::FileSetting{
        std::string{parts[0]}, std::string{parts[1]}, std::string{parts[2]}, {}};
}

}  // namespace nudged::cli
