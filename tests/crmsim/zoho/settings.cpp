// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/zoho/settings.hpp"

#include "tests/crmsim/zoho/answers.hpp"
#include "tests/crmsim/zoho/modules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::crmsim::zoho {

using namespace tables;

namespace {

constexpr std::int64_t layout = 91'055;
// What an admin has added to deals, and what people call it.
constexpr std::string_view added_field = "Segment";
constexpr std::string_view added_label = "Market segment";
constexpr const char* founded = "2025-01-10T13:30:00+00:00";

std::string setting_id(std::int64_t number) {
    return make_id(IdKind::setting, number);
}

void write_named(JsonWriter& json, const char* member, std::string_view name,
                 const std::string& id) {
    json.key(member);
    json.StartObject();
    json.member("name", name);
    json.member("id", id);
    json.EndObject();
}

void write_user(JsonWriter& json, const Owner& owner, const Owner& boss, const Facts& facts) {
    json.StartObject();
    json.member("id", make_id(IdKind::user, owner.id));
    json.member("full_name", full_name(owner));
    json.member("first_name", owner.first_name);
    json.member("last_name", owner.last_name);
    json.member("email", email_of(owner));
    json.member("status", owner.archived ? "deleted" : "active");
    json.member("confirm", true);
    json.member("time_zone", facts.zone.name());
    json.member("locale", "en_US");
    json.member("zuid", std::to_string(owner.id));
    json.member("type__s", "Regular User");
    write_named(json, "role", owner.id == boss.id ? "CEO" : "Sales", setting_id(26'008));
    write_named(json, "profile", "Standard", setting_id(26'014));
    if (owner.id == boss.id || owner.archived)
        json.null_member("Reporting_To");
    else
        write_named(json, "Reporting_To", full_name(boss), make_id(IdKind::user, boss.id));
    json.member("created_time", founded);
    json.member("Modified_Time", founded);
    json.EndObject();
}

std::string_view data_type(const Column& column) {
    switch (column.kind) {
    case CellKind::flag: return "boolean";
    case CellKind::number: return column.name == "Amount" ? "currency" : "integer";
    case CellKind::date: return "date";
    case CellKind::time: return "datetime";
    case CellKind::reference:
        if (column.name == "id") return "bigint";
        return column.name == "Owner" || column.name == "Modified_By" ? "ownerlookup" : "lookup";
    case CellKind::text: break;
    }
    return "text";
}

/// What of a field a reader may want to know, and the rest that the vendor's schema demands.
void write_field(JsonWriter& json, const Column& column, const std::string& id) {
    json.StartObject();
    json.member("api_name", column.name);
    json.member("id", id);
    json.member("data_type", data_type(column));
    const bool is_added = column.name == added_field;
    for (const char* name : {"field_label", "display_label"})
        json.member(name, is_added ? added_label : column.name);
    json.member("type", "used");
    json.member("created_source", "default");
    json.member("custom_field", is_added);
    for (const char* name : {"filterable", "visible", "searchable", "sortable", "public"})
        json.member(name, true);
    for (const char* name :
         {"webhook", "colour_code_enabled_by_system", "field_read_only", "read_only",
          "businesscard_supported", "separator", "history_tracking_enabled", "enable_colour_code",
          "system_mandatory", "virtual_field", "display_field", "pick_list_values_sorted_lexically",
          "mass_update"})
        json.member(name, false);
    for (const char* name :
         {"association_details", "multi_module_lookup", "external", "range", "currency", "lookup",
          "rollup_summary", "formula", "multiselectlookup", "auto_number"})
        json.null_member(name);
    for (const char* name : {"profiles", "pick_list_values"}) {
        json.key(name);
        json.StartArray();
        json.EndArray();
    }
    for (const char* name : {"unique", "convert_mapping"}) {
        json.key(name);
        json.StartObject();
        json.EndObject();
    }
    for (const char* name : {"display_type", "ui_type"}) json.member(name, std::int64_t{1});
    constexpr std::string_view fixed =
        R"({"web_update":true,"api_create":true,"web_create":true,"api_update":true})";
    json.key("operation_type");
    json.RawValue(fixed.data(), fixed.size(), rapidjson::kObjectType);
    constexpr std::string_view views =
        R"({"view":true,"edit":true,"quick_create":false,"create":true})";
    json.key("view_type");
    json.RawValue(views.data(), views.size(), rapidjson::kObjectType);
    constexpr std::string_view parser =
        R"({"fields_update_supported":true,"record_operations_supported":true})";
    json.key("email_parser");
    json.RawValue(parser.data(), parser.size(), rapidjson::kObjectType);
    json.EndObject();
}

const Table& module_parameter(const loopback::Request& request) {
    if (request.parameter("module").empty())
        throw refuse_about(400, "REQUIRED_PARAM_MISSING",
                           "One of the expected parameter is missing", "param_name", "module");
    const Table* module = find_module(request.parameter("module"));
    if (module == nullptr)
        throw refuse(400, "INVALID_MODULE", "the module name given seems to be invalid");
    return *module;
}

}  // namespace

std::string pipeline_id() {
    return setting_id(6'801);
}

loopback::Reply users(const loopback::Request& request, const Facts& facts) {
    const std::string_view type = request.parameter("type");
    std::vector<const Owner*> chosen;
    for (const Owner& owner : facts.data.owners) {
        const bool is_former = type == "DeletedUsers";
        const bool all = type.empty() || type == "AllUsers";
        if (all || owner.archived == is_former) chosen.push_back(&owner);
    }
    // Whose token it is.
    if (type == "CurrentUser" && chosen.size() > 1) chosen.resize(1);
    const std::size_t size = number_parameter(request, "per_page", 200, 200);
    const std::size_t page = number_parameter(request, "page", 1, 1'000'000);
    const std::size_t begin = std::min(chosen.size(), (page - 1) * size);
    const std::size_t end = std::min(chosen.size(), begin + size);
    if (begin == end) return no_content();
    JsonWriter json;
    json.StartObject();
    json.key("users");
    json.StartArray();
    for (std::size_t i = begin; i < end; ++i)
        write_user(json, *chosen[i], facts.data.owners.front(), facts);
    json.EndArray();
    json.key("info");
    json.StartObject();
    json.member("per_page", static_cast<std::int64_t>(size));
    json.member("count", static_cast<std::int64_t>(end - begin));
    json.member("page", static_cast<std::int64_t>(page));
    json.member("more_records", end < chosen.size());
    json.EndObject();
    json.EndObject();
    return reply_with(json);
}

loopback::Reply organisation(const Facts& facts) {
    JsonWriter json;
    json.StartObject();
    json.key("org");
    json.StartArray();
    json.StartObject();
    json.member("id", setting_id(20'021));
    json.member("company_name", "Kestrel");
    json.member("type", "production");
    json.member("currency", facts.data.currency == "EUR" ? "Euro" : facts.data.currency);
    json.member("iso_code", facts.data.currency);
    json.member("currency_symbol", "€");
    json.member("mc_status", false);
    json.member("time_zone", facts.zone.name());
    json.member("created_time", founded);
    json.member("zgid", "20060681407");
    json.EndObject();
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

loopback::Reply fields(const loopback::Request& request, const HiddenFields& hidden) {
    const Table& module = module_parameter(request);
    JsonWriter json;
    json.StartObject();
    json.key("fields");
    json.StartArray();
    std::int64_t id = 2'000'000 + 1'000 * (&module - modules().data());
    for (const Column& column : module.columns) {
        ++id;
        if (column.name.starts_with('$')) continue;
        if (hidden.contains(fmt::format("{}.{}", module.name, column.name))) continue;
        write_field(json, column, setting_id(id));
    }
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

loopback::Reply layouts(const loopback::Request& request) {
    const Table& module = module_parameter(request);
    JsonWriter json;
    json.StartObject();
    json.key("layouts");
    json.StartArray();
    json.StartObject();
    json.member("id", setting_id(layout + (&module - modules().data())));
    json.member("name", "Standard");
    json.member("api_name", "Standard");
    json.member("display_label", "Standard");
    json.member("status", "active");
    json.member("visible", true);
    json.EndObject();
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

loopback::Reply pipelines(const loopback::Request& request) {
    const std::string deals = setting_id(layout + (find_module("Deals") - modules().data()));
    if (request.parameter("layout_id").empty())
        throw refuse_about(400, "REQUIRED_PARAM_MISSING",
                           "One of the expected parameter is missing", "param_name", "layout_id");
    if (request.parameter("layout_id") != deals)
        throw refuse_about(400, "INVALID_DATA", "the layout id given seems to be invalid",
                           "param_name", "layout_id");
    JsonWriter json;
    json.StartObject();
    json.key("pipeline");
    json.StartArray();
    json.StartObject();
    json.member("display_value", pipeline_name);
    json.member("default", true);
    json.member("actual_value", pipeline_name);
    json.member("id", pipeline_id());
    json.key("maps");
    json.StartArray();
    std::int64_t number = 0;
    for (const Stage& stage : stages()) {
        ++number;
        const bool won = stage.id == "closedwon";
        const std::string_view category = !stage.closed ? "Pipeline" : won ? "Closed" : "Omitted";
        json.StartObject();
        json.member("display_value", stage.label);
        json.member("sequence_number", number);
        write_named(json, "forecast_category", category,
                    setting_id(!stage.closed ? 5'001
                               : won         ? 5'003
                                             : 5'004));
        json.member("actual_value", stage.label);
        json.member("id", setting_id(6'801 + number));
        json.member("forecast_type", !stage.closed ? "Open" : won ? "Closed Won" : "Closed Lost");
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

}  // namespace nudged::crmsim::zoho
