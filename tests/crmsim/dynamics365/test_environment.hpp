// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/common/client.hpp"
#include "tests/crmsim/dynamics365/answers.hpp"
#include "tests/crmsim/zoho/test_organisation.hpp"

#include <set>
#include <string>
#include <vector>

/// What tests of the simulated Dynamics 365 have in common.
namespace nudged::crmsim::dynamics365_test {

using zoho_test::exists;
using zoho_test::many_calls;
using zoho_test::one_of_each;
using zoho_test::read_json;

inline std::string escape(std::string_view text) {
    return dynamics365::encode(text);
}

/// Signed in.
class Environment : public Client {
public:
    explicit Environment(Dataset dataset, SimulatorOptions options = unlimited())
        : Client("dynamics365", std::move(dataset), std::move(options)) {
        sign_in();
    }
    Portal::Answer token(const std::string& form) { return post("/8a1b/oauth2/v2.0/token", form); }
    Portal::Answer sign_in() {
        auto answer = token("grant_type=client_credentials&client_id=a&client_secret=pat-eu1-demo"
                            "&scope=https%3A%2F%2Forg.crm4.dynamics.com%2F.default");
        if (answer.status == 200) {
            authorization_ = std::string("Bearer ") + answer.json["access_token"].GetString();
            prefer("");
        }
        return answer;
    }
    /// The header Prefer from now on; "": none.
    void prefer(const std::string& text) {
        headers = {{"Authorization", authorization_}, {"Host", "127.0.0.1"}};
        if (!text.empty()) headers.emplace_back("Prefer", text);
    }
    Portal::Answer list(const std::string& what) { return get("/api/data/v9.2/" + what); }
    /// A link as it came.
    Portal::Answer follow(const std::string& link) {
        return get(link.substr(std::string("http://127.0.0.1").size()));
    }
    void edit(const std::string& action, const std::string& object, const std::string& id) {
        post("/_sim/edit",
             R"({"action":")" + action + R"(","object":")" + object + R"(","id":")" + id + "\"}");
    }

private:
    std::string authorization_;
};

/// One member of every row.
inline std::vector<std::string> values(const Portal::Answer& page, const char* member) {
    std::vector<std::string> found;
    if (!page.json.IsObject() || !page.json.HasMember("value")) return found;
    for (const auto& row : page.json["value"].GetArray())
        found.emplace_back(row[member].IsString() ? row[member].GetString() : "");
    return found;
}

}  // namespace nudged::crmsim::dynamics365_test
