// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged::cli {

/// A file for sources.d: what the manifest of that text has to be given, with its defaults and its
/// own comments. Secrets are named by where they lie, in the folder `secrets`.
std::string source_skeleton(const std::string& name, const std::string& manifest,
                            std::string_view manifest_text, const std::string& secrets);

/// A manifest of a CRM that nobody knows yet. What it cannot know is marked with FILL IN.
std::string blank_manifest(const std::string& name);

}  // namespace nudged::cli
