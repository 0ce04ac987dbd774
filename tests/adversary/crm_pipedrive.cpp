// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

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

}  // namespace

Crm pipedrive() {
    const std::vector<std::string_view> call{"owner",   "subject",     "account",
                                             "contact", "opportunity", "started_at"};
    return {
        .name = "pipedrive",
        .replaced = {{"capacity = 4\n", "capacity = 100000\n"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"precision = \"1s\"", "precision = \"1s\"\nmax_rows = 20"},
                     {"wait     = \"2s\"", "wait     = \"1ms\""},
                     {"limit    = 500", "limit    = 7"},
                     {"limit    = 500", "limit    = 5"},
                     {"limit    = 500", "limit    = 6"},
                     {"limit    = 500", "limit    = 7"},
                     {"limit    = 500", "limit    = 8"}},
        .requests = {"/activities", "/deals", "/organizations", "/persons", "/api/v2/", "/users",
                     "/callLogs"},
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
        .precision = 1s,
        .lag = 0ms,
        .late = 4min,
        .link_reach = 0ms,
        .lookback = 5min,
        .deep = 25h,
        .tells_purged = true,
        .refusals = {R"("status":429,"headers":{"x-ratelimit-reset":"0"})",
                     R"("status":429,"headers":{"x-ratelimit-reset":"5000"})",
                     R"("status":403,"body":"<html>error code: 1015</html>")"},
        // A log stands still there, and in the data set it would change with its call: here nobody
        // has any.
        .prepared = {{"token_user", R"({"id":"1"})"}},
    };
}

}  // namespace nudged::adversary
