// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/answers.hpp"
#include "tests/crmsim/hubspot/hubspot.hpp"
#include "tests/crmsim/hubspot/requests.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim {
namespace {

constexpr std::size_t max_association_inputs = 1'000;
constexpr std::size_t max_links_of_one = 500;

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

}  // namespace

loopback::Reply HubSpot::read_associations(ObjectType from, ObjectType to,
                                           const loopback::Request& request, Instant now,
                                           bool dated) const {
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
                                           const loopback::Request& request, bool dated) const {
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

}  // namespace nudged::crmsim
