// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm.hpp"
#include "tests/crmsim/zoho/modules.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

std::string same_id(ObjectType /*type*/, std::int64_t id) {
    return std::to_string(id);
}

std::string same_user(const crmsim::Owner& owner) {
    return std::to_string(owner.id);
}

std::string same_stage(const std::string& stage) {
    return stage;
}

Crm hubspot() {
    const std::vector<std::string_view> activity{"owner", "subject", "account", "contact",
                                                 "opportunity"};
    const auto with = [&](std::vector<std::string_view> fields) {
        fields.insert(fields.end(), activity.begin(), activity.end());
        return fields;
    };
    return {
        .name = "hubspot",
        .replaced = {{"capacity = 5\n", "capacity = 100000\n"},
                     {"capacity = 1\n", "capacity = 100000\n"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"wait   = \"1s\"", "wait   = \"1ms\""},
                     {"wait   = \"10s\"", "wait   = \"1ms\""},
                     {"wait   = \"10s\"", "wait   = \"1ms\""},
                     {"limit    = 200", "limit    = 7"},
                     {"limit    = 100", "limit    = 5"},
                     {"limit    = 100", "limit    = 2"}},
        .requests = {"/search", "/associations/", "/batch/read", "GET /crm/objects", "/owners"},
        .equip = nullptr,
        .external_id = same_id,
        .user_id = same_user,
        .stage_id = same_stage,
        .entities =
            {{Entity::call, ObjectType::calls, with({"started_at", "duration_s", "direction"})},
             {Entity::task, ObjectType::tasks, with({"due_at", "is_done", "completed_at"})},
             {Entity::meeting, ObjectType::meetings, with({"starts_at", "ends_at"})},
             {Entity::opportunity,
              ObjectType::deals,
              {"name", "owner", "account", "contact", "stage", "amount", "close_date",
               "is_closed"}},
             {Entity::account, ObjectType::companies, {"name", "domain", "owner"}},
             {Entity::contact, ObjectType::contacts, {"name", "email", "owner", "account"}}},
        .streams = {"user", "pipeline", "stage"},
        .lag = 30s,
        .late = 50min,
        .link_reach = 23h,
        .lookback = 1h,
        .deep = 25h,
        .upsets = {},
    };
}

/// Whole seconds there; what is due, and when calls and meetings began, whole minutes.
std::string whole_minutes(const std::string& millis) {
    return millis.empty() ? "" : std::to_string(std::stoll(millis) / 60'000 * 60'000);
}

void as_pipedrive(const Shown& shown, Entity entity, Fields& fields) {
    for (const auto name : {"due_at", "started_at", "starts_at"})
        if (const auto field = fields.find(name); field != fields.end())
            field->second = whole_minutes(field->second);
    // A task that is a call and done.
    if (entity == Entity::call && shown.type == ObjectType::tasks)
        fields["started_at"] = fields["due_at"];
}

bool is_done_call(const Shown& task) {
    return task.property("hs_task_type") == "CALL" &&
           task.property("hs_task_status") == "COMPLETED";
}

bool is_no_done_call(const Shown& task) {
    return !is_done_call(task);
}

Crm pipedrive() {
    const std::vector<std::string_view> call{"owner",   "subject",     "account",
                                             "contact", "opportunity", "started_at"};
    return {
        .name = "pipedrive",
        .replaced = {{"capacity = 4\n", "capacity = 100000\n"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"precision = \"1s\"", "precision = \"1s\"\nmax_rows = 20"},
                     {"limit    = 500", "limit    = 7"},
                     {"limit    = 500", "limit    = 5"},
                     {"limit    = 500", "limit    = 6"}},
        .requests = {"/activities", "/deals", "/organizations", "/persons", "/api/v2/", "/users"},
        .equip = nullptr,
        .external_id = same_id,
        .user_id = same_user,
        .stage_id = nullptr,
        .entities =
            {{Entity::call, ObjectType::calls, call},
             {Entity::call, ObjectType::tasks, call, is_done_call},
             {Entity::task,
              ObjectType::tasks,
              {"owner", "subject", "account", "contact", "opportunity", "due_at", "is_done"},
              is_no_done_call},
             {Entity::meeting,
              ObjectType::meetings,
              {"owner", "subject", "account", "contact", "opportunity", "starts_at"}},
             {Entity::opportunity,
              ObjectType::deals,
              {"name", "owner", "account", "contact", "amount", "is_closed"}},
             {Entity::account, ObjectType::companies, {"name", "owner"}},
             {Entity::contact, ObjectType::contacts, {"name", "email", "owner", "account"}}},
        .streams = {"user", "pipeline", "stage"},
        .adapt = as_pipedrive,
        .lag = 0ms,
        .late = 4min,
        .link_reach = 0ms,
        .lookback = 5min,
        .deep = 25h,
        .tells_purged = true,
        .upsets = {},
    };
}

crmsim::zoho::IdKind zoho_kind(ObjectType type) {
    using crmsim::zoho::IdKind;
    switch (type) {
    case ObjectType::calls: return IdKind::call;
    case ObjectType::tasks: return IdKind::task;
    case ObjectType::meetings: return IdKind::event;
    case ObjectType::deals: return IdKind::deal;
    case ObjectType::companies: return IdKind::account;
    case ObjectType::contacts: return IdKind::contact;
    }
    return IdKind::setting;
}

std::string zoho_id(ObjectType type, std::int64_t id) {
    return crmsim::zoho::make_id(zoho_kind(type), id);
}

std::string zoho_user(const crmsim::Owner& owner) {
    return crmsim::zoho::make_id(crmsim::zoho::IdKind::user, owner.id);
}

void equip_zoho(sources::HttpSourceOptions& options) {
    options.settings["accounts_url"] = options.settings["base_url"];
    options.credentials.clear();
    for (const auto name : {"client_id", "client_secret", "refresh_token"})
        options.credentials[name] = Secret{"pat-eu1-demo"};
}

Crm zoho() {
    return {
        .name = "zoho",
        .replaced = {{"capacity  = 50_000", "capacity  = 5_000_000"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"limit    = 200\n", "limit    = 7\n"},
                     {"limit    = 2000\n", "limit    = 9\n"},
                     {"limit    = 2000\n", "limit    = 8\n"},
                     {"limit    = 200\n", "limit    = 5\n"}},
        .requests = {"/coql", "/crm/v8/", "/deleted", "/users", "/settings/"},
        .equip = equip_zoho,
        .external_id = zoho_id,
        .user_id = zoho_user,
        .stage_id = nullptr,
        .entities = {{Entity::call, ObjectType::calls, {"owner", "subject", "started_at"}},
                     {Entity::task, ObjectType::tasks, {"owner", "subject", "is_done"}},
                     {Entity::meeting,
                      ObjectType::meetings,
                      {"owner", "subject", "starts_at", "ends_at"}},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"name", "owner", "account", "contact", "amount"}},
                     {Entity::account, ObjectType::companies, {"name", "owner"}},
                     {Entity::contact, ObjectType::contacts, {"name", "email", "owner"}}},
        .streams = {"user"},
        .lag = 0ms,
        .late = 8min,
        .link_reach = 0ms,
        .lookback = 10min,
        .deep = 25h,
        .tells_purged = true,
        .hides_deleted_links = true,
        .upsets = {{"expire-access-tokens", "{}"}, {"expire-page-tokens", "{}"}},
    };
}

}  // namespace

std::span<const Crm> crms() {
    static const std::vector<Crm> all{hubspot(), pipedrive(), zoho()};
    return all;
}

}  // namespace nudged::adversary
