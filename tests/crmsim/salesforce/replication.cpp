// SPDX-License-Identifier: Apache-2.0
// What was deleted and what was changed in a span of time: ids alone.
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/salesforce/describe.hpp"
#include "tests/crmsim/salesforce/errors.hpp"

#include <algorithm>

namespace nudged::crmsim::salesforce {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr days kept_updated{30};
constexpr days kept_deleted{15};

struct Span {
    sys_seconds start;
    sys_seconds end;
};

sys_seconds parse_time(const loopback::Request& request, const std::string& name) {
    const auto instant = parse_instant(request.parameter(name));
    if (!instant)
        throw refusal(400, "INVALID_DATE_FORMAT", name + " is missing or no ISO 8601 time");
    return std::chrono::floor<seconds>(*instant);
}

Span parse_span(const Org& org, const loopback::Request& request, days kept) {
    const Span span{parse_time(request, "start"), parse_time(request, "end")};
    if (span.end - span.start <= minutes{1})
        throw refusal(400, "INVALID_REPLICATION_DATE",
                      "endDate must be at least one minute greater than startDate");
    if (span.start + kept < org.now)
        throw refusal(400, "INVALID_REPLICATION_DATE",
                      "startDate before org replication enabled date");
    return span;
}

sys_seconds covered(const Org& org, const Span& span) {
    return std::min(span.end, std::chrono::floor<seconds>(org.now));
}

bool is_in(const Span& span, Instant at) {
    return span.start <= at && at < span.end;
}

}  // namespace

loopback::Reply deleted_rows(const Org& org, const Object& object,
                             const loopback::Request& request) {
    const Span span = parse_span(org, request, kept_deleted);
    loopback::JsonWriter json;
    json.StartObject();
    json.key("deletedRecords");
    json.StartArray();
    for (const Row& row : object.rows(org)) {
        if (!is_deleted(row) || !is_in(span, *row.record->archived)) continue;
        json.StartObject();
        json.member("deletedDate", json_time(std::chrono::floor<seconds>(*row.record->archived)));
        json.member("id", id_of(object, row));
        json.EndObject();
    }
    json.EndArray();
    json.member("earliestDateAvailable",
                json_time(std::chrono::floor<seconds>(org.now - kept_deleted)));
    json.member("latestDateCovered", json_time(covered(org, span)));
    json.EndObject();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

loopback::Reply updated_rows(const Org& org, const Object& object,
                             const loopback::Request& request) {
    const Span span = parse_span(org, request, kept_updated);
    loopback::JsonWriter json;
    json.StartObject();
    json.key("ids");
    json.StartArray();
    for (const Row& row : object.rows(org))
        if (row.record != nullptr && is_shown(org, object, row, true) && !is_deleted(row) &&
            is_in(span, row.record->modified))
            json.text(id_of(object, row));
    json.EndArray();
    json.member("latestDateCovered", json_time(covered(org, span)));
    json.EndObject();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

}  // namespace nudged::crmsim::salesforce
