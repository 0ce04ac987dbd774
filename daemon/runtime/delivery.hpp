// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/channels/catalog.hpp"
#include "connectors/channels/channel.hpp"
#include "daemon/runtime/delivery_policy.hpp"
#include "daemon/runtime/fallback.hpp"
#include "daemon/runtime/steady_pause.hpp"
#include "daemon/runtime/task_group.hpp"
#include "daemon/warehouse/outbox_queue.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::runtime {

/// A configured channel, under the name that its messages carry in the outbox.
struct Destination {
    std::string name;
    std::unique_ptr<channels::Channel> channel;
    Rescue rescue{};
    /// Of its kind, in the place of what the limits say.
    std::optional<channels::Patience> patience{};
};

/// How one channel fares, since this began to drain it.
struct ChannelFigures {
    std::string channel;
    std::array<std::int64_t, 7> tries{};  // by channels::Outcome
    std::int64_t given_up = 0;            // expired, refused, or sent twice without a verdict
    warehouse::OutboxQueue queue{};
};

/// Drains the outbox: for each channel one coroutine that claims a message, commits the claim,
/// sends, and commits what came of it (delivery reference §1). Whatever stops it in between,
/// nothing is lost, and what may have arrived already says so when it is sent again. What waits for
/// a broken channel goes to its fallback (fallback.hpp). Waits go by the steady clock while this
/// lives, and by the wall clock across restarts. Lives on the loop.
class Delivery {
public:
    Delivery(asio::any_io_executor loop, warehouse::Writer& writer,
             std::vector<Destination> destinations, Clock clock = system_now,
             SteadyClock steady_clock = {}, DeliveryLimits limits = {});
    ~Delivery();
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    /// Drains until cancelled; channels that were broken are tried again, since a new start may
    /// mean that someone has mended them. Must outlive `tasks`' tasks.
    void start(TaskGroup& tasks);
    /// There is something new in the outbox.
    void wake();
    /// The channels that refuse everything until a person acts, and why, one sentence each.
    std::vector<std::string> broken() const;
    /// Of each channel, in the order of the destinations.
    std::vector<ChannelFigures> figures() const;
    /// One round for one channel: tries the oldest message that is due. False when there is none.
    asio::awaitable<bool> deliver_once(std::string_view channel);

private:
    class Line;
    std::vector<std::unique_ptr<Line>> lines_;
};

}  // namespace nudged::runtime
