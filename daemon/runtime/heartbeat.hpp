// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nudged::runtime {

namespace asio = boost::asio;

/// Knows whether every home of work still makes progress. Each is asked a small thing again and
/// again and stamps its answer; one that is busy with something long stamps by itself. The service
/// manager is told that we live only while all stamps are young, so a stuck thread is seen even
/// though the loop runs.
class Heartbeat {
public:
    explicit Heartbeat(std::chrono::milliseconds limit) : limit_(limit) {}

    /// One home of work. Stamps come from any thread.
    class Pulse {
    public:
        explicit Pulse(std::string home) : home_(std::move(home)) { stamp(); }
        void stamp() { last_.store(std::chrono::steady_clock::now().time_since_epoch().count()); }

    private:
        friend class Heartbeat;
        std::string home_;
        std::atomic<std::chrono::steady_clock::rep> last_{};
    };

    /// Asks `probe` of the home again and again until cancelled; `pulse` outlives this.
    asio::awaitable<void> keep_asking(Pulse& pulse, std::function<asio::awaitable<void>()> probe);
    /// Tells the service manager that we live, as often as it wants, while stopped() is empty.
    asio::awaitable<void> tell_service_manager();

    /// The homes whose last stamp is older than the limit, as a sentence; nullopt while all live.
    std::optional<std::string> stopped() const;

private:
    std::chrono::milliseconds limit_;
    std::vector<const Pulse*> pulses_;
};

}  // namespace nudged::runtime
