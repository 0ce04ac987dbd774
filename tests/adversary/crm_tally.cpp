// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/paths.hpp"
#include "tests/support/process.hpp"

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

/// As the tutorial has it.
std::string manifest() {
    const auto manual = tests::read_file(NUDGED_SOURCE_DIR "/docs/connectors.md");
    const std::string opening = "```toml\n";
    const auto begin = manual.find(opening, manual.find("**3. The manifest**")) + opening.size();
    return manual.substr(begin, manual.find("```\n", begin) - begin);
}

std::string row_id(ObjectType type, std::int64_t id) {
    constexpr std::string_view kinds = "ktmdcp";
    return kinds[static_cast<std::size_t>(type)] + ("-" + std::to_string(id));
}

std::string user_id(const crmsim::Owner& owner) {
    return "p-" + std::to_string(owner.id);
}

void as_tally(const Shown& shown, Entity entity, Fields& fields) {
    if (entity == Entity::task) fields["due_on"] = shown.property("hs_timestamp").substr(0, 10);
    if (entity == Entity::opportunity)
        fields["close_date"] = shown.property("closedate").substr(0, 10);
}

void equip(sources::HttpSourceOptions& options) {
    options.credentials["key"] = options.credentials.extract("token").mapped();
}

}  // namespace

/// The CRM of the tutorial: lists by page number, in which rows move up while they are read.
Crm tally() {
    return {
        .name = "tally",
        .manifest = manifest,
        .replaced = {{"capacity = 5\n", "capacity = 100000\n"},
                     {"lookback  = \"10m\"", "lookback  = \"10m\"\nmax_rows = 20"},
                     {"limit    = 100\n", "limit    = 7\n"},
                     {"limit    = 100\n", "limit    = 9\n"},
                     {"[stream.user]",
                      "[retry]\nbase = \"1ms\"\ncap = \"2ms\"\n[[error]]\nstatus = 429\n"
                      "class = \"throttle_short\"\nwait = \"1ms\"\n[stream.user]"}},
        .requests = {"/api/people", "/api/companies", "/api/deals", "/api/dials", "/api/todos",
                     "/api/"},
        .equip = equip,
        .external_id = row_id,
        .user_id = user_id,
        .stage_id = nullptr,
        .entities = {{Entity::call,
                      ObjectType::calls,
                      {"owner", "subject", "account", "opportunity", "started_at", "duration_s",
                       "direction"}},
                     {Entity::task,
                      ObjectType::tasks,
                      {"owner", "subject", "account", "opportunity", "due_on", "is_done"}},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"name", "owner", "account", "stage", "amount", "close_date", "is_closed"}},
                     {Entity::account, ObjectType::companies, {"name", "owner"}}},
        .streams = {"user"},
        .adapt = as_tally,
        .precision = 1s,
        .lag = 0ms,
        .late = 8min,
        .link_reach = 0ms,
        .lookback = 10min,
        .deep = 25h,
        .tells_purged = true,
        .asks_by_id = false,
        .tells_creation = false,
    };
}

}  // namespace nudged::adversary
