// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace nudged::crmsim {
namespace {

constexpr std::size_t shown_associations = 100;  // of one record in a list; the rest is paged

Refusal refuse(int status, std::string_view category, std::string_view message) {
    JsonWriter json;
    json.StartObject();
    json.member("status", "error");
    json.member("message", message);
    json.member("correlationId", new_correlation_id());
    json.member("category", category);
    json.EndObject();
    return {{.status = status, .body = json.str()}};
}

/// A program is an app; what a user does is that user's.
void write_source(JsonWriter& json, std::int64_t user) {
    json.member("sourceType", user == 0 ? "INTEGRATION" : "CRM_UI");
    json.member("sourceId", user == 0 ? std::string{sync_app} : fmt::format("userId:{}", user));
    if (user != 0) json.member("updatedByUserId", user);
}

void write_history(JsonWriter& json, const Dataset& dataset, ObjectType type, const Record& record,
                   const std::vector<std::size_t>& properties) {
    json.key("propertiesWithHistory");
    json.StartObject();
    for (const std::size_t property : properties) {
        json.key(schema_of(type).properties[property].name);
        json.StartArray();
        for (const PastValue& past : dataset.history(type, record.id, property)) {
            json.StartObject();
            json.member("value", past.value);
            json.member("timestamp", format_instant(past.at));
            write_source(json, past.by);
            json.EndObject();
        }
        json.EndArray();
    }
    json.EndObject();
}

void write_associations(JsonWriter& json, const Dataset& dataset, ObjectType type,
                        const Record& record, const std::vector<ObjectType>& others) {
    json.key("associations");
    json.StartObject();
    for (const ObjectType other : others) {
        const auto ids = dataset.linked(type, record.id, other);
        if (ids.empty()) continue;
        const std::string name =
            fmt::format("{}_to_{}", schema_of(type).singular, schema_of(other).singular);
        json.key(schema_of(other).name);
        json.StartObject();
        json.key("results");
        json.StartArray();
        for (std::size_t i = 0; i < std::min(ids.size(), shown_associations); ++i) {
            const auto types = association_types(type, other, i == 0);
            for (const AssociationType& kind : types) {
                json.StartObject();
                json.member("id", std::to_string(ids[i]));
                const bool unlabelled = kind.label.empty() && types.size() > 1;
                json.member("type", unlabelled ? name + "_unlabeled" : name);
                json.EndObject();
            }
        }
        json.EndArray();
        if (ids.size() > shown_associations) {
            json.key("paging");
            json.StartObject();
            json.key("next");
            json.StartObject();
            json.member("after", std::to_string(ids[shown_associations]));
            json.EndObject();
            json.EndObject();
        }
        json.EndObject();
    }
    json.EndObject();
}

}  // namespace

Refusal invalid_request(std::string_view message) {
    return refuse(400, "VALIDATION_ERROR", message);
}

Refusal invalid_token() {
    return refuse(
        401, "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication.");
}

Refusal not_found() {
    return refuse(404, "OBJECT_NOT_FOUND", "resource not found");
}

loopback::Reply too_many_requests(std::string_view policy) {
    std::string name(policy);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    JsonWriter json;
    json.StartObject();
    json.member("status", "error");
    json.member("message", fmt::format("You have reached your {} limit.", name));
    json.member("errorType", "RATE_LIMIT");
    json.member("correlationId", new_correlation_id());
    json.member("policyName", policy);
    json.EndObject();
    return {.status = 429, .body = json.str()};
}

std::vector<std::size_t> known_properties(const Schema& schema,
                                          const std::vector<std::string>& names) {
    std::vector<std::size_t> known;
    for (const std::string& name : names) {
        const auto property = schema.find(name);
        if (property && !std::ranges::count(known, *property)) known.push_back(*property);
    }
    return known;
}

Selection select(const Schema& schema, const std::vector<std::string>& names) {
    if (names.empty()) return {schema.shown, {}, {}};
    Selection selection{known_properties(schema, names), {}, {}};
    for (std::size_t i = 0; i < schema.properties.size(); ++i) {
        const PropertyKind kind = schema.properties[i].kind;
        const bool always = kind == PropertyKind::id || kind == PropertyKind::created ||
                            kind == PropertyKind::modified;
        if (always && !std::ranges::count(selection.properties, i))
            selection.properties.push_back(i);
    }
    return selection;
}

void write_record(JsonWriter& json, const Dataset& dataset, ObjectType type, const Record& record,
                  const Selection& selection) {
    const Schema& schema = schema_of(type);
    json.StartObject();
    json.member("id", std::to_string(record.id));
    json.key("properties");
    json.StartObject();
    for (const std::size_t property : selection.properties) {
        json.key(schema.properties[property].name);
        json.text_or_null(value_of(schema, record, property));
    }
    json.EndObject();
    if (!selection.with_history.empty())
        write_history(json, dataset, type, record, selection.with_history);
    json.member("createdAt", format_instant(record.created));
    json.member("updatedAt", format_instant(record.modified));
    json.member("archived", record.archived.has_value());
    if (record.archived) json.member("archivedAt", format_instant(*record.archived));
    if (!selection.associations.empty())
        write_associations(json, dataset, type, record, selection.associations);
    json.EndObject();
}

std::vector<AssociationType> association_types(ObjectType from, ObjectType to, bool first) {
    using enum ObjectType;
    struct Row {
        ObjectType from, to;
        int id, primary;  // 0: the pair knows no primary
    };
    static constexpr Row rows[] = {
        {calls, contacts, 194, 0},    {calls, companies, 182, 0},    {calls, deals, 206, 0},
        {contacts, calls, 193, 0},    {companies, calls, 181, 0},    {deals, calls, 205, 0},
        {tasks, contacts, 204, 0},    {tasks, companies, 192, 0},    {tasks, deals, 216, 0},
        {contacts, tasks, 203, 0},    {companies, tasks, 191, 0},    {deals, tasks, 215, 0},
        {meetings, contacts, 200, 0}, {meetings, companies, 188, 0}, {meetings, deals, 212, 0},
        {contacts, meetings, 199, 0}, {companies, meetings, 187, 0}, {deals, meetings, 211, 0},
        {deals, contacts, 3, 0},      {contacts, deals, 4, 0},       {deals, companies, 341, 5},
        {companies, deals, 342, 6},   {contacts, companies, 279, 1}, {companies, contacts, 280, 2},
    };
    const auto row = std::ranges::find_if(
        rows, [&](const Row& candidate) { return candidate.from == from && candidate.to == to; });
    if (row == std::end(rows)) return {};
    if (row->primary != 0 && first) return {{row->primary, "Primary"}, {row->id, ""}};
    return {{row->id, ""}};
}

std::string new_correlation_id() {
    static std::atomic<std::uint64_t> next{1};
    return fmt::format("aeb5f871-7f07-4993-9211-{:012x}", next++);
}

}  // namespace nudged::crmsim
