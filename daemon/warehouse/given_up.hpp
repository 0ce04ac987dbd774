// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Messages of a channel that reached nobody, or perhaps nobody, and that nobody has had sent once
/// more.
struct GivenUp {
    std::string channel;
    std::int64_t expired = 0;
    std::int64_t refused = 0;
    std::int64_t unknown = 0;  // sent twice without an answer
    Instant first{};

    std::int64_t all() const { return expired + refused + unknown; }
};

/// Those that were given up after `after`, a row a channel; of one channel alone where it is named.
/// Notices that tell of such messages do not count. Any connection.
std::vector<GivenUp> read_given_up(const Database& database, Instant after,
                                   std::optional<std::string_view> channel = {});

/// Which of the messages that were given up: of one channel, or decided in a time.
struct GivenUpFilter {
    std::string channel;  // empty: of all
    std::optional<Instant> since;
    std::optional<Instant> until;
};
/// Ids of those that expired, the oldest first: what was refused or may have arrived is sent once
/// more only by its id.
std::vector<std::int64_t> find_expired(const Database& database, const GivenUpFilter& filter);

/// Keys of the notices that tell of messages that were given up begin so.
inline constexpr std::string_view given_up_notice = "outbox/given-up/";

}  // namespace nudged::warehouse
