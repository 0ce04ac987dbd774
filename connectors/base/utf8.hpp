// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged {

/// The same text with every byte that is no UTF-8 replaced by U+FFFD; nothing else changes.
std::string valid_utf8(std::string_view text);

}  // namespace nudged
