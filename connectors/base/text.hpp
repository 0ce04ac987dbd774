// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged {

/// ASCII white space only, so that UTF-8 is never cut.
std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);

/// The candidate nearest to `word` by edit distance, when it is near enough to be a typo of it;
/// else "".
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// Bad UTF-8 becomes U+FFFD; control characters (line feeds too) and bidi overrides become a space;
/// runs of white space one space; trimmed. For values of a CRM on their way to a person.
std::string clean_line(std::string_view text);

/// At most `max` code points, the last one an ellipsis when something was cut. Expects valid UTF-8.
std::string shorten(std::string_view text, std::size_t max);

/// A value that people type when they have none: "tbd", "n/a", "-", "xx", "123", nothing at all …
/// (sales practice §3).
bool is_placeholder(std::string_view text);

/// First 16 bytes of SHA-256, lower-case hex: for idempotency keys, fingerprints and logs.
std::string fingerprint(std::string_view bytes);

std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace nudged
