// SPDX-License-Identifier: Apache-2.0
// Owners, pipelines and the account: what is not an object of the CRM.
#include "tests/crmsim/hubspot/answers.hpp"
#include "tests/crmsim/hubspot/hubspot.hpp"
#include "tests/crmsim/hubspot/requests.hpp"

#include <fmt/format.h>

namespace nudged::crmsim {
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

/// What people call a property that an admin has added; "" for HubSpot's own.
std::string_view added_label(std::string_view property) {
    if (property == "segment") return "Market segment";
    return property == "next_review" ? "Next review" : "";
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

/// Who has a seat. Nobody here has said in which zone he is.
loopback::Reply HubSpot::users() const {
    JsonWriter json;
    json.StartObject();
    json.key("results");
    json.StartArray();
    for (const Owner& owner : dataset_.owners) {
        if (owner.archived || owner.user_id == 0) continue;
        const std::string id = std::to_string(owner.user_id);
        json.StartObject();
        json.member("id", id);
        json.key("properties");
        json.StartObject();
        json.member("hs_object_id", id);
        json.member("hs_internal_user_id", id);
        json.null_member("hs_standard_time_zone");
        json.EndObject();
        json.member("archived", false);
        json.EndObject();
    }
    json.EndArray();
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

loopback::Reply HubSpot::properties(ObjectType type) const {
    const auto type_of = [](PropertyKind kind) {
        if (kind == PropertyKind::text) return "string";
        return kind == PropertyKind::number || kind == PropertyKind::id ? "number" : "datetime";
    };
    JsonWriter json;
    json.StartObject();
    json.key("results");
    json.StartArray();
    for (const auto& property : schema_of(type).properties) {
        json.StartObject();
        const auto label = added_label(property.name);
        json.member("name", property.name);
        json.member("label", label.empty() ? std::string_view{property.name} : label);
        json.member("type", type_of(property.kind));
        if (label.empty()) json.member("hubspotDefined", true);
        json.EndObject();
    }
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
