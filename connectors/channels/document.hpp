// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nudged::channels {

/// Of the JSON below; raised when a member changes its meaning or goes.
inline constexpr int document_version = 1;

/// A message as JSON for programs, as docs/webhook.schema.json describes it: `type`, `timestamp`
/// and `data` at the top (delivery reference §5.1). Values are valid UTF-8 on one line, without
/// control characters and bidi overrides, and not escaped for any markup. Above `max_bytes` it is
/// told in less detail, with the counts of what was left out; 8,000 bytes are always enough.
std::string render_document(const model::Message& message, std::size_t max_bytes);
/// The same message with title and counts alone; nullopt for one that is that already.
std::optional<std::string> thin_document(const std::string& document);

}  // namespace nudged::channels
