// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/common/record_view.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"

#include <string_view>

/// A simulated Freshsales: lists through views, related rows at their side.
namespace nudged::crmsim::freshsales {

using loopback::JsonWriter;
using loopback::Reply;
using loopback::Request;

struct Account {
    Dataset& dataset;
    Zone zone;
};

/// A list that goes through views: "deals", of each of which GET /deals/1 tells {"deal": …}.
struct ViewKind {
    std::string_view name;
    std::string_view single;
    ObjectType type;
};
const ViewKind* find_kind(std::string_view name);

// rows.cpp
void write_record(JsonWriter& json, const Account& account, const RecordView& record);
void write_owners(JsonWriter& json, const Account& account);
void write_stages(JsonWriter& json);
void write_pipelines(JsonWriter& json);
void write_currencies(JsonWriter& json);

// lists.cpp
Refusal failure(int status, std::string_view message);
Reply filters(const ViewKind& kind);
Reply view(const Account& account, const ViewKind& kind, const Request& request);
Reply single(const Account& account, const ViewKind& kind, std::string_view id,
             const Request& request);
/// "tasks" or "appointments", by their filter.
Reply agenda(const Account& account, ObjectType type, const Request& request, Instant now);
/// GET /selector/NAME; throws a Refusal for a name that there is not.
Reply selector(const Account& account, std::string_view name);

}  // namespace nudged::crmsim::freshsales
