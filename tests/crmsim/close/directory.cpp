// SPDX-License-Identifier: Apache-2.0
// Users, the organization, pipelines and outcomes.
#include "tests/crmsim/close/lists.hpp"

#include <algorithm>

namespace nudged::crmsim::close {
namespace {

constexpr const char* founded = "2024-01-01T00:00:00.000000+00:00";

struct Outcome {
    std::string_view id;
    std::string_view name;
    std::string_view applies_to;
    std::string_view disposition;  // HubSpot's
};
constexpr Outcome all_outcomes[] = {
    {"outcome_connected", "Connected", "calls", "f240bbac-87c9-4f6e-bf70-924b57d47db7"},
    {"outcome_live_message", "Left live message", "calls", "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"},
    {"outcome_voicemail", "Left voicemail", "calls", "b2cf5968-551e-4856-9783-52b3da59a7d0"},
    {"outcome_wrong_number", "Wrong number", "calls", "17b47fee-58de-441e-a44c-c6300d46f273"},
    {"outcome_no_show", "No show", "meetings", ""}};

/// A shared line is no user here.
bool is_user(const Owner& owner) {
    return !owner.email.empty();
}

std::string user_json(const Organization& organization, const Owner& user) {
    JsonWriter json;
    json.StartObject();
    json.member("id", user_id_text(user.id));
    json.member("email", user.email);
    json.member("first_name", user.first_name);
    json.member("last_name", user.last_name);
    json.null_member("image");
    json.member("last_used_timezone", organization.dataset.time_zone);
    json.key("organizations");
    json.StartArray();
    json.text(organization_id);
    json.EndArray();
    json.member("date_created", "2024-01-10T08:00:00.000000+00:00");
    json.member("date_updated", "2025-12-01T00:00:00.000000+00:00");
    json.EndObject();
    return json.str();
}

void write_memberships(JsonWriter& json, const Organization& organization, bool active) {
    json.StartArray();
    for (const Owner& user : organization.dataset.owners) {
        if (!is_user(user) || user.archived == active) continue;
        json.StartObject();
        json.member("id", "memb_" + std::to_string(user.id));
        json.member("user_id", user_id_text(user.id));
        json.member("user_email", user.email);
        json.member("user_full_name", user.first_name + " " + user.last_name);
        json.member("role_id", "user");
        json.EndObject();
    }
    json.EndArray();
}

std::string outcome_json(const Outcome& outcome) {
    JsonWriter json;
    json.StartObject();
    json.member("id", outcome.id);
    json.member("name", outcome.name);
    json.member("description", "");
    json.key("applies_to");
    json.StartArray();
    json.text(outcome.applies_to);
    json.EndArray();
    json.member("organization_id", organization_id);
    json.member("type", "custom");
    json.null_member("created_by");
    json.null_member("updated_by");
    json.member("date_created", founded);
    json.member("date_updated", founded);
    json.EndObject();
    return json.str();
}

}  // namespace

std::string outcome_id(std::string_view disposition) {
    const auto found = std::ranges::find(all_outcomes, disposition, &Outcome::disposition);
    return disposition.empty() || found == std::end(all_outcomes) ? "" : std::string(found->id);
}

Reply users(const Organization& organization, const Request& request) {
    check_names(request, {"_limit", "_skip", "_fields", "_order_by"});
    std::vector<std::string> active;
    for (const Owner& user : organization.dataset.owners)
        if (is_user(user) && !user.archived) active.push_back(user_json(organization, user));
    return page_of(active, parse_page(request));
}

Reply single_user(const Organization& organization, std::string_view id) {
    for (const Owner& user : organization.dataset.owners)
        if (is_user(user) && (user_id_text(user.id) == id || id == "me"))
            return {.content_type = "application/json", .body = user_json(organization, user)};
    throw missing(id);
}

Reply organization_answer(const Organization& organization) {
    JsonWriter json;
    json.StartObject();
    json.member("id", organization_id);
    json.member("name", "Kestrel");
    json.member("currency", organization.dataset.currency);
    json.key("memberships");
    write_memberships(json, organization, true);
    json.key("inactive_memberships");
    write_memberships(json, organization, false);
    json.EndObject();
    return ok(json);
}

Reply pipelines(const Request& request) {
    check_names(request, {});
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    json.StartObject();
    json.member("id", pipeline_id);
    json.member("name", "Sales");
    json.member("organization_id", organization_id);
    json.member("date_created", founded);
    json.member("date_updated", founded);
    json.key("statuses");
    json.StartArray();
    for (const Stage& stage : stages()) {
        const Status status = status_of(stage.id);
        json.StartObject();
        json.member("id", status.id);
        json.member("label", status.label);
        json.member("type", status.type);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    json.EndArray();
    json.EndObject();
    return ok(json);
}

Reply outcomes(const Request& request) {
    check_names(request, {"_limit", "_skip", "_fields"});
    std::vector<std::string> all;
    for (const Outcome& outcome : all_outcomes) all.push_back(outcome_json(outcome));
    return page_of(all, parse_page(request));
}

}  // namespace nudged::crmsim::close
