// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/touches.hpp"

namespace nudged::checks {

/// Whether a touch may be a lead's first: an e-mail that came in is none; a conversation is,
/// whoever began it.
inline bool reaches_out(const warehouse::Touch& touch) {
    using warehouse::Touch;
    return touch.kind != Touch::Kind::email || touch.direction != Touch::Direction::inbound;
}

}  // namespace nudged::checks
