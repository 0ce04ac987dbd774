// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// A message that was decided, without what it says.
struct Telling {
    OutboxId id{};
    std::string reason;  // digest, nudge, …
    std::string channel;
    std::string recipient;
    OutboxState state = OutboxState::pending;
};

/// The messages that were decided at that moment and name `team`; where none names it, all of that
/// moment. A finding is marked as told in the transaction, and at the moment, of its message.
std::vector<Telling> read_tellings(const Reader& reader, Instant decided_at, std::string_view team);

}  // namespace nudged::warehouse
