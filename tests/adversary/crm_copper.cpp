// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

/// Of an activity nobody tells more than when it was logged, as if that were when it took place.
void as_copper(const Shown& /*shown*/, Entity entity, Fields& fields) {
    const bool is_activity = entity == Entity::call || entity == Entity::meeting;
    if (is_activity || entity == Entity::task) keep_one_link(fields);
    for (const auto name : {"started_at", "starts_at"})
        if (const auto field = fields.find(name); field != fields.end())
            field->second = fields.at("created_at");
}

void equip(sources::HttpSourceOptions& options) {
    options.credentials["email"] = Secret{"ana@acme.example"};
    options.settings["call_types"] = "160826";
    options.settings["meeting_types"] = "160827";
}

}  // namespace

/// Searches by page number. Activities are found by when they took place alone, so that one of
/// more than a month ago stays as it is stored, whatever is changed of it.
Crm copper() {
    constexpr std::chrono::days looked_back{28};
    return {
        .name = "copper",
        .replaced = {{"capacity = 30\n", "capacity = 100000\n"},
                     {"base     = \"1s\"", "base     = \"1ms\""},
                     {"cap      = \"60s\"", "cap      = \"2ms\""},
                     {"wait           = \"60s\"", "wait           = \"1ms\""},
                     {"precision = \"1s\"", "precision = \"1s\"\nmax_rows = 20"},
                     {"limit        = 200\n", "limit        = 7\n"},   // changed
                     {"limit    = 200\n", "limit    = 6\n"},           // first loads
                     {"limit        = 200\n", "limit        = 9\n"},   // sweeps
                     {"limit        = 200\n", "limit        = 2\n"},   // users
                     {"limit        = 200\n", "limit        = 5\n"},   // activities
                     {"limit    = 200\n", "limit    = 6\n"},           // their first load
                     {"limit        = 200\n", "limit        = 8\n"}},  // their sweep
        .requests = {"/companies/search", "/people/search", "/opportunities/search",
                     "/tasks/search", "/activities/search", "/users/search", "/pipelines",
                     "GET /developer_api"},
        .equip = equip,
        .external_id = same_id,
        .user_id = same_user,
        .stage_id = nullptr,
        .entities = {{.entity = Entity::call,
                      .type = ObjectType::calls,
                      .fields = {"owner", "account", "contact", "opportunity", "started_at"},
                      .by_creation = true,
                      .by_id = false,
                      .unseen_after = looked_back},
                     {.entity = Entity::meeting,
                      .type = ObjectType::meetings,
                      .fields = {"owner", "account", "contact", "opportunity", "starts_at"},
                      .by_creation = true,
                      .by_id = false,
                      .unseen_after = looked_back},
                     {Entity::task,
                      ObjectType::tasks,
                      {"owner", "subject", "account", "contact", "opportunity", "due_at", "is_done",
                       "completed_at"}},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"name", "owner", "account", "contact", "amount", "close_date", "is_closed"}},
                     {Entity::account, ObjectType::companies, {"name", "domain", "owner"}},
                     {Entity::contact, ObjectType::contacts, {"name", "email", "owner"}}},
        .streams = {"user", "pipeline", "stage"},
        .adapt = as_copper,
        .precision = 1s,
        .lag = 0ms,
        .late = 50min,
        .link_reach = 0ms,
        .lookback = 1h,
        .deep = 25h,
        .tells_purged = true,
        .prepared = {{"activity_dates", R"({"of":"creation"})"}},
        .restores = false,
        .hides_leavers = true,
    };
}

}  // namespace nudged::adversary
