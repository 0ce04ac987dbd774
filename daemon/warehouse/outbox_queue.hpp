// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nudged::warehouse {

/// What is to be sent by a channel, or being sent.
struct OutboxQueue {
    std::int64_t waiting = 0;
    std::optional<Instant> oldest;  // since when the oldest one of them has been due
};
OutboxQueue read_queue(const Database& database, std::string_view channel);

}  // namespace nudged::warehouse
