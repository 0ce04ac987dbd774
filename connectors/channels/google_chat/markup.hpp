// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Cards read a little HTML; plain messages read `*bold*`, `<url|label>` and `<users/all>`, and
/// have no escape for them. In both, nothing of a value becomes a link or a mention.
namespace nudged::channels::google_chat {

/// For the texts of a card.
std::string escape_html(std::string_view value);
/// `<a href="url">label</a>` of a label that is escaped already; the label alone for a URL that is
/// not http(s).
std::string link(std::string_view url, std::string_view label);

/// For plain messages and for a card's headings, which read no HTML: `<` and `>` become
/// look-alikes, and a zero-width space takes `*`, `_`, `~` and back-ticks their meaning.
std::string escape_text(std::string_view value);

}  // namespace nudged::channels::google_chat
