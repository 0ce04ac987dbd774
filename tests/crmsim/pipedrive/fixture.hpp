// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/common/client.hpp"

#include <catch2/catch.hpp>

namespace nudged::crmsim::pipedrive_test {

using Ids = std::vector<std::int64_t>;

inline Client pipedrive_of(Dataset data, SimulatorOptions options = unlimited()) {
    return Client("pipedrive", std::move(data), std::move(options));
}

inline const Client::Headers by_token{{"x-api-token", "pat-eu1-demo"}};

inline Ids listed(const Portal::Answer& answer) {
    Ids ids;
    REQUIRE(answer.status == 200);
    for (const auto& record : answer.json["data"].GetArray())
        ids.push_back(record["id"].GetInt64());
    return ids;
}

inline std::string next_cursor(const Portal::Answer& answer) {
    const auto& cursor = answer.json["additional_data"]["next_cursor"];
    return cursor.IsString() ? cursor.GetString() : "";
}

}  // namespace nudged::crmsim::pipedrive_test
