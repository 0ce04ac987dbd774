// SPDX-License-Identifier: Apache-2.0
// What the rows of several CRMs have in common: members that may be null, numbers out of requests,
// and where a deal stands.
#pragma once

#include "tests/crmsim/common/record_view.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/loopback.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::crmsim {

/// "2026-03-02T15:04:05Z".
inline std::string second_text(Instant instant) {
    return format_instant(std::chrono::floor<std::chrono::seconds>(instant));
}

inline void text_or_null(loopback::JsonWriter& json, std::string_view name,
                         const std::string& value) {
    json.key(name);
    json.text_or_null(value.empty() ? std::nullopt : std::optional(value));
}

inline void id_or_null(loopback::JsonWriter& json, std::string_view name,
                       std::optional<std::int64_t> id) {
    if (id && *id != 0)
        json.member(name, *id);
    else
        json.null_member(name);
}

inline void second_or_null(loopback::JsonWriter& json, std::string_view name,
                           std::optional<Instant> at) {
    text_or_null(json, name, at ? second_text(*at) : "");
}

inline std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// From 1 on, in the order of the pipeline; 0 for none of them.
inline std::int64_t stage_number(std::string_view stage_id) {
    const auto all = stages();
    const auto found = std::ranges::find(all, stage_id, &Stage::id);
    return found == all.end() ? 0 : found - all.begin() + 1;
}

/// 60 of "0.5999…".
inline std::int64_t stage_percent(const Stage& stage) {
    double share = 0;
    std::from_chars(stage.probability.data(), stage.probability.data() + stage.probability.size(),
                    share);
    return static_cast<std::int64_t>(share * 100 + 0.5);
}

/// Where a deal stands, by the history of its stage.
struct DealPlace {
    std::int64_t stage = 1;          // as stage_number has it
    std::int64_t open_stage = 1;     // the last one that was not a closed one
    std::optional<Instant> since{};  // when it entered the stage
    bool closed = false;
    bool won = false;
};

inline DealPlace place_of(const RecordView& deal) {
    DealPlace place;
    for (const PastValue& past : deal.history("dealstage")) {
        const auto stage = stage_number(past.value);
        if (stage == 0) continue;
        if (stage != place.stage || !place.since) place.since = past.at;
        place.stage = stage;
        place.closed = stages()[static_cast<std::size_t>(stage - 1)].closed;
        place.won = past.value == "closedwon";
        if (!place.closed) place.open_stage = stage;
    }
    return place;
}

/// Of a contact: "Ann Chovey".
inline std::string full_name(const RecordView& contact) {
    return contact.text("firstname") + " " + contact.text("lastname");
}

/// What became of a call, by HubSpot's disposition of it.
enum class CallOutcome { none, connected, left_message, busy, wrong_number, no_answer };

inline CallOutcome outcome_of(const RecordView& call) {
    static constexpr std::pair<std::string_view, CallOutcome> outcomes[] = {
        {"f240bbac-87c9-4f6e-bf70-924b57d47db7", CallOutcome::connected},
        {"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", CallOutcome::left_message},
        {"b2cf5968-551e-4856-9783-52b3da59a7d0", CallOutcome::left_message},
        {"9d9162e7-6cf3-4944-bf63-4dff82258764", CallOutcome::busy},
        {"17b47fee-58de-441e-a44c-c6300d46f273", CallOutcome::wrong_number},
        {"73a0d17f-1163-4015-bdd5-ec830791da20", CallOutcome::no_answer}};
    const std::string disposition = call.text("hs_call_disposition");
    for (const auto& [id, outcome] : outcomes)
        if (id == disposition) return outcome;
    return CallOutcome::none;
}

}  // namespace nudged::crmsim
