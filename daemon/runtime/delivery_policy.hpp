// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/catalog.hpp"
#include "connectors/channels/channel.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <chrono>
#include <optional>

namespace nudged::runtime {

/// Numbers of the delivery reference §§1.3–1.5, for chat channels; a kind of channel has its own
/// back-off (channels::Patience).
struct DeliveryLimits {
    std::chrono::milliseconds lease = std::chrono::minutes{2};  // longer than any send takes
    std::chrono::milliseconds backoff_base = std::chrono::seconds{2};
    std::chrono::milliseconds backoff_cap = std::chrono::minutes{10};
    std::chrono::milliseconds repeat_after = std::chrono::seconds{30};  // without a verdict
    std::chrono::milliseconds shortest_pause = std::chrono::seconds{1};
    std::chrono::milliseconds longest_pause = std::chrono::hours{1};  // however long they ask for
    std::chrono::milliseconds probe_every =
        std::chrono::minutes{5};      // broken, or failing on and on
    int failures_before_probing = 5;  // in a row
    /// Nothing but failure for so long is as good as a refusal: a person hears of it.
    std::chrono::milliseconds failing_after = std::chrono::hours{1};
};

/// With the back-off of a kind of channel in the place of theirs.
DeliveryLimits limits_within(DeliveryLimits limits,
                             const std::optional<channels::Patience>& patience);

/// What follows from one try: of the message, and of its channel.
struct Verdict {
    warehouse::TryResult message;
    warehouse::ChannelState channel;
};

/// Pure, apart from asking the channel for a message's other forms. `luck` in [0, 1) spreads the
/// waits: full jitter for our own back-off, at most a fifth on top of what the far end asked for.
Verdict decide_verdict(const warehouse::OutboxRow& row, const channels::SendOutcome& outcome,
                       const warehouse::ChannelState& before, const channels::Channel& channel,
                       Instant now, double luck, const DeliveryLimits& limits = {});

/// The bytes for a message as the outbox keeps it; one that cannot be read is told as such, since a
/// person waits for it. `now` stands in where the message does not say when it was decided.
std::string render_stored(const channels::Channel& channel, const warehouse::OutboxRow& row,
                          Instant now, bool possible_repeat);

}  // namespace nudged::runtime
