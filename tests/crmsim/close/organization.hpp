// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/common/record_view.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A simulated Close: lists by offset, and the event log.
namespace nudged::crmsim::close {

using loopback::JsonWriter;
using loopback::Reply;
using loopback::Request;

inline constexpr std::string_view organization_id = "orga_kestrel";
inline constexpr std::string_view pipeline_id = "pipe_default";

struct Organization {
    Dataset& dataset;
    Zone zone;
};

// names.cpp
/// "lead_7001", "acti_9998801": the data set's ids behind the prefix of their kind.
std::string id_text(ObjectType type, std::int64_t id);
std::string user_id_text(std::int64_t owner);
/// As the event log calls it: "activity.call", "task.lead", "opportunity".
std::string event_type(ObjectType type);
/// "2026-03-02T15:04:05.012000+00:00"; with "" for the zone, as the event log has it.
std::string time_text(Instant instant, std::string_view zone = "+00:00");
Refusal failure(int status, std::string_view error);
Refusal bad_field(std::string_view name, std::string_view why);
Reply ok(const JsonWriter& json);

/// The lead that a record belongs to; none for a lead's own.
std::optional<std::int64_t> lead_of(const RecordView& record);
/// Not deleted, nor its lead: what belongs to a deleted lead is gone with it.
bool is_visible(const Organization& organization, const RecordView& record);

struct Status {
    std::string id;  // "stat_contractsent"
    std::string label;
    std::string_view type;  // active, won, lost
    int confidence;
};
Status status_of(std::string_view stage);
std::string user_name(const Organization& organization, const RecordView& record);

// records.cpp, sales.cpp: one record, whole, as a JSON text.
std::string render(const Organization& organization, const RecordView& record, Instant now);
void write_call(JsonWriter& json, const Organization& organization, const RecordView& call);
void write_meeting(JsonWriter& json, const Organization& organization, const RecordView& meeting,
                   Instant now);
void write_task(JsonWriter& json, const Organization& organization, const RecordView& task,
                Instant now);
void write_opportunity(JsonWriter& json, const Organization& organization,
                       const RecordView& opportunity);
void write_lead(JsonWriter& json, const Organization& organization, const RecordView& lead);
void write_contact(JsonWriter& json, const Organization& organization, const RecordView& contact);

// Parts that records have in common.
void write_ids(JsonWriter& json, const RecordView& record);
void write_user(JsonWriter& json, const Organization& organization, const RecordView& record,
                std::string_view id_name, std::string_view name_name);
void write_times(JsonWriter& json, const RecordView& record);
void text_or_null(JsonWriter& json, std::string_view name, const std::string& text);
void empty_list(JsonWriter& json, std::string_view name);
std::optional<RecordView> view(const Organization& organization, ObjectType type,
                               std::optional<std::int64_t> id);

// directory.cpp: what is not made of records.
Reply users(const Organization& organization, const Request& request);
Reply single_user(const Organization& organization, std::string_view id);
Reply organization_answer(const Organization& organization);
Reply pipelines(const Request& request);
Reply outcomes(const Request& request);
/// The call outcome of a HubSpot disposition; "" for none.
std::string outcome_id(std::string_view disposition);

}  // namespace nudged::crmsim::close
