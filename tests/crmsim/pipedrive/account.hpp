// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/common/record_view.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A simulated Pipedrive: API v2, and what is left of v1.
namespace nudged::crmsim::pipedrive {

using loopback::JsonWriter;
using loopback::Reply;
using loopback::Request;

/// A company's data, and what only Pipedrive knows of it.
struct Account {
    Dataset& dataset;
    Zone zone;
    std::map<std::int64_t, Instant> archived_deals{};  // in the archive, which is not deletion
    std::int64_t token_user = 0;                       // whom the API token belongs to
};

/// The key of the custom field of deals that holds what HubSpot calls the next step.
inline constexpr std::string_view next_step_key = "5f1c6a0e7d2b49c8a3e4f6071829bacd3e5f7a91";

/// What was deleted can be seen, where it can, for so long.
inline constexpr std::chrono::days deleted_kept{30};

/// The data set's activities are one object here: calls, tasks and meetings, told apart by type.
/// Their ids are the data set's, whose ranges do not meet.
inline constexpr std::array activity_types{ObjectType::calls, ObjectType::tasks,
                                           ObjectType::meetings};

/// Where a deal stands. Winning and losing is a status here and leaves the stage as it is.
struct DealState {
    std::int64_t stage = 1;
    std::string_view status = "open";
    std::optional<Instant> stage_changed{};
    std::optional<Instant> closed{};
};
DealState state_of(const RecordView& deal);
/// The stages that a deal can be in, numbered from 1 in their order.
std::span<const Stage> open_stages();

/// "call", "task", "meeting", "email": the key_string of an activity type.
std::string activity_type(const RecordView& activity);
bool is_done(const RecordView& activity);
/// When it is due, or took place.
std::optional<Instant> due(const RecordView& activity);

/// Times have whole seconds.
std::chrono::sys_seconds seconds_of(Instant instant);
std::string time_text(Instant instant);   // "2026-03-02T15:04:05Z"
std::string naive_text(Instant instant);  // v1: "2026-03-02 15:04:05", in UTC

// answers.cpp
Refusal bad_parameter(std::string_view name);
Refusal failure(int status, std::string_view error);
void member_or_null(JsonWriter& json, std::string_view name, std::optional<std::int64_t> value);
void time_or_null(JsonWriter& json, std::string_view name, std::optional<Instant> value);

// records.cpp, deals.cpp: one record as v2 shows it; `included` are names of include_fields,
// `custom_fields` the only ones to show, unless empty.
struct Shown {
    std::vector<std::string> included{};
    std::vector<std::string> custom_fields{};
};
void write_deal(JsonWriter& json, const Account& account, const RecordView& deal,
                const Shown& shown);
void write_activity(JsonWriter& json, const Account& account, const RecordView& activity,
                    const Shown& shown);
void write_person(JsonWriter& json, const Account& account, const RecordView& person,
                  const Shown& shown);
void write_organization(JsonWriter& json, const Account& account, const RecordView& organization,
                        const Shown& shown);
/// Counts and neighbours that include_fields asked for.
void write_included(JsonWriter& json, const Account& account, const RecordView& record,
                    const std::vector<std::string>& included);

}  // namespace nudged::crmsim::pipedrive
