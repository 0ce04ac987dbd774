// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::config {

/// A key that an earlier nudged called otherwise, or looked for in another table.
struct RenamedKey {
    std::string_view file;  // "nudged.toml", or a folder: "sources.d/"
    std::string_view before;
    std::string_view now;
};
std::span<const RenamedKey> renamed_keys();

/// What the key of that file is called now; empty when it was never called so.
std::string_view renamed_to(std::string_view file, std::string_view before,
                            std::span<const RenamedKey> renamed = renamed_keys());

struct Migrated {
    std::string text;
    std::vector<std::string> changes;  // "log_level is log.level now", a sentence each
    std::vector<std::string> by_hand;  // what only a person can move
};
/// The file with its old keys renamed; comments, order and all else stay. A key that moves into
/// another table takes the comment above it along. nullopt for text that is no TOML.
std::optional<Migrated> migrate(std::string_view file, std::string text,
                                std::span<const RenamedKey> renamed = renamed_keys());

}  // namespace nudged::config
