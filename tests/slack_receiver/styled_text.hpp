// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::slack_receiver {

struct Style {
    bool bold = false;
    bool italic = false;
    bool strike = false;
    bool dim = false;
    bool code = false;
    friend bool operator==(const Style&, const Style&) = default;
};

/// One character as the terminal shows it.
struct Glyph {
    std::string bytes;
    std::size_t width;  // columns: 0, 1 or 2
    Style style;
};

using StyledText = std::vector<Glyph>;

/// Text as Slack's clients show it: entities decoded, nothing else interpreted. Control characters
/// become spaces, so that no message steers the terminal.
StyledText read_plain(std::string_view text, Style style = {});
/// Slack's own mark-up: *bold*, _italic_, ~strike~, `code`, <url|label>, mentions.
StyledText read_mrkdwn(std::string_view text, Style style = {});

/// Breaks at spaces where it can, at `width` columns at the latest; line feeds are kept.
std::vector<StyledText> wrap(const StyledText& text, std::size_t width);
std::size_t width_of(const StyledText& line);
/// With ANSI escapes, or without any.
std::string to_terminal(const StyledText& line, bool color);

}  // namespace nudged::slack_receiver
