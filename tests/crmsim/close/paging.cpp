// SPDX-License-Identifier: Apache-2.0
// Parameters and pages: what all of Close's lists have in common.
#include "connectors/base/text.hpp"
#include "tests/crmsim/close/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim::close {
namespace {

constexpr std::size_t max_limit = 100;

std::size_t parse_count(const Request& request, const std::string& name, std::size_t fallback) {
    const std::string_view text = request.parameter(name);
    if (text.empty()) return fallback;
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size())
        throw bad_field(name, "Invalid value.");
    return count;
}

}  // namespace

Page parse_page(const Request& request, std::size_t max_skip) {
    Page page;
    page.limit = parse_count(request, "_limit", max_limit);
    page.skip = parse_count(request, "_skip", 0);
    if (page.limit > max_limit || page.limit == 0)
        throw bad_field("_limit", fmt::format("Must be between 1 and {}.", max_limit));
    if (page.skip > max_skip)
        throw failure(400, fmt::format("The skip you set is larger than the maximum skip for this "
                                       "resource (max_skip = {}). Please refine your search query.",
                                       max_skip));
    for (const std::string_view field : split(request.parameter("_fields"), ','))
        if (!trim(field).empty()) page.fields.emplace_back(trim(field));
    return page;
}

void check_names(const Request& request, const std::vector<std::string_view>& known) {
    for (const auto& [name, value] : request.query)
        if (std::ranges::find(known, name) == known.end()) throw bad_field(name, "Unknown field.");
}

void write_fields(JsonWriter& json, const std::string& rendered,
                  const std::vector<std::string>& fields) {
    if (fields.empty()) {
        json.RawValue(rendered.data(), rendered.size(), rapidjson::kObjectType);
        return;
    }
    rapidjson::Document record;
    record.Parse(rendered.c_str());
    json.StartObject();
    for (const std::string& field : fields) {
        const auto member = record.FindMember(field.c_str());
        if (member == record.MemberEnd()) continue;
        json.key(field);
        member->value.Accept(json);
    }
    json.EndObject();
}

Reply page_of(const std::vector<std::string>& rendered, const Page& page) {
    const std::size_t begin = std::min(page.skip, rendered.size());
    const std::size_t end = std::min(rendered.size(), begin + page.limit);
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    for (std::size_t i = begin; i < end; ++i) write_fields(json, rendered[i], page.fields);
    json.EndArray();
    json.member("has_more", end < rendered.size());
    json.EndObject();
    return ok(json);
}

Refusal missing(std::string_view id) {
    return failure(404, fmt::format("Empty query: {} does not exist.", id));
}

std::optional<Instant> parse_time(std::string_view text) {
    if (const auto day = parse_date(text))
        return Instant{std::chrono::sys_days{day->time_since_epoch()}};
    if (const auto instant = parse_instant(text)) return instant;
    return parse_instant(std::string(text) + "Z");
}

bool compares(Instant value, std::string_view operation, Instant limit) {
    if (operation == "gt") return value > limit;
    if (operation == "gte") return value >= limit;
    if (operation == "lt") return value < limit;
    if (operation == "lte") return value <= limit;
    return value == limit;
}

}  // namespace nudged::crmsim::close
