// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/crmsim/hubspot/answers.hpp"

namespace nudged::crmsim {

// What HubSpot's end points read and write in common. Everything that cannot be read throws Refusal
// (400).

std::int64_t parse_id(std::string_view text);
std::vector<std::string> parse_names(std::string_view commas);
std::size_t parse_limit(const loopback::Request& request, std::size_t fallback, std::size_t most);
rapidjson::Document parse_body(const loopback::Request& request);
std::vector<std::string> names_in(const rapidjson::Value& body, const char* member);
std::vector<std::int64_t> input_ids(const rapidjson::Value& body, std::size_t most);

void write_paging(JsonWriter& json, const std::string& after, const std::string& link = {});
void write_batch_times(JsonWriter& json, Instant now);
loopback::Reply reply_with(const JsonWriter& json, int status = 200);

}  // namespace nudged::crmsim
