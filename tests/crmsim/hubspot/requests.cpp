// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/requests.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nudged::crmsim {

std::int64_t parse_id(std::string_view text) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        throw invalid_request(fmt::format("\"{}\" is not a valid id", text));
    return id;
}

std::vector<std::string> parse_names(std::string_view commas) {
    std::vector<std::string> names;
    for (const std::string_view name : split(commas, ','))
        if (!name.empty()) names.emplace_back(trim(name));
    return names;
}

std::size_t parse_limit(const loopback::Request& request, std::size_t fallback, std::size_t most) {
    const std::string_view text = request.parameter("limit");
    if (text.empty()) return fallback;
    const std::int64_t limit = parse_id(text);
    if (limit < 1 || limit > static_cast<std::int64_t>(most))
        throw invalid_request(fmt::format("limit must be between 1 and {}", most));
    return static_cast<std::size_t>(limit);
}

rapidjson::Document parse_body(const loopback::Request& request) {
    rapidjson::Document json;
    json.Parse(request.body.c_str());
    if (json.HasParseError() || !json.IsObject())
        throw invalid_request("Invalid input JSON on line 1, column 1");
    return json;
}

std::vector<std::string> names_in(const rapidjson::Value& body, const char* member) {
    std::vector<std::string> names;
    if (const rapidjson::Value* array = array_member(body, member))
        for (const auto& name : array->GetArray())
            if (name.IsString()) names.emplace_back(name.GetString());
    return names;
}

std::vector<std::int64_t> input_ids(const rapidjson::Value& body, std::size_t most) {
    const rapidjson::Value* inputs = array_member(body, "inputs");
    if (inputs == nullptr) throw invalid_request("inputs is missing");
    if (inputs->Size() > most)
        throw invalid_request(fmt::format("at most {} inputs are allowed", most));
    std::vector<std::int64_t> ids;
    for (const auto& input : inputs->GetArray()) ids.push_back(parse_id(text_member(input, "id")));
    return ids;
}

void write_paging(JsonWriter& json, const std::string& after, const std::string& link) {
    json.key("paging");
    json.StartObject();
    json.key("next");
    json.StartObject();
    json.member("after", after);
    if (!link.empty()) json.member("link", link);
    json.EndObject();
    json.EndObject();
}

loopback::Reply reply_with(const JsonWriter& json, int status) {
    return {.status = status, .body = json.str()};
}

void write_batch_times(JsonWriter& json, Instant now) {
    json.member("status", "COMPLETE");
    json.member("requestedAt", format_instant(now));
    json.member("startedAt", format_instant(now));
    json.member("completedAt", format_instant(now));
}

}  // namespace nudged::crmsim
