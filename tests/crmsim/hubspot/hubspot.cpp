// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/hubspot.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/hubspot/answers.hpp"
#include "tests/crmsim/hubspot/requests.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim {
namespace {

constexpr std::size_t max_list = 100;
constexpr std::size_t max_list_with_history = 50;

/// "2026-03", the form of a dated version.
bool is_dated(std::string_view part) {
    return part.size() == 7 && part.starts_with("20") && part[4] == '-';
}

/// The path's parts without "crm" and with the version taken out, so that
/// `/crm/v3/objects/calls/search` and `/crm/objects/2026-03/calls/search` are both
/// {"objects", "calls", "search"}.
struct Route {
    std::vector<std::string_view> parts;
    bool dated = false;

    bool is(std::initializer_list<std::string_view> pattern) const {
        return std::ranges::equal(parts, pattern, [](std::string_view part, std::string_view want) {
            return want == "*" || part == want;
        });
    }
};

Route parse_route(std::string_view path) {
    Route route;
    for (const std::string_view part : split(path, '/')) {
        const bool numbered = part.size() == 2 && part[0] == 'v';
        route.dated = route.dated || is_dated(part);
        if (!part.empty() && !numbered && !is_dated(part)) route.parts.push_back(part);
    }
    return route;
}

ObjectType object_type(std::string_view name) {
    const auto type = parse_object_type(name);
    if (!type) throw not_found();
    return *type;
}

constexpr std::string_view dispositions = R"([
{"id":"9d9162e7-6cf3-4944-bf63-4dff82258764","label":"Busy","deleted":false},
{"id":"f240bbac-87c9-4f6e-bf70-924b57d47db7","label":"Connected","deleted":false},
{"id":"a4c4c377-d246-4b32-a13b-75a56a4cd0ff","label":"Left live message","deleted":false},
{"id":"b2cf5968-551e-4856-9783-52b3da59a7d0","label":"Left voicemail","deleted":false},
{"id":"73a0d17f-1163-4015-bdd5-ec830791da20","label":"No answer","deleted":false},
{"id":"17b47fee-58de-441e-a44c-c6300d46f273","label":"Wrong number","deleted":false}])";

// E-mails are objects like any others, of which the portal has none.
constexpr std::string_view no_emails = R"({"total":0,"status":"COMPLETE","results":[]})";
constexpr std::string_view email_properties = R"({"results":[
{"name":"hs_object_id"},{"name":"hs_createdate"},{"name":"hs_lastmodifieddate"},
{"name":"hubspot_owner_id"},{"name":"hs_timestamp"},{"name":"hs_email_subject"},
{"name":"hs_email_direction"},{"name":"hs_email_status"}]})";

}  // namespace

bool is_search(const loopback::Request& request) {
    return request.method == "POST" && request.path.ends_with("/search");
}

loopback::Reply HubSpot::answer(const loopback::Request& request, Instant now) const {
    const Route route = parse_route(request.path);
    const auto& parts = route.parts;
    if (parts.size() > 2 && parts[2] == "emails")
        return {.body = std::string(parts[1] == "properties" ? email_properties : no_emails)};
    if (request.method == "POST") {
        if (route.is({"crm", "objects", "*", "search"}))
            return search(object_type(parts[2]), request, now);
        if (route.is({"crm", "objects", "*", "batch", "read"}))
            return read_batch(object_type(parts[2]), request, now);
        if (route.is({"crm", "associations", "*", "*", "batch", "read"}))
            return read_associations(object_type(parts[2]), object_type(parts[3]), request, now,
                                     route.dated);
    } else if (request.method == "GET") {
        if (route.is({"crm", "objects", "users"})) return users();
        if (route.is({"crm", "objects", "*"})) return list(object_type(parts[2]), request);
        if (route.is({"crm", "objects", "*", "*", "associations", "*"}))
            return list_associations(object_type(parts[2]), parse_id(parts[3]),
                                     object_type(parts[5]), request, route.dated);
        if (route.is({"crm", "owners"})) return owners(request);
        if (route.is({"crm", "pipelines", "deals"})) return pipelines();
        if (route.is({"crm", "properties", "*"})) return properties(object_type(parts[2]));
        if (route.is({"account-info", "details"})) return account();
        if (route.is({"calling", "dispositions"})) return {.body = std::string(dispositions)};
    }
    throw not_found();
}

loopback::Reply HubSpot::search(ObjectType type, const loopback::Request& request,
                                Instant now) const {
    const SearchRequest search = parse_search(type, request.body);
    const Selection selection = select(schema_of(type), search.properties);
    const auto& ids = index_.matches(search, now);
    const std::size_t end = std::min(ids.size(), search.after + search.limit);
    JsonWriter json;
    json.StartObject();
    json.member("total", static_cast<std::int64_t>(ids.size()));
    json.key("results");
    json.StartArray();
    for (std::size_t i = search.after; i < end; ++i)
        write_record(json, dataset_, type, *dataset_.find(type, ids[i]), selection);
    json.EndArray();
    if (end < ids.size() && end > search.after) write_paging(json, std::to_string(end));
    json.EndObject();
    return reply_with(json);
}

loopback::Reply HubSpot::list(ObjectType type, const loopback::Request& request) const {
    const Schema& schema = schema_of(type);
    Selection selection = select(schema, parse_names(request.parameter("properties")));
    selection.with_history =
        known_properties(schema, parse_names(request.parameter("propertiesWithHistory")));
    for (const std::string& name : parse_names(request.parameter("associations")))
        selection.associations.push_back(object_type(name));
    const bool with_history = !selection.with_history.empty();
    const std::size_t limit =
        parse_limit(request, 10, with_history ? max_list_with_history : max_list);
    const std::string_view after = request.parameter("after");
    const std::int64_t from = after.empty() ? 0 : parse_id(after);
    const bool archived = request.parameter("archived") == "true";

    JsonWriter json;
    json.StartObject();
    json.key("results");
    json.StartArray();
    const auto records = dataset_.records(type);
    std::size_t count = 0;
    std::optional<std::int64_t> next;
    for (auto record = std::ranges::lower_bound(records, from, {}, &Record::id);
         record != records.end(); ++record) {
        if (record->archived.has_value() != archived) continue;
        if (count++ == limit) {
            next = record->id;
            break;
        }
        write_record(json, dataset_, type, *record, selection);
    }
    json.EndArray();
    if (next) {
        const std::string id = std::to_string(*next);
        write_paging(json, id, fmt::format("https://api.hubapi.com{}?after={}", request.path, id));
    }
    json.EndObject();
    return reply_with(json);
}

loopback::Reply HubSpot::read_batch(ObjectType type, const loopback::Request& request,
                                    Instant now) const {
    const Schema& schema = schema_of(type);
    const rapidjson::Document body = parse_body(request);
    Selection selection = select(schema, names_in(body, "properties"));
    selection.with_history = known_properties(schema, names_in(body, "propertiesWithHistory"));
    const std::size_t most = selection.with_history.empty() ? max_list : max_list_with_history;
    const bool archived = request.parameter("archived") == "true";

    std::vector<std::int64_t> absent;
    JsonWriter json;
    json.StartObject();
    write_batch_times(json, now);
    json.key("results");
    json.StartArray();
    for (const std::int64_t id : input_ids(body, most)) {
        const Record* record = dataset_.find(type, id);
        if (record != nullptr && record->archived.has_value() == archived)
            write_record(json, dataset_, type, *record, selection);
        else
            absent.push_back(id);
    }
    json.EndArray();
    if (!absent.empty()) {
        json.member("numErrors", std::int64_t{1});
        json.key("errors");
        json.StartArray();
        json.StartObject();
        json.member("status", "error");
        json.member("category", "OBJECT_NOT_FOUND");
        json.member("message", fmt::format("Some {} are deleted, or do not exist.", schema.name));
        json.key("context");
        json.StartObject();
        json.key("ids");
        json.StartArray();
        for (const std::int64_t id : absent) json.text(std::to_string(id));
        json.EndArray();
        json.EndObject();
        json.EndObject();
        json.EndArray();
    }
    json.EndObject();
    return reply_with(json, absent.empty() ? 200 : 207);
}

}  // namespace nudged::crmsim
