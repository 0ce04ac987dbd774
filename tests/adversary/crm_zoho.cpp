// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/crmsim/zoho/modules.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

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
    equip_with_refresh_token(options);
}

}  // namespace

Crm zoho() {
    return {
        .name = "zoho",
        .replaced = {{"capacity  = 50_000", "capacity  = 5_000_000"},
                     {"wait           = \"5s\"", "wait           = \"1ms\""},
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
        .precision = 1s,
        .lag = 0ms,
        .late = 8min,
        .link_reach = 0ms,
        .lookback = 10min,
        .deep = 25h,
        .tells_purged = true,
        .hides_deleted_links = true,
        .refusals = {R"("status":429,"body":{"code":"TOO_MANY_REQUESTS"})",
                     R"("status":500,"body":{"code":"INTERNAL_ERROR"})",
                     R"("status":401,"body":{"code":"INVALID_TOKEN"})",
                     R"("status":400,"body":{"code":"EXPIRED_VALUE"})"},
        .upsets = {{"expire-access-tokens", "{}"}, {"expire-page-tokens", "{}"}},
    };
}

}  // namespace nudged::adversary
