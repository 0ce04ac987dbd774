// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/secret.hpp"
#include "connectors/net/exchange.hpp"
#include "daemon/runtime/wake.hpp"

#include <chrono>

namespace nudged::runtime {

/// Tells a URL, by a GET, that a cycle has gone well. Whoever watches that URL asks when it falls
/// silent: the one alarm that works when this machine does not. Lives on the loop.
class CyclePing {
public:
    /// `http` outlives this. At most one request in each `gap`, however many cycles go well.
    CyclePing(const asio::any_io_executor& loop, Secret url, net::Exchange& http,
              std::chrono::milliseconds gap = std::chrono::minutes{1});

    void cycle_went_well() { wake_.set(); }
    /// Until cancelled. What fails is told once, and not tried again before the next good cycle.
    asio::awaitable<void> run();

private:
    asio::awaitable<void> ping();
    void note(const std::string& failure);

    Secret url_;
    net::Exchange& http_;
    std::chrono::milliseconds gap_;
    Wake wake_;
    bool fails_ = false;
};

}  // namespace nudged::runtime
