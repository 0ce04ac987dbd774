// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/pipedrive/account.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::crmsim::pipedrive {
namespace {

/// A sum without a value is 0 here, never null.
void write_value(JsonWriter& json, const RecordView& deal) {
    const double value = deal.number("amount").value_or(0);
    json.key("value");
    if (value == std::floor(value))
        json.Int64(static_cast<std::int64_t>(value));
    else
        json.Double(value);
}

/// HubSpot overwrites the close date at closing; here the expected one stays what it was.
std::optional<Instant> expected_close(const RecordView& deal, const DealState& state) {
    std::optional<Instant> expected;
    for (const PastValue& past : deal.history("closedate"))
        if (!state.closed || past.at < *state.closed || !expected)
            expected = parse_instant(past.value);
    return expected;
}

void day_or_null(JsonWriter& json, const Account& account, std::string_view name,
                 std::optional<Instant> at) {
    if (at)
        json.member(name, format_date(account.zone.local_day(*at)));
    else
        json.null_member(name);
}

void write_closing(JsonWriter& json, const Account& account, const RecordView& deal,
                   const DealState& state) {
    const bool won = deal.text("dealstage") == "closedwon";
    const auto won_at = won ? state.closed : std::nullopt;
    const auto lost_at = won ? std::nullopt : state.closed;
    json.null_member("lost_reason");
    json.member("visible_to", std::int64_t{3});
    time_or_null(json, "close_time", state.closed);
    time_or_null(json, "won_time", won_at);
    time_or_null(json, "lost_time", lost_at);
    day_or_null(json, account, "local_won_date", won_at);
    day_or_null(json, account, "local_lost_date", lost_at);
    day_or_null(json, account, "local_close_date", state.closed);
    day_or_null(json, account, "expected_close_date", expected_close(deal, state));
}

void write_custom_fields(JsonWriter& json, const RecordView& deal, const Shown& shown) {
    const auto& keys = shown.custom_fields;
    json.key("custom_fields");
    json.StartObject();
    if (keys.empty() || std::ranges::find(keys, next_step_key) != keys.end()) {
        const std::string step = deal.text("hs_next_step");
        json.key(next_step_key);
        json.text_or_null(step.empty() ? std::nullopt : std::optional(step));
    }
    json.EndObject();
}

}  // namespace

void write_deal(JsonWriter& json, const Account& account, const RecordView& deal,
                const Shown& shown) {
    const DealState state = state_of(deal);
    const auto archived = account.archived_deals.find(deal.id());
    const bool in_archive = archived != account.archived_deals.end();
    const auto owner = deal.integer("hubspot_owner_id");
    const std::string currency = deal.text("deal_currency_code");
    json.StartObject();
    json.member("id", deal.id());
    json.member("title", deal.text("dealname"));
    member_or_null(json, "creator_user_id", owner);
    member_or_null(json, "owner_id", owner);
    write_value(json, deal);
    member_or_null(json, "person_id", deal.first_linked(ObjectType::contacts));
    member_or_null(json, "org_id", deal.first_linked(ObjectType::companies));
    json.member("stage_id", state.stage);
    json.member("pipeline_id", std::int64_t{1});
    json.member("currency", currency.empty() ? account.dataset.currency : currency);
    time_or_null(json, "archive_time", in_archive ? std::optional(archived->second) : std::nullopt);
    json.member("add_time", time_text(deal.created()));
    json.member("update_time", time_text(deal.modified()));
    time_or_null(json, "stage_change_time", state.stage_changed);
    json.member("status", state.status);
    json.member("is_archived", in_archive);
    json.member("is_deleted", deal.archived().has_value());
    json.null_member("probability");  // that of the stage holds
    write_closing(json, account, deal, state);
    json.key("label_ids");
    json.StartArray();
    json.EndArray();
    json.member("origin", "ManuallyCreated");
    for (const char* name :
         {"origin_id", "channel", "channel_id", "source_lead_id", "acv", "arr", "mrr"})
        json.null_member(name);
    write_included(json, account, deal, shown.included);
    write_custom_fields(json, deal, shown);
    json.EndObject();
}

}  // namespace nudged::crmsim::pipedrive
