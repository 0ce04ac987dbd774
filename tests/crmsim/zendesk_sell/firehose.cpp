// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/zendesk_sell/account.hpp"

#include <fmt/format.h>

namespace nudged::crmsim::zendesk_sell {
namespace {

using namespace std::chrono_literals;

constexpr auto kept = 72h;
constexpr std::int64_t max_limit = 100;

/// "p-17-1795176000000": what comes next, and when this was told.
std::string position_text(std::int64_t next, Instant now) {
    return fmt::format("p-{}-{}", next, to_millis(now));
}

Refusal bad_position() {
    return failure(400, "invalid_parameter", "position", "is unknown or too old");
}

/// Where to begin: the number of the first event that is wanted.
std::int64_t begin_at(std::string_view position, std::int64_t end, Instant now) {
    if (position == "tail") return 0;
    if (position == "top") return end;
    const auto dash = position.rfind('-');
    if (!position.starts_with("p-") || dash < 3) throw bad_position();
    const auto next = whole_number(position.substr(2, dash - 2));
    const auto told = whole_number(position.substr(dash + 1));
    if (!next || !told || from_millis(*told) + kept < now) throw bad_position();
    return *next;
}

}  // namespace

/// What is purged or merged away is not told.
void Firehose::note(std::string_view action, ObjectType type, std::int64_t id, Instant now) {
    std::string_view kind;
    if (action == "create") kind = "created";
    if (action == "set") kind = "updated";
    if (action == "archive") kind = "deleted";
    if (!kind.empty())
        events_.push_back({static_cast<std::int64_t>(events_.size()), now, kind, type, id});
}

/// Its data are no whole row: neither updated_at nor all the others are in it.
void Firehose::write_event(JsonWriter& json, const Event& event) const {
    const Record* record = dataset_.find(event.type, event.id);
    json.StartObject();
    json.key("data");
    json.StartObject();
    json.member("id", event.id);
    if (record != nullptr)
        id_or_null(json, "owner_id",
                   RecordView(dataset_, event.type, *record).integer("hubspot_owner_id"));
    json.EndObject();
    json.key("meta");
    json.StartObject();
    json.member("event_id", fmt::format("00000000-0000-0000-0000-{:012}", event.sequence));
    json.member("event_type", event.kind);
    json.member("event_cause", "interaction");
    json.member("event_time", second_text(event.at));
    json.member("type", object_of(event.type));
    json.member("sequence", event.sequence);
    json.EndObject();
    json.EndObject();
}

Reply Firehose::stream(std::string_view name, const Request& request, Instant now) const {
    const auto limit = whole_number(request.query.contains("limit") ? request.parameter("limit")
                                                                    : std::string_view("25"));
    if (!limit || *limit < 1 || *limit > max_limit)
        throw failure(400, "invalid_parameter", "limit", "is out of its range");
    const auto end = static_cast<std::int64_t>(events_.size());
    std::int64_t at = begin_at(request.parameter("position"), end, now);
    JsonWriter json;
    json.StartObject();
    json.key("items");
    json.StartArray();
    std::int64_t told = 0;
    for (; at < end && told < *limit; ++at) {
        const Event& event = events_[static_cast<std::size_t>(at)];
        if (event.at + kept < now || std::string(object_of(event.type)) + "s" != name) continue;
        write_event(json, event);
        ++told;
    }
    json.EndArray();
    json.key("meta");
    json.StartObject();
    json.member("type", "collection");
    json.member("count", told);
    json.member("position", position_text(at, now));
    json.member("top", at >= end);
    json.EndObject();
    json.EndObject();
    return {.content_type = "application/json", .body = json.str()};
}

}  // namespace nudged::crmsim::zendesk_sell
