// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace nudged {

/// docs/events.md: a row for each event.
std::string render_event_manual();

}  // namespace nudged
