// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/crmsim/common/rows.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

std::string stage_number(const std::string& stage) {
    return std::to_string(crmsim::stage_number(stage));
}

bool is_deleted(const Shown& shown, const std::string& company) {
    if (company.empty()) return false;
    const auto* record = shown.data.find(ObjectType::companies, std::stoll(company));
    return !record || record->archived;
}

void as_zendesk_sell(const Shown& shown, Entity entity, Fields& fields) {
    const bool is_activity = entity == Entity::call || entity == Entity::task;
    if (entity == Entity::task && !fields["opportunity"].empty())
        fields["contact"] = fields["account"] = "";
    // A person or an organization: both are contacts, of which a call and a task have one.
    if (is_activity && !fields["contact"].empty()) fields["account"] = "";
    if (fields["contact"].empty()) fields["contact"] = fields["account"];
    // An organization that is deleted is in no list: whether it was one depends on when it was
    // asked.
    if (is_activity && is_deleted(shown, fields["account"])) fields.erase("account");
    // When it was logged is not told.
    if (entity == Entity::call) fields["created_at"] = shown.millis("hs_timestamp");
}

}  // namespace

/// Lists are read newest first; what was deleted is told by events, to whoever asks within 72
/// hours.
Crm zendesk_sell() {
    return {
        .name = "zendesk-sell",
        .replaced = {{"capacity = 4\n", "capacity = 100000\n"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"wait   = \"10s\"", "wait   = \"1ms\""},
                     {"precision = \"1s\"", "precision = \"1s\"\nmax_rows = 20"},
                     {"limit    = 100\n", "limit    = 7\n"},
                     {"limit    = 100\n", "limit    = 9\n"},
                     {"limit    = 100\n", "limit    = 3\n"},
                     {"limit    = 100\n", "limit    = 8\n"},  // organizations
                     {"value   = \"/id\"", "value   = \"/id\"\nagain = \"1ms\""}},
        .requests = {"/v2/calls", "/v2/tasks", "/v2/deals", "/v2/contacts", "/v2/users", "/stream",
                     "/v2/"},
        .equip = equip_with_refresh_token,
        .external_id = same_id,
        .user_id = same_user,
        .stage_id = stage_number,
        .entities = {{Entity::call,
                      ObjectType::calls,
                      {"owner", "subject", "account", "contact", "opportunity", "started_at",
                       "duration_s", "direction"}},
                     {Entity::task,
                      ObjectType::tasks,
                      {"owner", "subject", "account", "contact", "opportunity", "due_at", "is_done",
                       "completed_at"}},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"name", "owner", "account", "contact", "stage", "amount", "close_date"}},
                     {Entity::account, ObjectType::companies, {"name", "domain", "owner"}},
                     {Entity::contact, ObjectType::contacts, {"name", "email", "owner"}}},
        .streams = {"user", "pipeline", "stage"},
        .adapt = as_zendesk_sell,
        .precision = 1s,
        .lag = 0ms,
        .late = 8min,
        .link_reach = 0ms,
        .lookback = 10min,
        .deep = 25h,
        .tells_purged = true,
        .refusals =
            {R"("status":400,"body":{"errors":[{"error":{"field":"position","details":""}}]})",
             R"("status":401)"},
        .upsets = {{"end_tokens", "{}"}},
        .rotates_refresh_token = true,
        .restores = false,
    };
}

}  // namespace nudged::adversary
