// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/crmsim/common/rows.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

std::string stage_number(const std::string& stage) {
    return std::to_string(crmsim::stage_number(stage));
}

void as_freshsales(const Shown& /*shown*/, Entity entity, Fields& fields) {
    if (entity == Entity::task || entity == Entity::meeting) keep_one_link(fields);
}

void equip(sources::HttpSourceOptions& options) {
    options.settings["base_url"] += "/crm/sales/api";
    options.settings["domain"] = "acme.example";
    options.settings["deals_view"] = "402000000001";
    options.settings["contacts_view"] = "402000000002";
    options.settings["accounts_view"] = "402000000003";
}

}  // namespace

/// Views are read newest first; tasks and appointments are told whole, each round.
Crm freshsales() {
    return {
        .name = "freshsales",
        .replaced = {{"capacity = 20\n", "capacity = 100000\n"},
                     {"capacity = 1_000\n", "capacity = 1_000_000\n"},
                     {"capacity = 1_000\n", "capacity = 1_000_000\n"},
                     {"base     = \"500ms\"", "base     = \"1ms\""},
                     {"cap      = \"30s\"", "cap      = \"2ms\""},
                     {"wait           = \"20s\"", "wait           = \"1ms\""},
                     {"precision     = \"1s\"", "precision     = \"1s\"\nmax_rows = 20"},
                     {"limit    = 100\n", "limit    = 7\n"},
                     {"limit    = 100\n", "limit    = 5\n"},
                     {"limit    = 100\n", "limit    = 6\n"},
                     {"limit    = 100\n", "limit    = 4\n"}},
        .requests = {"/deals/", "/contacts/", "/sales_accounts/", "/tasks", "/appointments",
                     "/selector/", "/crm/sales/api/"},
        .equip = equip,
        .external_id = same_id,
        .user_id = same_user,
        .stage_id = stage_number,
        .entities = {{.entity = Entity::task,
                      .type = ObjectType::tasks,
                      .fields = {"owner", "subject", "account", "contact", "opportunity", "due_at",
                                 "is_done", "completed_at"},
                      .by_id = false},
                     {.entity = Entity::meeting,
                      .type = ObjectType::meetings,
                      .fields = {"owner", "subject", "account", "contact", "opportunity",
                                 "starts_at", "ends_at"},
                      .by_id = false},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"name", "owner", "account", "contact", "stage", "amount", "close_date"}},
                     {Entity::account, ObjectType::companies, {"name", "domain", "owner"}},
                     {Entity::contact, ObjectType::contacts, {"name", "email", "owner"}}},
        .streams = {"user", "pipeline", "stage"},
        .adapt = as_freshsales,
        .precision = 1s,
        .lag = 0ms,
        .late = 50min,
        .link_reach = 0ms,
        .lookback = 1h,
        .deep = 25h,
        .tells_purged = true,
    };
}

}  // namespace nudged::adversary
