// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nudged::cli {

/// Ends the command when the file is there: nothing of an admin's is overwritten.
void check_is_new(const std::filesystem::path& file);
/// Writes it, its folder too, and says so; ends the command when that cannot be.
void write_new(const std::filesystem::path& file, const std::string& text);
/// The same for a secret: for its owner and the folder's group alone, and not a word of its text.
void write_secret(const std::filesystem::path& file, const std::string& secret);

/// Names of the manifests that ship, sorted.
std::vector<std::string> shipped_manifests(const std::filesystem::path& folder);
/// The text of one; ends the command, with what may have been meant, when there is none.
std::string read_shipped(const std::string& name, const std::filesystem::path& folder);

}  // namespace nudged::cli
