// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nudged::channels::teams {

/// Of the JSON that is posted. Teams stores 28,672 bytes with what it wraps around (delivery
/// reference §3.3).
inline constexpr std::size_t max_bytes = 20'000;

/// One Adaptive Card of version 1.4 in the envelope that a flow expects, within `max_bytes`.
std::string render(const model::Message& message);
/// Two lines of text, for a card that was refused; nullopt for what is that already.
std::optional<std::string> simplify(const std::string& payload);

}  // namespace nudged::channels::teams
