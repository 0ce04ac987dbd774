// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/portal.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nudged::crmsim {

/// A simulator behind a real port, a clock that the test sets, and headers of the test's choice.
class Client {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    Client(std::string dialect, Dataset dataset, SimulatorOptions options = {})
        : simulator_(std::move(dataset), complete(std::move(dialect), std::move(options))),
          server_(0,
                  [this](const loopback::Request& request) { return simulator_.answer(request); }) {
    }

    Portal::Answer get(const std::string& target) { return send("GET", target, {}); }
    Portal::Answer post(const std::string& target, const std::string& body) {
        return send("POST", target, body);
    }
    std::uint16_t port() const { return server_.port(); }
    void advance(std::chrono::milliseconds by) { now_ = now_.load() + by; }
    void set_time(std::string_view instant) { now_ = *parse_instant(instant); }
    Headers headers;

private:
    SimulatorOptions complete(std::string dialect, SimulatorOptions options) {
        options.dialect = std::move(dialect);
        options.clock = [this] { return now_.load(); };
        return options;
    }
    Portal::Answer send(const std::string& method, const std::string& target,
                        const std::string& body) {
        loopback::Reply reply = loopback::fetch(server_.port(), method, target, body, headers);
        Portal::Answer answer{reply.status, std::move(reply.headers), std::move(reply.body), {}};
        answer.json.Parse(answer.text.c_str());
        return answer;
    }

    std::atomic<Instant> now_{*parse_instant("2026-11-20T12:00:00Z")};
    Simulator simulator_;
    loopback::Server server_;
};

}  // namespace nudged::crmsim
