// SPDX-License-Identifier: Apache-2.0
// Which questions the event log takes, and its pages.
#include "connectors/base/text.hpp"
#include "tests/crmsim/close/events.hpp"
#include "tests/crmsim/common/base64.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace nudged::crmsim::close {
namespace {

constexpr std::size_t max_events = 50;
constexpr std::chrono::days events_kept{30};

/// Of the filters there may be these together, dates apart.
constexpr std::string_view combinations[] = {"",
                                             "object_id,object_type",
                                             "action,object_type",
                                             "action,object_id",
                                             "lead_id,object_type",
                                             "action,lead_id,object_type",
                                             "lead_id,object_type,user_id",
                                             "action,lead_id,object_type,user_id",
                                             "lead_id,user_id",
                                             "object_id,user_id",
                                             "action,object_id,user_id",
                                             "object_type,user_id",
                                             "action,object_type,user_id",
                                             "lead_id",
                                             "user_id",
                                             "request_id"};

void check_filters(const Request& request) {
    check_names(request, {"_limit", "_cursor", "object_type", "object_id", "lead_id", "action",
                          "user_id", "request_id", "date_updated__gt", "date_updated__gte",
                          "date_updated__lt", "date_updated__lte"});
    std::string used;
    for (const auto& [name, value] : request.query) {
        if (name.starts_with("date_updated__")) {
            if (!parse_time(value)) throw bad_field(name, "Invalid value.");
        } else if (!name.starts_with('_')) {
            used += (used.empty() ? "" : ",") + name;
        }
    }
    if (std::ranges::find(combinations, used) == std::end(combinations))
        throw failure(400, "This combination of filters is not supported.");
}

struct Cursor {
    std::int64_t position;
    bool newer;  // to later events
};

std::string cursor_text(const Cursor& cursor) {
    return to_base64(fmt::format("[{}{}]", cursor.position, cursor.newer ? ",1" : ""));
}

Cursor parse_cursor(std::string_view text) {
    const auto bytes = from_base64(text);
    Cursor cursor{0, bytes && bytes->ends_with(",1]")};
    const char* begin = bytes && bytes->starts_with('[') ? bytes->data() + 1 : nullptr;
    if (begin == nullptr ||
        std::from_chars(begin, bytes->data() + bytes->size(), cursor.position).ec != std::errc{})
        throw bad_field("_cursor", "Invalid cursor.");
    return cursor;
}

std::size_t parse_limit(const Request& request) {
    const std::string_view text = request.parameter("_limit");
    std::size_t limit = max_events;
    if (text.empty()) return limit;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc{} || end != text.data() + text.size() || limit == 0)
        throw bad_field("_limit", "Invalid value.");
    return std::min(limit, max_events);  // more is taken for the most
}

}  // namespace

Reply EventLog::list(const Request& request, Instant now) const {
    check_filters(request);
    const std::size_t limit = parse_limit(request);
    std::vector<std::int64_t> found;  // newest first
    for (auto entry = events_.rbegin(); entry != events_.rend(); ++entry)
        if (entry->second.updated + events_kept > now && passes(entry->second, request))
            found.push_back(entry->first);
    std::size_t begin = 0;
    if (const std::string_view text = request.parameter("_cursor"); !text.empty()) {
        const Cursor cursor = parse_cursor(text);
        const auto older = std::ranges::find_if(
            found, [&](std::int64_t position) { return position < cursor.position; });
        begin = static_cast<std::size_t>(older - found.begin());
        if (cursor.newer) {
            const auto newer = static_cast<std::size_t>(std::ranges::count_if(
                found, [&](std::int64_t position) { return position > cursor.position; }));
            begin = newer - std::min(newer, limit);
        }
    }
    const std::size_t end = std::min(found.size(), begin + limit);
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    for (std::size_t i = begin; i < end; ++i) write(json, events_.at(found[i]), now);
    json.EndArray();
    text_or_null(json, "cursor_next",
                 end < found.size() ? cursor_text({found[end - 1], false}) : "");
    text_or_null(json, "cursor_previous",
                 begin > 0 && begin < found.size() ? cursor_text({found[begin], true}) : "");
    json.EndObject();
    return ok(json);
}

}  // namespace nudged::crmsim::close
