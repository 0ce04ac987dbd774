// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/outbox.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace nudged::runtime {

/// Who takes over from a channel that is broken, and who is told that it is.
struct Rescue {
    std::string fallback;       // empty: its messages wait
    std::string admin_channel;  // another one than the broken; empty: nobody is told
};

/// So long a message is tried where no answer says that the channel is broken.
inline constexpr std::chrono::hours patience_with_silence{1};

/// Hands what waits for a broken channel to its fallback, and what has been tried for an hour
/// where nothing but failure comes back. What may have arrived already stays. Returns how many
/// messages that is. Writer's thread, inside its transaction.
int pass_on(warehouse::Database& database, const std::string& channel,
            const warehouse::ChannelState& state, const std::string& fallback, Instant now);

/// The key of a message as it was decided, whichever channel it has come to since.
std::string_view original_key(std::string_view key);

/// Tells the admin that a channel is broken, or takes messages again; once each. True when there is
/// a new message. Writer's thread, inside its transaction.
bool tell_admin(warehouse::Database& database, const std::string& channel,
                const warehouse::ChannelState& before, const warehouse::ChannelState& after,
                const Rescue& rescue, Instant now);

}  // namespace nudged::runtime
