// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nudged::tests {

/// A Slack payload as an independent reader sees it.
struct Payload {
    struct Block {
        std::string type;
        std::string text_type;
        std::string text;
        bool verbatim = false;
    };
    std::string text;
    std::vector<Block> blocks;
    bool unfurls = true;

    /// All texts, one a line.
    std::string all_text() const;
};

/// nullopt for what is not valid JSON in valid UTF-8 with the members that Slack wants.
std::optional<Payload> read_payload(const std::string& json);

/// The first of Slack's limits that is exceeded (delivery reference §2.2); "" when none is.
std::string broken_limit(const Payload& payload);

/// The first `<`, `>` or `&` that is neither an entity nor part of a link to http(s); "" when none.
std::string live_markup(const std::string& text);

}  // namespace nudged::tests
