// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/answers.hpp"
#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim {
namespace {

constexpr std::size_t max_list = 100;
constexpr std::size_t max_list_with_history = 50;
constexpr std::size_t max_association_inputs = 1'000;
constexpr std::size_t max_links_of_one = 500;

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

void write_paging(JsonWriter& json, const std::string& after, const std::string& link = {}) {
    json.key("paging");
    json.StartObject();
    json.key("next");
    json.StartObject();
    json.member("after", after);
    if (!link.empty()) json.member("link", link);
    json.EndObject();
    json.EndObject();
}

loopback::Reply reply_with(const JsonWriter& json, int status = 200) {
    return {.status = status, .body = json.str()};
}

void write_batch_times(JsonWriter& json, Instant now) {
    json.member("status", "COMPLETE");
    json.member("requestedAt", format_instant(now));
    json.member("startedAt", format_instant(now));
    json.member("completedAt", format_instant(now));
}

/// v4 sends the other end's id as a number, dated versions as text.
void write_link(JsonWriter& json, ObjectType from, ObjectType to, std::int64_t id, bool first,
                bool id_as_number) {
    json.StartObject();
    if (id_as_number)
        json.member("toObjectId", id);
    else
        json.member("toObjectId", std::to_string(id));
    json.key("associationTypes");
    json.StartArray();
    for (const AssociationType& type : association_types(from, to, first)) {
        json.StartObject();
        json.member("category", "HUBSPOT_DEFINED");
        json.member("typeId", std::int64_t{type.id});
        json.key("label");
        if (type.label.empty())
            json.Null();
        else
            json.text(type.label);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
}

void write_no_association(JsonWriter& json, ObjectType from, ObjectType to, std::int64_t id) {
    const auto array_of = [&json](std::string_view name, std::string_view value) {
        json.key(name);
        json.StartArray();
        json.text(value);
        json.EndArray();
    };
    json.StartObject();
    json.member("status", "error");
    json.member("category", "OBJECT_NOT_FOUND");
    json.member("subCategory", "crm.associations.NO_ASSOCIATIONS_FOUND");
    json.member("message", fmt::format("No {} is associated with {} {}.", schema_of(to).singular,
                                       schema_of(from).singular, id));
    json.key("context");
    json.StartObject();
    array_of("fromObjectId", std::to_string(id));
    array_of("fromObjectType", schema_of(from).singular);
    array_of("toObjectType", schema_of(to).singular);
    json.EndObject();
    json.EndObject();
}

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

}  // namespace

bool is_search(const loopback::Request& request) {
    return request.method == "POST" && request.path.ends_with("/search");
}

loopback::Reply HubSpot::answer(const loopback::Request& request, Instant now) const {
    const Route route = parse_route(request.path);
    const auto& parts = route.parts;
    if (request.method == "POST") {
        if (route.is({"crm", "objects", "*", "search"}))
            return search(object_type(parts[2]), request, now);
        if (route.is({"crm", "objects", "*", "batch", "read"}))
            return read_batch(object_type(parts[2]), request, now);
        if (route.is({"crm", "associations", "*", "*", "batch", "read"}))
            return read_associations(object_type(parts[2]), object_type(parts[3]), request, now);
    } else if (request.method == "GET") {
        if (route.is({"crm", "objects", "*"})) return list(object_type(parts[2]), request);
        if (route.is({"crm", "objects", "*", "*", "associations", "*"}))
            return list_associations(object_type(parts[2]), parse_id(parts[3]),
                                     object_type(parts[5]), request);
        if (route.is({"crm", "owners"})) return owners(request);
        if (route.is({"crm", "pipelines", "deals"})) return pipelines();
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

loopback::Reply HubSpot::read_associations(ObjectType from, ObjectType to,
                                           const loopback::Request& request, Instant now) const {
    const bool dated = parse_route(request.path).dated;
    std::vector<std::int64_t> without;
    JsonWriter json;
    json.StartObject();
    write_batch_times(json, now);
    json.key("results");
    json.StartArray();
    for (const std::int64_t id : input_ids(parse_body(request), max_association_inputs)) {
        const auto linked = dataset_.linked(from, id, to);
        if (linked.empty()) {
            without.push_back(id);
            continue;
        }
        json.StartObject();
        json.key("from");
        json.StartObject();
        json.member("id", std::to_string(id));
        json.EndObject();
        json.key("to");
        json.StartArray();
        for (std::size_t i = 0; i < std::min(linked.size(), max_links_of_one); ++i)
            write_link(json, from, to, linked[i], i == 0, !dated);
        json.EndArray();
        if (linked.size() > max_links_of_one)
            write_paging(json, std::to_string(linked[max_links_of_one]));
        json.EndObject();
    }
    json.EndArray();
    if (!without.empty()) {
        json.member("numErrors", static_cast<std::int64_t>(without.size()));
        json.key("errors");
        json.StartArray();
        for (const std::int64_t id : without) write_no_association(json, from, to, id);
        json.EndArray();
    }
    json.EndObject();
    return reply_with(json, without.empty() ? 200 : 207);
}

loopback::Reply HubSpot::list_associations(ObjectType from, std::int64_t id, ObjectType to,
                                           const loopback::Request& request) const {
    const bool dated = parse_route(request.path).dated;
    const std::size_t limit = parse_limit(request, max_links_of_one, max_links_of_one);
    const std::string_view after = request.parameter("after");
    const auto linked = dataset_.linked(from, id, to);
    auto link = std::ranges::lower_bound(linked, after.empty() ? 0 : parse_id(after));
    JsonWriter json;
    json.StartObject();
    json.key("results");
    json.StartArray();
    for (std::size_t count = 0; link != linked.end() && count < limit; ++link, ++count)
        write_link(json, from, to, *link, link == linked.begin(), !dated);
    json.EndArray();
    if (link != linked.end()) write_paging(json, std::to_string(*link));
    json.EndObject();
    return reply_with(json);
}

namespace {

void write_owner(JsonWriter& json, const Owner& owner) {
    const auto user = [&](std::string_view name, bool shown) {
        if (shown && owner.user_id != 0)
            json.member(name, owner.user_id);
        else
            json.null_member(name);
    };
    json.StartObject();
    json.member("id", std::to_string(owner.id));
    if (owner.email.empty())
        json.null_member("email");
    else
        json.member("email", owner.email);
    json.member("type", owner.email.empty() ? "QUEUE" : "PERSON");
    json.member("firstName", owner.first_name);
    json.member("lastName", owner.last_name);
    user("userId", !owner.archived);
    user("userIdIncludingInactive", true);
    json.member("createdAt", "2024-01-10T08:00:00.000Z");
    json.member("updatedAt", "2025-12-01T00:00:00.000Z");
    json.member("archived", owner.archived);
    if (!owner.team.empty()) {
        json.key("teams");
        json.StartArray();
        json.StartObject();
        json.member("id", "178588");
        json.member("name", owner.team);
        json.member("primary", true);
        json.EndObject();
        json.EndArray();
    }
    json.EndObject();
}

}  // namespace

loopback::Reply HubSpot::owners(const loopback::Request& request) const {
    const bool archived = request.parameter("archived") == "true";
    const std::size_t limit = parse_limit(request, 100, 500);
    const std::string_view after = request.parameter("after");
    const std::int64_t from = after.empty() ? 0 : parse_id(after);
    std::vector<const Owner*> page;
    for (const Owner& owner : dataset_.owners)
        if (owner.archived == archived && owner.id > from) page.push_back(&owner);
    const bool more = page.size() > limit;
    if (more) page.resize(limit);
    JsonWriter json;
    json.StartObject();
    json.key("results");
    json.StartArray();
    for (const Owner* owner : page) write_owner(json, *owner);
    json.EndArray();
    if (more) {
        const std::string last = std::to_string(page.back()->id);
        write_paging(json, last,
                     fmt::format("https://api.hubapi.com{}?after={}", request.path, last));
    }
    json.EndObject();
    return reply_with(json);
}

loopback::Reply HubSpot::pipelines() const {
    JsonWriter json;
    json.StartObject();
    json.key("results");
    json.StartArray();
    json.StartObject();
    json.member("id", "default");
    json.member("label", "Sales Pipeline");
    json.member("displayOrder", std::int64_t{0});
    json.key("stages");
    json.StartArray();
    std::int64_t order = 0;
    for (const Stage& stage : stages()) {
        json.StartObject();
        json.member("id", stage.id);
        json.member("label", stage.label);
        json.member("displayOrder", order++);
        json.key("metadata");
        json.StartObject();
        json.member("isClosed", stage.closed ? "true" : "false");
        json.member("probability", std::string_view(stage.probability).substr(0, 3));
        json.EndObject();
        json.member("createdAt", "1970-01-01T00:00:00Z");
        json.member("updatedAt", "1970-01-01T00:00:00Z");
        json.member("archived", false);
        json.EndObject();
    }
    json.EndArray();
    json.member("createdAt", "1970-01-01T00:00:00Z");
    json.member("updatedAt", "2026-01-05T10:00:00Z");
    json.member("archived", false);
    json.EndObject();
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

loopback::Reply HubSpot::account() const {
    JsonWriter json;
    json.StartObject();
    json.member("portalId", std::int64_t{24'681'012});
    json.member("accountType", "STANDARD");
    json.member("timeZone", dataset_.time_zone);
    json.member("companyCurrency", dataset_.currency);
    json.key("additionalCurrencies");
    json.StartArray();
    json.EndArray();
    json.member("uiDomain", "app.hubspot.example");
    json.member("dataHostingLocation", "eu1");
    json.EndObject();
    return reply_with(json);
}

}  // namespace nudged::crmsim
