// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/crmsim/hubspot/answers.hpp"

#include <fmt/format.h>

namespace nudged::adversary {

using namespace std::chrono_literals;

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
                     {"limit    = 100", "limit    = 6"},
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
        .precision = 1ms,
        .lag = 30s,
        .late = 50min,
        .link_reach = 23h,
        .lookback = 1h,
        .deep = 25h,
        .tells_purged = true,
        .refusals = {R"("status":429,"body":{"policyName":"SECONDLY"})",
                     R"("status":429,"body":{"policyName":"TEN_SECONDLY_ROLLING"})",
                     R"("status":429,"body":{"policyName":"DAILY"})", R"("status":423)",
                     R"("status":477,"headers":{"Retry-After":"3600"})"},
        .merges = true,
        .history_precision = 1ms,
        .program = fmt::format("app:{}", crmsim::sync_app),
    };
}

}  // namespace nudged::adversary
