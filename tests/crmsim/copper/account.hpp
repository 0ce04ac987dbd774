// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/common/record_view.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// A simulated Copper: searches by POST, whose answers are bare arrays, and times as numbers of
/// seconds.
namespace nudged::crmsim::copper {

using loopback::JsonWriter;
using loopback::Reply;
using loopback::Request;

/// Activity types of this account; those of the system are none that people choose.
inline constexpr std::int64_t phone_call_type = 160'826;
inline constexpr std::int64_t meeting_type = 160'827;
inline constexpr std::int64_t stage_change_type = 1;

struct Account {
    Dataset& dataset;
    Zone zone;
    bool dates_are_creation = false;  // an activity took place when it was logged
};

inline std::int64_t seconds_of(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch() /
           std::chrono::seconds{1};
}

// rows.cpp
Instant activity_date(const Account& account, const RecordView& activity);
void write_record(JsonWriter& json, const Account& account, const RecordView& record);
void write_activity(JsonWriter& json, const Account& account, const RecordView& activity);
/// What the system notes by itself when a deal moves on.
void write_stage_change(JsonWriter& json, const RecordView& deal, std::size_t index,
                        const PastValue& before, const PastValue& after);
std::int64_t stage_change_id(std::int64_t deal, std::size_t index);
void write_user(JsonWriter& json, const Owner& user);
void write_pipelines(JsonWriter& json);
void write_activity_types(JsonWriter& json);

// searches.cpp
Refusal failure(int status, std::string_view message);
/// POST /NAME/search; throws a Refusal for a name that there is not.
Reply search(const Account& account, std::string_view name, const Request& request);
/// GET /NAME/ID.
Reply single(const Account& account, std::string_view name, std::string_view id);

}  // namespace nudged::crmsim::copper
