// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"
#include "tests/support/rsa_key.hpp"

#include <fmt/format.h>

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view service_account = "nudged@team.iam.gserviceaccount.com";

const tests::RsaKey& key() {
    static const tests::RsaKey made = tests::make_rsa_key();
    return made;
}

/// A sheet's row says nothing of when it was changed.
void as_sheet(const Shown& /*shown*/, Entity /*entity*/, Fields& fields) {
    fields.erase("modified_at");
}

void equip(sources::HttpSourceOptions& options) {
    options.settings["spreadsheet"] = "demo";
    options.settings["token_url"] = options.settings["base_url"] + "/token";
    options.credentials.clear();
    options.credentials["client_email"] = Secret{std::string{service_account}};
    options.credentials["private_key"] = Secret{key().private_pem};
}

/// The clocks of both sides go their own ways here, further than Google would bear.
std::string_view trust() {
    static const std::string order = [] {
        std::string pem;
        for (const char c : key().public_pem) pem += c == '\n' ? "\\n" : std::string(1, c);
        return fmt::format(R"({{"client_email":"{}","public_key":"{}","any_time":true}})",
                           service_account, pem);
    }();
    return order;
}

}  // namespace

/// Each sheet is read whole, in one answer. The token's request is signed, and the signature is
/// looked at.
Crm google_sheets() {
    const std::vector<std::string_view> links{"owner", "account", "contact", "opportunity",
                                              "subject"};
    const auto with = [&](std::vector<std::string_view> fields) {
        fields.insert(fields.end(), links.begin(), links.end());
        return fields;
    };
    return {
        .name = "google-sheets",
        .replaced = {{"capacity = 10\n", "capacity = 100000\n"},
                     {"base     = \"1s\"", "base     = \"1ms\""},
                     {"cap      = \"60s\"", "cap      = \"2ms\""},
                     {"wait     = \"60s\"", "wait     = \"1ms\""}},
        .requests = {"/values/", "/values/users", "/values/calls", "/values/opportunities"},
        .equip = equip,
        .external_id = same_id,
        .user_id = same_user,
        .stage_id = same_stage,
        .entities = {{Entity::call, ObjectType::calls,
                      with({"started_at", "duration_s", "direction"})},
                     {Entity::task, ObjectType::tasks, with({"due_at", "is_done", "completed_at"})},
                     {Entity::meeting, ObjectType::meetings, with({"starts_at", "ends_at"})},
                     {Entity::opportunity,
                      ObjectType::deals,
                      {"name", "owner", "account", "contact", "stage", "amount", "close_date",
                       "is_closed"}},
                     {Entity::account, ObjectType::companies, {"name", "domain", "owner"}},
                     {Entity::contact, ObjectType::contacts, {"name", "email", "owner"}}},
        .streams = {"user", "pipeline", "stage"},
        .adapt = as_sheet,
        .precision = 1s,
        .lag = 0ms,
        .late = 0ms,
        .link_reach = 0ms,
        .lookback = 0ms,
        .deep = 25h,
        .tells_purged = true,
        .refusals = {R"("status":429,"body":{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}})",
                     R"("status":500,"body":{"error":{"code":500,"status":"INTERNAL"}})"},
        .prepared = {{"trust", trust()}},
        .upsets = {{"end_tokens", "{}"}},
        .asks_by_id = false,
    };
}

}  // namespace nudged::adversary
