// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dataset.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/faults.hpp"
#include "tests/crmsim/loopback.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace nudged::crmsim {

/// One account of one CRM: the dialect's answers, and control requests under /_sim/ (control.cpp)
/// for tests. Safe to call from any thread.
class Simulator {
public:
    Simulator(Dataset dataset, SimulatorOptions options = {});

    loopback::Reply answer(const loopback::Request& request);

private:
    struct Served {
        Instant at;
        std::string method;
        std::string path;
        std::string body;
        int status;
        std::size_t bytes;
    };

    loopback::Reply control(const loopback::Request& request, Instant now);
    loopback::Reply edit(const rapidjson::Value& order, Instant now);
    loopback::Reply truth(ObjectType type) const;
    loopback::Reply log() const;

    std::mutex mutex_;
    SimulatorOptions options_;
    Dataset dataset_;
    std::unique_ptr<Dialect> dialect_;
    loopback::Faults faults_;
    std::deque<Served> served_;
};

}  // namespace nudged::crmsim
