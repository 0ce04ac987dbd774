// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::channels::google_chat {

// What we keep to, inside what Google takes.
inline constexpr std::size_t max_bytes = 28'000;  // of the JSON; of 32,000
inline constexpr std::size_t max_text = 4'000;    // characters of a plain message; of 4,096
inline constexpr std::size_t max_widgets = 90;    // of 100 in a card

/// A card (`cardsV2`). Messages of one `thread_key` stand in one thread; empty: each for itself.
std::string render_card(const model::Message& message, std::string_view thread_key);
/// A plain message.
std::string render_text(const model::Message& message, std::string_view thread_key);
/// A plain message in a few lines, for a payload that was refused; nullopt for what is that
/// already.
std::optional<std::string> simplify(const std::string& payload);

}  // namespace nudged::channels::google_chat
