// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/describe.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

namespace nudged::crmsim::salesforce {
namespace {

std::string_view type_name(FieldType type) {
    static constexpr std::string_view names[] = {
        "id",  "reference", "string", "textarea", "picklist", "email", "phone",
        "url", "boolean",   "int",    "percent",  "currency", "date",  "datetime"};
    return names[static_cast<std::size_t>(type)];
}

void write_list(loopback::JsonWriter& json, std::string_view name, std::string_view commas) {
    json.key(name);
    json.StartArray();
    for (const std::string_view part : split(commas, ','))
        if (!part.empty()) json.text(part);
    json.EndArray();
}

void write_picklist(loopback::JsonWriter& json, std::string_view commas) {
    json.key("picklistValues");
    json.StartArray();
    for (const std::string_view value : split(commas, ',')) {
        if (value.empty()) continue;
        json.StartObject();
        json.member("active", true);
        json.member("defaultValue", false);
        json.member("label", value);
        json.null_member("validFor");
        json.member("value", value);
        json.EndObject();
    }
    json.EndArray();
}

void write_field(loopback::JsonWriter& json, const Field& field) {
    const bool long_text = field.type == FieldType::textarea;
    json.StartObject();
    json.member("name", field.name);
    json.member("label", field.name);
    json.member("type", type_name(field.type));
    json.member("custom", false);
    json.member("nillable", field.type != FieldType::id && field.type != FieldType::boolean &&
                                field.name != "SystemModstamp");
    json.member("filterable", !long_text);
    json.member("sortable", !long_text);
    json.member("polymorphicForeignKey", field.refers_to.find(',') != std::string_view::npos);
    write_list(json, "referenceTo", field.refers_to);
    json.key("relationshipName");
    if (field.relationship.empty())
        json.Null();
    else
        json.text(field.relationship);
    write_picklist(json, field.picklist);
    json.EndObject();
}

void write_object_head(loopback::JsonWriter& json, const Object& object, std::string_view version) {
    const bool logged = object.name != "User" && object.name != "OpportunityStage";
    json.member("name", object.name);
    json.member("label", object.name);
    json.member("labelPlural", object.name);
    json.member("keyPrefix", object.prefix);
    json.member("custom", false);
    json.member("queryable", true);
    json.member("replicateable", logged);
    json.member("retrieveable", true);
    json.key("urls");
    json.StartObject();
    const std::string url = fmt::format("/services/data/{}/sobjects/{}", version, object.name);
    json.member("sobject", url);
    json.member("describe", url + "/describe");
    json.member("rowTemplate", url + "/{ID}");
    json.EndObject();
}

}  // namespace

loopback::Reply describe_all(const Org& org, std::string_view version) {
    loopback::JsonWriter json;
    json.StartObject();
    json.member("encoding", "UTF-8");
    json.member("maxBatchSize", std::int64_t{200});
    json.key("sobjects");
    json.StartArray();
    for (const Object& object : objects()) {
        if (find_object(org, object.name) == nullptr) continue;
        json.StartObject();
        write_object_head(json, object, version);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

loopback::Reply describe_object(const Org& org, const Object& object, std::string_view version) {
    loopback::JsonWriter json;
    json.StartObject();
    write_object_head(json, object, version);
    json.key("fields");
    json.StartArray();
    for (const Field& field : object.fields)
        if (find_field(org, object, field.name) != nullptr) write_field(json, field);
    json.EndArray();
    json.EndObject();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

}  // namespace nudged::crmsim::salesforce
