// SPDX-License-Identifier: Apache-2.0
// What tests and the demo may ask of the simulator, beside the CRM's API:
//   POST   /_sim/fault          order a fault (faults.hpp); DELETE clears them all
//   POST   /_sim/edit           {"action": create|set|archive|restore|forget|merge|link|unlink,
//                                "object": "deals", "id": "1001", "properties": {…},
//                                "modified": an instant, else now, "into": the id of the record
//                                that a merge leaves, "links": {"companies": ["7001"]}}
//   POST   /_sim/owner          {"id": "301", "email": …, "archived": bool}: someone has another
//                                address, leaves, or comes back
//   GET    /_sim/records/deals  everything stored: all properties, links, archived records too
//   GET    /_sim/log            the requests served, oldest first
//   *      /_sim/dialect/…      what only the simulated CRM has
#include "tests/crmsim/hubspot/answers.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/simulator.hpp"

#include <algorithm>
#include <charconv>

namespace nudged::crmsim {
namespace {

rapidjson::Document parse_order(const loopback::Request& request) {
    rapidjson::Document order;
    order.Parse(request.body.c_str());
    if (order.HasParseError() || !order.IsObject())
        throw invalid_request("the order is no JSON object");
    return order;
}

std::int64_t to_id(std::string_view text) {
    std::int64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    return id;
}

Properties properties_of(const rapidjson::Value& order) {
    Properties properties;
    const auto json = order.FindMember("properties");
    if (json == order.MemberEnd() || !json->value.IsObject()) return properties;
    for (const auto& property : json->value.GetObject()) {
        auto& value = properties[property.name.GetString()];
        if (property.value.IsString()) value = property.value.GetString();
    }
    return properties;
}

Instant instant_of(const rapidjson::Value& order, Instant now) {
    const std::string text = text_member(order, "modified");
    if (text.empty()) return now;
    const auto instant = parse_instant(text);
    if (!instant) throw invalid_request("modified is no instant");
    return *instant;
}

/// Calls `act(type, id)` for every link of the order.
template <typename Act>
void for_each_link(const rapidjson::Value& order, Act act) {
    const auto links = order.FindMember("links");
    if (links == order.MemberEnd() || !links->value.IsObject()) return;
    for (const auto& group : links->value.GetObject()) {
        const auto type = parse_object_type(group.name.GetString());
        if (!type || !group.value.IsArray()) throw invalid_request("links are {objects: [ids]}");
        for (const auto& id : group.value.GetArray())
            act(*type, to_id(id.IsString() ? id.GetString() : ""));
    }
}

loopback::Reply done(std::int64_t id, Instant at) {
    JsonWriter json;
    json.StartObject();
    json.member("id", std::to_string(id));
    json.member("modified", format_instant(at));
    json.EndObject();
    return {.body = json.str()};
}

/// In its place: pages of the list may point to it.
loopback::Reply change_owner(Dataset& dataset, const rapidjson::Value& order, Instant now) {
    const auto owner =
        std::ranges::find(dataset.owners, to_id(text_member(order, "id")), &Owner::id);
    if (owner == dataset.owners.end()) throw not_found();
    owner->email = text_member(order, "email");
    const auto archived = order.FindMember("archived");
    owner->archived = archived != order.MemberEnd() && archived->value.IsTrue();
    return done(owner->id, now);
}

}  // namespace

loopback::Reply Simulator::control(const loopback::Request& request, Instant now) {
    constexpr std::string_view records = "/_sim/records/";
    if (request.path == "/_sim/fault") {
        if (request.method == "DELETE")
            faults_.clear();
        else if (!faults_.add(parse_order(request)))
            throw invalid_request("unknown kind of fault");
        return {.body = "{}"};
    }
    if (request.path == "/_sim/edit") return edit(parse_order(request), now);
    if (request.path == "/_sim/owner") return change_owner(dataset_, parse_order(request), now);
    if (request.path == "/_sim/log") return log();
    if (request.path.starts_with(records)) {
        if (const auto type = parse_object_type(request.path.substr(records.size())))
            return truth(*type);
    }
    if (request.path.starts_with("/_sim/dialect/"))
        if (auto reply = dialect_->control(request, now)) return *reply;
    throw not_found();
}

loopback::Reply Simulator::edit(const rapidjson::Value& order, Instant now) {
    const auto type = parse_object_type(text_member(order, "object"));
    if (!type) throw invalid_request("unknown object");
    const std::string action = text_member(order, "action");
    const Instant at = instant_of(order, now);
    const auto link_to = [&](std::int64_t id) {
        for_each_link(
            order, [&](ObjectType other, std::int64_t to) { dataset_.link(*type, id, other, to); });
    };
    if (action == "create") {
        const std::int64_t created = dataset_.create(*type, properties_of(order), at);
        link_to(created);
        dialect_->after_change(action, *type, created, now);
        return done(created, at);
    }
    const std::int64_t id = to_id(text_member(order, "id"));
    if (dataset_.find(*type, id) == nullptr) throw not_found();
    if (action != "link" && action != "unlink") dialect_->before_change(*type, id, now);
    if (action == "set") {
        dataset_.set(*type, id, properties_of(order), at);
        link_to(id);
    } else if (action == "archive") {
        dataset_.archive(*type, id, at);
    } else if (action == "restore") {
        dataset_.restore(*type, id, at);
    } else if (action == "forget") {
        dataset_.forget(*type, id);
    } else if (action == "merge") {
        const std::int64_t into = to_id(text_member(order, "into"));
        if (dataset_.find(*type, into) == nullptr) throw not_found();
        dialect_->before_change(*type, into, now);
        if (!dataset_.merge(*type, id, into, at)) throw invalid_request("they cannot be merged");
        dialect_->after_change("set", *type, into, now);
    } else if (action == "link") {
        link_to(id);
    } else if (action == "unlink") {
        for_each_link(order, [&](ObjectType other, std::int64_t to) {
            dataset_.unlink(*type, id, other, to);
        });
    } else {
        throw invalid_request("unknown action");
    }
    dialect_->after_change(action == "merge" ? "forget" : action, *type, id, now);
    return done(id, at);
}

loopback::Reply Simulator::truth(ObjectType type) const {
    const Schema& schema = schema_of(type);
    JsonWriter json;
    json.StartObject();
    json.key("results");
    json.StartArray();
    for (const Record& record : dataset_.records(type)) {
        json.StartObject();
        json.member("id", std::to_string(record.id));
        json.member("archived", record.archived.has_value());
        json.key("properties");
        json.StartObject();
        for (std::size_t i = 0; i < schema.properties.size(); ++i) {
            json.key(schema.properties[i].name);
            json.text_or_null(value_of(schema, record, i));
        }
        json.EndObject();
        json.key("links");
        json.StartObject();
        for (const ObjectType other : all_types) {
            const auto ids = dataset_.linked(type, record.id, other);
            if (ids.empty()) continue;
            json.key(schema_of(other).name);
            json.StartArray();
            for (const std::int64_t id : ids) json.text(std::to_string(id));
            json.EndArray();
        }
        json.EndObject();
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {.body = json.str()};
}

loopback::Reply Simulator::log() const {
    JsonWriter json;
    json.StartObject();
    json.key("requests");
    json.StartArray();
    for (const Served& served : served_) {
        json.StartObject();
        json.member("at", format_instant(served.at));
        json.member("method", served.method);
        json.member("target", served.path);
        json.member("body", served.body);
        json.member("status", std::int64_t{served.status});
        json.member("bytes", static_cast<std::int64_t>(served.bytes));
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {.body = json.str()};
}

}  // namespace nudged::crmsim
