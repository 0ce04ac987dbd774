// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;
namespace sim = crmsim::salesforce;

/// Tasks and calls share one table there, even numbers being tasks; events have copies.
std::string row_id(ObjectType type, std::int64_t id) {
    const auto number = static_cast<std::uint64_t>(id);
    switch (type) {
    case ObjectType::calls: return sim::id_text(sim::task_prefix, number * 2 + 1);
    case ObjectType::tasks: return sim::id_text(sim::task_prefix, number * 2);
    case ObjectType::meetings: return sim::id_text(sim::event_prefix, number * 2);
    case ObjectType::deals: return sim::id_text(sim::opportunity_prefix, number);
    case ObjectType::companies: return sim::id_text(sim::account_prefix, number);
    case ObjectType::contacts: return sim::id_text(sim::contact_prefix, number);
    }
    return {};
}

std::string user_id(const crmsim::Owner& owner) {
    return sim::id_text(sim::user_prefix, static_cast<std::uint64_t>(owner.id));
}

bool is_planned_call(const Shown& call) {
    return call.property("hs_call_status") == "SCHEDULED";
}

bool is_made_call(const Shown& call) {
    return !is_planned_call(call);
}

std::string whole_seconds(Instant at) {
    return std::to_string(to_millis(std::chrono::floor<std::chrono::seconds>(at)));
}

/// A call ended when it was ticked off, and began as many whole seconds before as it took.
void as_call(const Shown& shown, Fields& fields) {
    if (shown.type == ObjectType::calls) return;
    const auto ticked_off = shown.millis("hs_task_completion_date");
    fields["started_at"] = ticked_off.empty() ? whole_seconds(shown.record.created) : ticked_off;
    fields["duration_s"] = fields["direction"] = "";
}

void as_task(const Shown& shown, Fields& fields) {
    fields["due_on"] = shown.winter_day("hs_timestamp");
    if (shown.type == ObjectType::calls) fields["is_done"] = "0";
    if (fields["is_done"] == "0") fields["completed_at"] = "";
}

void as_salesforce(const Shown& shown, Entity entity, Fields& fields) {
    if (entity == Entity::call) as_call(shown, fields);
    if (entity == Entity::task) as_task(shown, fields);
    if (entity == Entity::account) fields["domain"] = "https://" + fields["domain"];
}

std::string stage_label(const std::string& stage) {
    return sim::stage_label(stage);
}

void equip(sources::HttpSourceOptions& options) {
    options.settings["login_url"] = options.settings["base_url"];
    options.settings.erase("base_url");
    options.auth = "person";
    equip_with_refresh_token(options);
}

}  // namespace

Crm salesforce() {
    const std::vector<std::string_view> call{"owner",      "subject",     "account",
                                             "contact",    "opportunity", "started_at",
                                             "duration_s", "direction"};
    const std::vector<std::string_view> task{"owner",       "subject", "account", "contact",
                                             "opportunity", "due_on",  "is_done", "completed_at"};
    return {
        .name = "salesforce",
        .replaced = {{"share    = 0.2", "share    = 1.0"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"wait   = \"30s\"", "wait   = \"1ms\""},
                     {"batch   = 250", "batch   = 4"},
                     // No more than a page holds.
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"batch   = 200\n", "batch   = 5\n"},
                     {"limit    = 2000\n", "limit    = 7\n"},
                     {"limit    = 2000\n", "limit    = 6\n"},
                     {"limit       = 10000\n", "limit       = 8\n"}},
        .requests = {"/queryAll", "/query", "POST /services/data", "/jobs/query/", "/results",
                     "/describe"},
        .equip = equip,
        .external_id = row_id,
        .user_id = user_id,
        .stage_id = stage_label,
        .entities =
            {{Entity::call, ObjectType::calls, call, is_made_call},
             {Entity::call, ObjectType::tasks, call, is_done_call},
             {Entity::task, ObjectType::calls, task, is_planned_call},
             {Entity::task, ObjectType::tasks, task, is_no_done_call},
             {Entity::meeting,
              ObjectType::meetings,
              {"owner", "subject", "account", "contact", "opportunity", "starts_at", "ends_at"}},
             {Entity::opportunity,
              ObjectType::deals,
              {"name", "owner", "account", "contact", "stage", "amount", "close_date",
               "is_closed"}},
             {Entity::account, ObjectType::companies, {"name", "domain", "owner"}},
             {Entity::contact, ObjectType::contacts, {"name", "email", "owner", "account"}}},
        .streams = {"user", "stage"},
        .adapt = as_salesforce,
        .precision = 1s,
        .lag = 0ms,
        .late = 8min,
        .link_reach = 0ms,
        .lookback = 10min,
        .deep = 25h,
        .tells_purged = true,
        .refusals =
            {R"("status":403,"body":[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}])",
             R"("status":403,"body":[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"ConcurrentPerOrgLongTxn Limit exceeded."}])",
             R"("status":403,"body":[{"errorCode":"TXN_SECURITY_METERING_ERROR","message":""}])",
             R"("status":401,"body":[{"errorCode":"INVALID_SESSION_ID","message":""}])",
             R"("status":400,"body":[{"errorCode":"QUERY_TIMEOUT","message":""}])",
             R"("status":400,"body":[{"errorCode":"INVALID_QUERY_LOCATOR","message":""}])"},
        // A second look at a job waits two seconds by the real clock.
        .prepared = {{"settings", R"({"bulk_polls":1,"page_size":5})"}},
        .upsets = {{"end_sessions", "{}"},
                   {"expire_cursors", "{}"},
                   {"empty_recycle_bin", "{}"},
                   {"settings", R"({"bulk_failure":"InvalidBatch : Field is not supported"})"}},
        .calming = {{"settings", R"({"bulk_failure":""})"}},
        .stamps_staff = false,
        .rotates_refresh_token = true,
        .loads_by_job = true,
        .history_precision = 1s,
        .program = sim::id_text(sim::user_prefix, sim::automated_user),
    };
}

}  // namespace nudged::adversary
