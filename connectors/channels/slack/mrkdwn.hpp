// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged::channels::slack {

/// `&`, `<` and `>` as entities, which is all that Slack wants escaped (delivery reference §2.3);
/// for plain text objects.
std::string escape(std::string_view value);

/// For mrkdwn: escaped, and with a zero-width space after `*`, `_`, `~` and back-ticks at a word's
/// edge, since there is no escape for those.
std::string escape_mrkdwn(std::string_view value);

/// For a line inside a code fence: escaped, and no run of back-ticks can close the fence.
std::string escape_code(std::string_view value);

/// As escape_mrkdwn, and fit to be the label of a link: `|` becomes `/`.
std::string escape_label(std::string_view value);

/// `<url|label>` of a label that is escaped already, or the label alone when `url` is no http(s)
/// URL or takes more than 600 bytes.
std::string link(std::string_view url, std::string_view label);

}  // namespace nudged::channels::slack
