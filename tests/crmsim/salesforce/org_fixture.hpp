// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/json.hpp"
#include "tests/crmsim/portal.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace nudged::crmsim::salesforce {

/// The simulated org behind a real port, with a clock that the test sets; signed in by the refresh
/// token, as long as it is taken.
class TestOrg {
public:
    explicit TestOrg(Dataset dataset, SimulatorOptions options = unlimited())
        : simulator_(std::move(dataset), prepared(std::move(options))),
          server_(0,
                  [this](const loopback::Request& request) { return simulator_.answer(request); }) {
        sign_in();
    }

    using Headers = std::vector<std::pair<std::string, std::string>>;

    Portal::Answer send(const std::string& method, const std::string& target,
                        const std::string& body = {}, Headers headers = {}) {
        headers.emplace_back("Authorization", "Bearer " + access_token);
        loopback::Reply reply =
            loopback::fetch(server_.port(), method, target, body, std::move(headers));
        Portal::Answer answer{reply.status, std::move(reply.headers), std::move(reply.body), {}};
        answer.json.Parse(answer.text.c_str());
        return answer;
    }
    Portal::Answer get(const std::string& target, Headers headers = {}) {
        return send("GET", target, {}, std::move(headers));
    }
    Portal::Answer query(std::string_view soql, Headers headers = {}) {
        return get(data + "/query?q=" + escaped(soql), std::move(headers));
    }
    Portal::Answer query_all(std::string_view soql) {
        return get(data + "/queryAll?q=" + escaped(soql));
    }
    Portal::Answer grant(const std::string& form) {
        return send("POST", "/services/oauth2/token", form);
    }
    Portal::Answer order(const std::string& what, const std::string& body = "{}") {
        return send("POST", "/_sim/dialect/" + what, body);
    }
    Portal::Answer edit(const std::string& body) { return send("POST", "/_sim/edit", body); }
    void sign_in() {
        const auto granted =
            grant("grant_type=refresh_token&client_id=tests&refresh_token=" + refresh_token);
        if (granted.status == 200) access_token = granted.json["access_token"].GetString();
    }
    void advance(std::chrono::milliseconds by) { now_ = now_.load() + by; }
    Instant now() const { return now_; }

    const std::string data = "/services/data/v66.0";
    std::string refresh_token = "pat-eu1-demo";
    std::string access_token;

private:
    SimulatorOptions prepared(SimulatorOptions options) {
        options.dialect = "salesforce";
        options.clock = [this] { return now_.load(); };
        return options;
    }
    static std::string escaped(std::string_view text) {
        std::string out;
        for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        return out;
    }

    std::atomic<Instant> now_{*parse_instant("2026-11-20T12:00:00Z")};
    Simulator simulator_;
    loopback::Server server_;
};

/// One column of an answer's records, in order.
inline std::vector<std::string> column(const Portal::Answer& answer, const char* name = "Id") {
    std::vector<std::string> values;
    if (!answer.json.IsObject() || !answer.json.HasMember("records")) return values;
    for (const auto& record : answer.json["records"].GetArray())
        values.emplace_back(record[name].IsString() ? record[name].GetString() : "null");
    return values;
}

inline std::string error_code(const Portal::Answer& answer) {
    return answer.json.IsArray() ? loopback::text_member(answer.json[0], "errorCode") : "";
}

}  // namespace nudged::crmsim::salesforce
