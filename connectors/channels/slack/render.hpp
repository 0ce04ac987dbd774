// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <optional>
#include <string>

namespace nudged::channels::slack {

/// Whether what can be answered has buttons: somebody has to hear of their clicks.
enum class Answers { left_out, shown };

/// The JSON that an incoming webhook takes: Block Kit, with the top-level text that notifications
/// show. What does not fit is left out in steps, and the number left out is always told. Pure.
std::string render(const model::Message& message, Answers answers = Answers::left_out);

/// The same message without blocks, for a webhook that refused them; nullopt when there are none.
std::optional<std::string> simplify(const std::string& payload);

}  // namespace nudged::channels::slack
