// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/crmsim/dynamics365/entities.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;
using crmsim::dynamics365::IdKind;
using crmsim::dynamics365::make_guid;

IdKind kind_of(ObjectType type) {
    switch (type) {
    case ObjectType::calls: return IdKind::phonecall;
    case ObjectType::tasks: return IdKind::task;
    case ObjectType::meetings: return IdKind::appointment;
    case ObjectType::deals: return IdKind::opportunity;
    case ObjectType::companies: return IdKind::account;
    case ObjectType::contacts: return IdKind::contact;
    }
    return IdKind::unit;
}

std::string row_id(ObjectType type, std::int64_t id) {
    return make_guid(kind_of(type), id).id;
}

std::string user_id(const crmsim::Owner& owner) {
    return make_guid(IdKind::user, owner.id).id;
}

/// An activity is about one record: a deal before an account before a contact. Who took part in a
/// call or meeting is told besides.
void keep_what_it_is_about(Entity entity, Fields& fields) {
    const bool has_parties = entity == Entity::call || entity == Entity::meeting;
    if (!has_parties && !(fields["opportunity"].empty() && fields["account"].empty()))
        fields["contact"] = "";
    if (!fields["opportunity"].empty()) fields["account"] = "";
}

void as_dynamics365(const Shown& shown, Entity entity, Fields& fields) {
    if (entity == Entity::call || entity == Entity::task || entity == Entity::meeting)
        keep_what_it_is_about(entity, fields);
    if (entity == Entity::call) {
        const auto millis = std::stoll(shown.property("hs_call_duration"));
        fields["duration_s"] = std::to_string((millis + 30'000) / 60'000 * 60);
    }
    if (entity == Entity::task && fields["is_done"] == "0") fields["completed_at"] = "";
    if (entity == Entity::account) fields["domain"] = "https://" + fields["domain"];
}

void equip(sources::HttpSourceOptions& options) {
    options.settings["login_url"] = options.settings["base_url"];
    options.settings["org"] = "sim";
    options.auth = "delegated";
    equip_with_refresh_token(options);
}

}  // namespace

Crm dynamics365() {
    const std::vector<std::string_view> activity{"owner", "subject", "account", "contact",
                                                 "opportunity"};
    const auto with = [&](std::vector<std::string_view> fields) {
        fields.insert(fields.end(), activity.begin(), activity.end());
        return fields;
    };
    return {
        .name = "dynamics365",
        .replaced = {{"capacity   = 10\n", "capacity   = 100000\n"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"wait   = \"5s\"", "wait   = \"1ms\""},
                     {"precision = \"1s\"", "precision = \"1s\"\nmax_rows = 20"},
                     {"limit    = 1000\n", "limit    = 6\n"},
                     {"limit    = 5000\n", "limit    = 7\n"},
                     {"limit    = 5000\n", "limit    = 2\n"},
                     {"limit    = 5000\n", "limit    = 8\n"},
                     {"limit    = 5000\n", "limit    = 4\n"}},
        .requests = {"/phonecalls", "/tasks", "/appointments", "/opportunities", "/accounts",
                     "/contacts", "/systemusers", "/api/data/"},
        .equip = equip,
        .external_id = row_id,
        .user_id = user_id,
        .stage_id = nullptr,
        .entities = {{Entity::call, ObjectType::calls,
                      with({"started_at", "duration_s", "direction"})},
                     {Entity::task, ObjectType::tasks, with({"due_at", "is_done", "completed_at"})},
                     {Entity::meeting, ObjectType::meetings, with({"starts_at", "ends_at"})},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"name", "owner", "account", "contact", "amount", "close_date", "is_closed"}},
                     {Entity::account, ObjectType::companies, {"name", "domain", "owner"}},
                     {Entity::contact, ObjectType::contacts, {"name", "email", "owner"}}},
        .streams = {"user"},
        .adapt = as_dynamics365,
        .precision = 1s,
        .lag = 0ms,
        .late = 4min,
        .link_reach = 0ms,
        .lookback = 5min,
        .deep = 25h,
        .tells_purged = true,
        .hides_deleted_links = true,
        .refusals =
            {R"("status":429,"headers":{"Retry-After":"0"},"body":{"error":{"code":"0x80072322"}})",
             R"("status":401)", R"("status":500,"body":{"error":{"code":"0x80044151"}})",
             R"("status":503,"headers":{"Retry-After":"0"})"},
        .upsets = {{"expire-access-tokens", "{}"}, {"expire-delta-tokens", "{}"}},
        .rotates_refresh_token = true,
    };
}

}  // namespace nudged::adversary
