// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/base64.hpp"
#include "tests/crmsim/pipedrive/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim::pipedrive {
namespace {

constexpr std::size_t max_limit = 500;
constexpr std::size_t max_ids = 100;
constexpr std::size_t max_custom_fields = 15;

/// Whole seconds only: a fraction is refused.
Instant parse_time(const Request& request, const std::string& name) {
    const std::string_view text = request.parameter(name);
    const auto instant = parse_instant(text);
    if (!instant || text.size() < 20 || text[10] != 'T' || text.find('.') != text.npos)
        throw bad_parameter(name);
    return *instant;
}

template <typename Read>
void for_each_name(const Request& request, const std::string& name, Read read) {
    for (const std::string_view item : split(request.parameter(name), ','))
        if (!trim(item).empty()) read(trim(item));
}

void read_filters(ListQuery& query, const ListKind& kind, const Request& request) {
    for (const auto& [name, value] : request.query)
        if (contains(kind.filters, name)) query.equal[name] = parse_integer(request, name);
    if (request.query.contains("updated_since")) query.since = parse_time(request, "updated_since");
    if (request.query.contains("updated_until")) query.until = parse_time(request, "updated_until");
    for_each_name(request, "ids", [&](std::string_view item) {
        const auto id = to_integer(item);
        if (!id || query.ids.size() == max_ids) throw bad_parameter("ids");
        query.ids.insert(*id);
    });
    for_each_name(request, "status", [&](std::string_view status) {
        if (!contains("open,won,lost,deleted", status)) throw bad_parameter("status");
        query.statuses.emplace(status);
    });
    if (const std::string_view done = request.parameter("done"); !done.empty()) {
        if (done != "true" && done != "false") throw bad_parameter("done");
        query.done = done == "true";
    }
}

void read_order(ListQuery& query, const ListKind& kind, const Request& request) {
    const std::string_view sort_by = request.parameter("sort_by");
    const std::string_view direction = request.parameter("sort_direction");
    if (!sort_by.empty() && !contains(kind.sorts, sort_by)) throw bad_parameter("sort_by");
    if (!direction.empty() && direction != "asc" && direction != "desc")
        throw bad_parameter("sort_direction");
    if (!sort_by.empty()) query.sort_by = sort_by;
    query.descending = direction == "desc";
    const std::string_view cursor = request.parameter("cursor");
    if (cursor.empty()) return;
    query.after = Cursor::parse(cursor);
    // A cursor continues the walk that it came from, and no other.
    if (!query.after || query.after->field != query.sort_by ||
        query.after->descending != query.descending)
        throw bad_parameter("cursor");
}

}  // namespace

bool contains(std::string_view commas, std::string_view name) {
    const auto names = split(commas, ',');
    return !name.empty() && std::ranges::find(names, name) != names.end();
}

std::optional<std::int64_t> to_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::int64_t parse_integer(const Request& request, const std::string& name) {
    const auto value = to_integer(request.parameter(name));
    if (!value) throw bad_parameter(name);
    return *value;
}

void check_names(const Request& request, std::string_view known) {
    for (const auto& [name, value] : request.query)
        if (name != "api_token" && !contains(known, name)) throw bad_parameter(name);
}

/// As Pipedrive's own look: URL-safe base64 of JSON, without padding.
std::string encode_cursor(std::string_view text) {
    std::string encoded = to_base64(text);
    std::ranges::replace(encoded, '+', '-');
    std::ranges::replace(encoded, '/', '_');
    while (encoded.ends_with('=')) encoded.pop_back();
    return encoded;
}

std::string Cursor::text() const {
    return encode_cursor(
        fmt::format(R"({{"field":"{}","fieldValue":{},"sortDirection":"{}","id":{}}})", field,
                    value, descending ? "desc" : "asc", id));
}

std::optional<Cursor> Cursor::parse(std::string_view text) {
    std::string standard(text);
    std::ranges::replace(standard, '-', '+');
    std::ranges::replace(standard, '_', '/');
    const auto bytes = from_base64(standard);
    rapidjson::Document json;
    if (!bytes || json.Parse(bytes->c_str()).HasParseError() || !json.IsObject()) return {};
    const auto value = json.FindMember("fieldValue");
    const auto id = json.FindMember("id");
    if (value == json.MemberEnd() || !value->value.IsInt64() || id == json.MemberEnd() ||
        !id->value.IsInt64())
        return {};
    return Cursor{loopback::text_member(json, "field"), value->value.GetInt64(),
                  loopback::text_member(json, "sortDirection") == "desc", id->value.GetInt64()};
}

Shown parse_shown(const ListKind& kind, const Request& request) {
    Shown shown;
    for_each_name(request, "include_fields", [&](std::string_view name) {
        if (!contains(kind.include_fields, name)) throw bad_parameter("include_fields");
        shown.included.emplace_back(name);
    });
    for_each_name(request, "custom_fields",
                  [&](std::string_view key) { shown.custom_fields.emplace_back(key); });
    if (shown.custom_fields.size() > max_custom_fields) throw bad_parameter("custom_fields");
    return shown;
}

ListQuery parse_list_query(const ListKind& kind, const Request& request) {
    std::string known =
        "limit,cursor,sort_by,sort_direction,updated_since,updated_until,ids,filter_id,"
        "include_fields,";
    if (kind.custom_fields) known += "custom_fields,include_option_labels,include_labels,";
    if (kind.name == "deals") known += "status,";
    if (kind.name == "activities") known += "done,lead_id,";
    check_names(request, known + std::string(kind.filters));
    ListQuery query;
    read_filters(query, kind, request);
    read_order(query, kind, request);
    if (request.query.contains("limit")) {
        const std::int64_t limit = parse_integer(request, "limit");
        if (limit < 1 || limit > static_cast<std::int64_t>(max_limit)) throw bad_parameter("limit");
        query.limit = static_cast<std::size_t>(limit);
    }
    if (request.query.contains("filter_id")) {
        // The one saved filter of the account lets everything through.
        if (parse_integer(request, "filter_id") != 1) throw failure(404, "Filter not found");
        query.filtered_by_id = true;
    }
    query.shown = parse_shown(kind, request);
    return query;
}

}  // namespace nudged::crmsim::pipedrive
