// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/simulator.hpp"
#include "tests/crmsim/story.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace nudged::soak {

/// One simulated CRM behind a real port, by the test's clock.
class Crm {
public:
    /// How it is when it is down.
    enum class Outage { none, refuses, resets, hangs };

    Crm(crmsim::StoryOptions story, const crmsim::SimulatorOptions& options);

    const std::string& name() const { return name_; }
    std::string url() const { return server_.url(); }
    void be(Outage outage) { outage_ = outage; }
    /// A control request; throws std::runtime_error when it is not done.
    std::string order(const std::string& path, const std::string& body);

    /// What the reps do on one day: calls, deals that change, a task each that is late already and
    /// that is done two days later. So there is news of each of them on every day.
    void work_a_day(Instant now);

private:
    loopback::Reply answer(const loopback::Request& request);
    std::int64_t create(const std::string& object, const crmsim::Properties& properties);
    void set(const std::string& object, std::int64_t id, const crmsim::Properties& properties);
    void work_as(const crmsim::RepStory& rep, Instant now);

    std::string name_;
    std::vector<std::int64_t> deals_;
    std::mt19937 random_;
    std::deque<std::int64_t> late_;  // tasks, the oldest first
    std::atomic<Outage> outage_ = Outage::none;
    crmsim::Simulator simulator_;
    loopback::Server server_;
};

}  // namespace nudged::soak
