// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/common/client.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

/// What tests of the simulated Zoho CRM have in common.
namespace nudged::crmsim::zoho_test {

/// Ids as text: the organisation, three digits for the kind, nine for the record.
inline std::string deal(int id) {
    return "4970762004" + std::string(id < 1'000 ? "000000" : "00000") + std::to_string(id);
}

/// Signed in.
class Organisation : public Client {
public:
    explicit Organisation(Dataset dataset, SimulatorOptions options = unlimited())
        : Client("zoho", std::move(dataset), std::move(options)) {
        headers.emplace_back("Host", "127.0.0.1");
        sign_in();
    }
    Portal::Answer grant() {
        return post("/oauth/v2/token", "grant_type=refresh_token&client_id=1000.A&client_secret=b"
                                       "&refresh_token=pat-eu1-demo");
    }
    void sign_in() {
        const std::string token = grant().json["access_token"].GetString();
        headers.clear();
        headers.emplace_back("Authorization", "Zoho-oauthtoken " + token);
        headers.emplace_back("Host", "127.0.0.1");
    }
    Portal::Answer coql(const std::string& query) {
        return post("/crm/v8/coql", "{\"select_query\":\"" + query + "\"}");
    }
    void edit(const std::string& action, const std::string& object, const std::string& id) {
        post("/_sim/edit",
             R"({"action":")" + action + R"(","object":")" + object + R"(","id":")" + id + "\"}");
    }
};

inline std::vector<std::string> ids(const Portal::Answer& answer) {
    std::vector<std::string> ids;
    if (!answer.json.IsObject() || !answer.json.HasMember("data")) return ids;
    for (const auto& row : answer.json["data"].GetArray()) ids.emplace_back(row["id"].GetString());
    return ids;
}

/// All at one instant.
inline Dataset many_calls(int count) {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-02T09:00:00Z");
    for (int n = 0; n < count; ++n) data.create(ObjectType::calls, {}, nine);
    return data;
}

/// Every type once, linked with one another, each with an owner.
inline Dataset one_of_each() {
    Dataset data;
    data.owners.push_back({7, "rita@example.com", "Rita", "Seller", 8, false, ""});
    const Instant at = *parse_instant("2026-03-02T15:04:06.250Z");
    const auto owned = [](Properties properties) {
        properties["hubspot_owner_id"] = "7";
        return properties;
    };
    const auto account = data.create(ObjectType::companies,
                                     owned({{"name", "Globex"}, {"domain", "globex.example"}}), at);
    const auto contact =
        data.create(ObjectType::contacts, owned({{"firstname", "Ana"}, {"lastname", "Díaz"}}), at);
    const auto opportunity = data.create(ObjectType::deals,
                                         owned({{"dealname", "Globex - 40 seats"},
                                                {"pipeline", "default"},
                                                {"dealstage", "qualifiedtobuy"},
                                                {"amount", "48000"},
                                                {"deal_currency_code", "EUR"},
                                                {"closedate", "2026-04-29T22:30:00Z"}}),
                                         at);
    const auto call =
        data.create(ObjectType::calls,
                    owned({{"hs_call_title", "Call: discovery"},
                           {"hs_call_direction", "OUTBOUND"},
                           {"hs_timestamp", "2026-03-02T15:04:05Z"},
                           {"hs_call_duration", "412000"},
                           {"hs_call_disposition", "f240bbac-87c9-4f6e-bf70-924b57d47db7"}}),
                    at);
    const auto task = data.create(ObjectType::tasks,
                                  owned({{"hs_task_subject", "Send proposal"},
                                         {"hs_task_status", "NOT_STARTED"},
                                         {"hs_task_priority", "HIGH"},
                                         {"hs_timestamp", "2026-03-09T17:00:00Z"}}),
                                  at);
    const auto meeting = data.create(ObjectType::meetings,
                                     owned({{"hs_meeting_title", "Demo"},
                                            {"hs_meeting_start_time", "2026-03-04T16:00:00Z"},
                                            {"hs_meeting_end_time", "2026-03-04T16:45:00Z"}}),
                                     at);
    using enum ObjectType;
    for (const auto& [type, id] : {std::pair{calls, call}, std::pair{tasks, task},
                                   std::pair{meetings, meeting}, std::pair{deals, opportunity}}) {
        data.link(type, id, companies, account);
        data.link(type, id, contacts, contact);
        if (type != deals) data.link(type, id, deals, opportunity);
    }
    data.link(contacts, contact, companies, account);
    return data;
}

inline bool exists(const std::string& path) {
    return std::filesystem::exists(path);
}

inline rapidjson::Document read_json(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    rapidjson::Document json;
    json.Parse(text.str().c_str());
    return json;
}

}  // namespace nudged::crmsim::zoho_test
