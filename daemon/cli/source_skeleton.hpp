// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::cli {

/// A file for sources.d: what the manifest of that text has to be given, with its defaults and its
/// own comments. Secrets are named by where they lie, in the folder `secrets`.
std::string source_skeleton(const std::string& name, const std::string& manifest,
                            std::string_view manifest_text, const std::string& secrets);

/// What a source of that manifest has to be given.
struct SourceNeeds {
    std::vector<std::pair<std::string, std::string>> settings;  // name, and what it is
    std::vector<std::string> credentials;                       // of the first way to log in
};
SourceNeeds needs_of(std::string_view manifest_text);

/// The skeleton with these settings filled in; a name that it does not have is left out.
std::string with_settings(std::string skeleton, const std::map<std::string, std::string>& settings);

/// A manifest of a CRM that nobody knows yet. What it cannot know is marked with FILL IN.
std::string blank_manifest(const std::string& name);

}  // namespace nudged::cli
