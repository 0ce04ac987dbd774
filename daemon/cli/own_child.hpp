// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nudged::cli {

/// Runs a command of this program to its end, at this terminal; its exit status. Root becomes the
/// owner of `state` first, so that the daemon may later write what the command has made.
int run_own(const std::vector<std::string>& arguments, const std::filesystem::path& state);

}  // namespace nudged::cli
