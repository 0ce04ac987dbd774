// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged::channels::teams {

/// A value for a text of an Adaptive Card, which reads a little Markdown: a back-slash stands where
/// a character would open markup, and only there; tags are entities; nothing becomes a link by
/// itself (delivery reference §3.2).
std::string escape(std::string_view value);

/// `[label](url)` of a label that is escaped already; the label alone for a URL that is not
/// http(s).
std::string link(std::string_view url, std::string_view label);

}  // namespace nudged::channels::teams
