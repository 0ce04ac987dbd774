// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/common/record_view.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A simulated Zendesk Sell: lists of API v2, and the Firehose of v3. People and organizations are
/// both contacts here; the data set's ids of the two do not meet.
namespace nudged::crmsim::zendesk_sell {

using loopback::JsonWriter;
using loopback::Reply;
using loopback::Request;

struct Account {
    Dataset& dataset;
    Zone zone;
};

// rows.cpp
std::string_view object_of(ObjectType type);  // "contact", in the meta of a row
void write_record(JsonWriter& json, const Account& account, const RecordView& record, Instant now);
void write_user(JsonWriter& json, const Owner& user);
void write_stage(JsonWriter& json, std::size_t index);
void write_pipeline(JsonWriter& json);
void write_call_outcome(JsonWriter& json, std::size_t index);
std::size_t call_outcomes();

// lists.cpp
Refusal failure(int status, std::string_view code, std::string_view field,
                std::string_view message);
/// GET /v2/NAME; throws a Refusal for a name that there is not.
Reply list(const Account& account, std::string_view name, const Request& request, Instant now);

/// The events of the last 72 hours, which GET /v3/NAME/stream tells from a position on.
class Firehose {
public:
    explicit Firehose(const Dataset& dataset) : dataset_(dataset) {}
    void note(std::string_view action, ObjectType type, std::int64_t id, Instant now);
    Reply stream(std::string_view name, const Request& request, Instant now) const;

private:
    struct Event {
        std::int64_t sequence;
        Instant at;
        std::string_view kind;  // created, updated, deleted
        ObjectType type;
        std::int64_t id;
    };
    void write_event(JsonWriter& json, const Event& event) const;

    const Dataset& dataset_;
    std::vector<Event> events_;
};

}  // namespace nudged::crmsim::zendesk_sell
