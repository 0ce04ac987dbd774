// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/close/lists.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::crmsim::close {

/// What happened in the last thirty days, newest first. Begins with the creations and last changes
/// of the data set; edits follow. What was forgotten leaves no event, nor do the children of a
/// deleted lead.
class EventLog {
public:
    EventLog(const Organization& organization, Instant now);

    /// Around every change of a record.
    void before_change(ObjectType type, std::int64_t id, Instant now);
    void after_change(std::string_view action, ObjectType type, std::int64_t id, Instant now);
    /// A merge's event: the one lead went into the other.
    void merged(std::int64_t loser, std::int64_t winner, Instant now);

    Reply list(const Request& request, Instant now) const;
    Reply single(std::string_view id, Instant now) const;

private:
    using Subject = std::pair<ObjectType, std::int64_t>;
    struct Event {
        std::int64_t id;
        Instant created;
        Instant updated;
        std::string action;
        Subject subject;
        std::optional<std::int64_t> lead;
        std::optional<std::int64_t> user;
        std::vector<std::string> changed{};
        std::string previous = "{}";
        std::optional<std::string> data{};  // none: what the record says now
        std::string meta = "{}";
    };

    void add(Event event);
    void note_update(ObjectType type, std::int64_t id, Instant now);
    Event event_of(std::string_view action, const RecordView& record, Instant at) const;
    void write(JsonWriter& json, const Event& event, Instant now) const;
    bool passes(const Event& event, const Request& request) const;

    const Organization& organization_;
    std::int64_t last_id_ = 0;
    std::int64_t last_position_ = 0;
    std::map<std::int64_t, Event> events_;  // by position, oldest first
    std::map<Subject, std::string> before_;
};

}  // namespace nudged::crmsim::close
