// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/crmsim/close/organization.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

std::string user_id(const crmsim::Owner& owner) {
    return crmsim::close::user_id_text(owner.id);
}

std::string status_id(const std::string& stage) {
    return crmsim::close::status_of(stage).id;
}

/// What belongs to a lead is gone with it.
bool is_visible(const Shown& shown) {
    const auto leads = shown.data.linked(shown.type, shown.record.id, ObjectType::companies);
    const auto* lead =
        leads.empty() ? nullptr : shown.data.find(ObjectType::companies, leads.front());
    return !lead || !lead->archived;
}

void as_close(const Shown& shown, Entity entity, Fields& fields) {
    if (entity == Entity::account) fields["domain"] = "https://" + fields["domain"];
    // When it was lost, which the common rules do not know.
    if (shown.property("dealstage") == "closedlost") fields.erase("close_date");
}

}  // namespace

/// Contacts are left out: there they come with their lead alone, and move its time.
Crm close() {
    return {
        .name = "close",
        .replaced = {{"capacity  = 10\n", "capacity  = 100000\n"},
                     {"capacity  = 10\n", "capacity  = 100000\n"},
                     {"capacity  = 10\n", "capacity  = 100000\n"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"wait     = \"5s\"", "wait     = \"1ms\""},
                     {"precision = \"1s\"", "precision = \"1s\"\nmax_rows = 20"},
                     {"limit    = 100\n", "limit    = 2\n"},  // users
                     {"limit    = 100\n", "limit    = 3\n"},  // outcomes
                     {"limit    = 100\n", "limit    = 7\n"},  // leads
                     {"limit    = 100\n", "limit    = 6\n"},  // their ids
                     {"limit    = 100\n", "limit    = 6\n"},  // ids of contacts
                     {"limit    = 100\n", "limit    = 7\n"},  // opportunities
                     {"limit    = 100\n", "limit    = 6\n"},  // tasks
                     {"limit    = 100\n", "limit    = 8\n"},  // their ids
                     {"limit    = 100\n", "limit    = 9\n"},  // ids of opportunities
                     {"limit    = 100\n", "limit    = 4\n"},  // changes of status
                     {"limit    = 100\n", "limit    = 7\n"},  // calls
                     {"limit    = 100\n", "limit    = 8\n"},  // meetings
                     {"limit    = 100\n", "limit    = 9\n"},  // their ids
                     {"limit    = 50\n", "limit    = 5\n"},
                     {"batch   = 100\n", "batch   = 3\n"},
                     {"batch   = 100\n", "batch   = 4\n"}},
        .requests = {"/lead/", "/event/", "/opportunity/", "/task/", "/activity/", "/user/",
                     "/pipeline/", "/api/v1/"},
        .equip = equip_with_refresh_token,
        .external_id = crmsim::close::id_text,
        .user_id = user_id,
        .stage_id = status_id,
        .entities = {{Entity::call,
                      ObjectType::calls,
                      {"owner", "account", "contact", "started_at", "duration_s", "direction"},
                      is_visible,
                      true},
                     {Entity::task,
                      ObjectType::tasks,
                      {"owner", "subject", "account", "contact", "due_at", "is_done"},
                      is_visible},
                     {Entity::meeting,
                      ObjectType::meetings,
                      {"owner", "subject", "account", "contact", "starts_at", "ends_at"},
                      is_visible,
                      true},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"owner", "account", "contact", "stage", "amount", "close_date", "is_closed"},
                      is_visible},
                     {Entity::account, ObjectType::companies, {"name", "domain"}}},
        .streams = {"user", "pipeline", "stage"},
        .adapt = as_close,
        .precision = 1ms,
        .lag = 0ms,
        .late = 8min,
        .link_reach = 0ms,
        .lookback = 10min,
        .deep = 25h,
        .tells_purged = true,
        .refusals = {R"("status":429,"headers":{"RateLimit":"limit=100, remaining=0, reset=0"})",
                     R"("status":401)", R"("status":400,"body":{"error":"max_skip reached"})"},
        .upsets = {{"end_tokens", "{}"}, {"max_skip", R"({"max_skip":30})"}},
        .calming = {{"max_skip", R"({"max_skip":250000})"}},
        .rotates_refresh_token = true,
        .restores = false,
        .hides_children = true,
        .hides_leavers = true,
        .history_precision = 1ms,
        .history_stream = "opportunity_change",
        .program = crmsim::close::user_id_text(301),  // the first one, whose key it is
    };
}

}  // namespace nudged::adversary
