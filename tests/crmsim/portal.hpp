// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/simulator.hpp"

#include <atomic>
#include <rapidjson/document.h>
#include <string>
#include <utility>

namespace nudged::crmsim {

/// A simulator behind a real port, with a clock that the test sets.
class Portal {
public:
    explicit Portal(Dataset dataset, SimulatorOptions options = {})
        : simulator_(std::move(dataset), with_clock(std::move(options))),
          server_(0,
                  [this](const loopback::Request& request) { return simulator_.answer(request); }) {
    }

    struct Answer {
        int status;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string text;
        rapidjson::Document json;

        std::string header(const std::string& name) const {
            for (const auto& [key, value] : headers)
                if (key == name) return value;
            return {};
        }
    };

    Answer get(const std::string& target) { return send("GET", target, {}); }
    Answer post(const std::string& target, const std::string& body) {
        return send("POST", target, body);
    }
    Answer search(const std::string& object, const std::string& body) {
        return post("/crm/objects/2026-03/" + object + "/search", body);
    }
    void advance(std::chrono::milliseconds by) { now_ = now_.load() + by; }
    Instant now() const { return now_; }
    std::string token = "Bearer pat-eu1-demo";

private:
    SimulatorOptions with_clock(SimulatorOptions options) {
        options.clock = [this] { return now_.load(); };
        return options;
    }
    Answer send(const std::string& method, const std::string& target, const std::string& body) {
        loopback::Reply reply =
            loopback::fetch(server_.port(), method, target, body, {{"Authorization", token}});
        Answer answer{reply.status, std::move(reply.headers), std::move(reply.body), {}};
        answer.json.Parse(answer.text.c_str());
        return answer;
    }

    std::atomic<Instant> now_{*parse_instant("2026-11-20T12:00:00Z")};
    Simulator simulator_;
    loopback::Server server_;
};

/// No limits: for tests that are about something else.
inline SimulatorOptions unlimited() {
    SimulatorOptions options;
    options.quotas = {0, 0, 0};
    return options;
}

/// The ids of an answer's results, in order.
inline std::vector<std::string> ids_of(const Portal::Answer& answer) {
    std::vector<std::string> ids;
    if (!answer.json.IsObject() || !answer.json.HasMember("results")) return ids;
    for (const auto& result : answer.json["results"].GetArray())
        ids.emplace_back(result["id"].GetString());
    return ids;
}

/// The position of the next page; "" on the last one.
inline std::string next_of(const Portal::Answer& answer) {
    return answer.json.HasMember("paging") ? answer.json["paging"]["next"]["after"].GetString()
                                           : "";
}

/// Twelve deals, 991 to 1002: number n (0 to 11) is worth n hundreds and was changed n minutes
/// after nine, except that 5, 6 and 7 share one instant. Number 3 has no amount, number 4 an empty
/// one.
inline Dataset twelve_deals() {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-02T09:00:00Z");
    for (int n = 0; n < 12; ++n) {
        Properties properties{{"dealname", "Deal " + std::to_string(n)},
                              {"amount", std::to_string(n * 100)}};
        if (n == 3) properties["amount"] = std::nullopt;
        if (n == 4) properties["amount"] = "";
        const int minute = n == 6 || n == 7 ? 5 : n;
        data.create(ObjectType::deals, properties, nine + std::chrono::minutes{minute});
    }
    return data;
}

}  // namespace nudged::crmsim
