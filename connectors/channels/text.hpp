// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <string>

namespace nudged::channels {

/// A message as lines for a terminal or a file; ends with a line feed. No control character of a
/// value survives.
std::string render_text(const model::Message& message);

}  // namespace nudged::channels
