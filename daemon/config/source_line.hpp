// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::config {

/// Whether a line of a file may be shown to whoever sees the terminal, or a log of it. `table` is
/// the header that the line stands under, "source.credentials". Where secrets are at home
/// (nudged.toml, sources.d, channels.d, manifests) a text is shown only behind keys that are known
/// and never a secret's: people do write a secret where its place belongs, and misspell its key.
bool may_show(std::string_view line, std::string_view table, bool is_home_of_secrets);

/// The line that a place names, `folder` being what the file is relative to. nullopt where there is
/// none, and for a line that may hold a secret.
std::optional<std::string> source_line(const std::filesystem::path& folder, const Place& place);

}  // namespace nudged::config
