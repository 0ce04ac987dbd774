// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/file_health.hpp"

#include <fmt/chrono.h>

namespace nudged::warehouse {
namespace {

/// Readers of our own are stopped before, but for a few that say so: docs/durability.md.
constexpr std::chrono::seconds long_hold{60};
constexpr std::int64_t mebibyte = 1 << 20;

}  // namespace

std::string advice(const FileHealth& health, std::chrono::steady_clock::time_point now) {
    if (health.trouble) return health.trouble->what;
    if (!health.log.held_since || now - *health.log.held_since < long_hold) return {};
    const auto held = std::chrono::floor<std::chrono::seconds>(now - *health.log.held_since);
    return fmt::format("{} has kept a read of the warehouse open for {} s, and the write-ahead log "
                       "has grown to {} "
                       "MiB: end that read, or let it read in short transactions",
                       health.log_holder.empty() ? "a reader" : health.log_holder, held.count(),
                       health.log.bytes / mebibyte);
}

}  // namespace nudged::warehouse
