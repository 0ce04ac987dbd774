// SPDX-License-Identifier: Apache-2.0
// Tally, a small CRM that does not exist: the one that the manual's tutorial connects. A key in a
// header, lists by page number with a time filter, ids with a letter in front, and nothing about
// deletions.
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim {
namespace {

using loopback::JsonWriter;
using loopback::Reply;
using loopback::Request;

Refusal problem(int status, std::string_view text) {
    JsonWriter json;
    json.StartObject();
    json.member("problem", text);
    json.EndObject();
    return {{.status = status, .content_type = "application/json", .body = json.str()}};
}

std::int64_t number(const Request& request, const std::string& name, std::int64_t otherwise) {
    if (!request.query.contains(name)) return otherwise;
    const auto text = request.parameter(name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1)
        throw problem(400, name + " is no number");
    return value;
}

/// "c-7001" of a company's id; null for none.
void write_id(JsonWriter& json, std::string_view name, char kind, std::string_view id) {
    json.key(name);
    if (id.empty() || id == "0")
        json.Null();
    else
        json.text(fmt::format("{}-{}", kind, id));
}

/// Whole seconds, in UTC.
std::string second_of(Instant instant) {
    return format_instant(std::chrono::floor<std::chrono::seconds>(instant));
}

class Tally : public Dialect {
public:
    explicit Tally(const DialectContext& context)
        : dataset_(context.dataset), options_(context.options) {}

    Reply answer(const Request& request, Instant /*now*/) override {
        if (request.header("x-tally-key") != options_.token) throw problem(401, "unknown key");
        if (request.method != "GET") throw problem(405, "Tally is read with GET");
        if (request.path == "/api/people") return people();
        if (request.path == "/api/companies") return list(ObjectType::companies, request);
        if (request.path == "/api/deals") return list(ObjectType::deals, request);
        if (request.path == "/api/dials") return list(ObjectType::calls, request);
        if (request.path == "/api/todos") return list(ObjectType::tasks, request);
        throw problem(404, "no such list");
    }

private:
    std::string property(ObjectType type, const Record& record, std::string_view name) const {
        const auto& schema = schema_of(type);
        const auto index = schema.find(name);
        return index ? value_of(schema, record, *index).value_or("") : std::string{};
    }
    std::string linked(ObjectType type, const Record& record, ObjectType to) const {
        const auto ids = dataset_.linked(type, record.id, to);
        return ids.empty() ? std::string{} : std::to_string(ids.front());
    }

    Reply people() const {
        JsonWriter json;
        json.StartObject();
        json.key("people");
        json.StartArray();
        for (const auto& owner : dataset_.owners) {
            json.StartObject();
            write_id(json, "id", 'p', std::to_string(owner.id));
            json.member("name", owner.first_name + " " + owner.last_name);
            json.member("mail", owner.email);
            json.member("left", owner.archived);
            json.EndObject();
        }
        json.EndArray();
        json.EndObject();
        return {.content_type = "application/json", .body = json.str()};
    }

    Reply list(ObjectType type, const Request& request) const {
        const auto from = parse_instant(request.parameter("changed_from")).value_or(Instant::min());
        const auto to = parse_instant(request.parameter("changed_to")).value_or(Instant::max());
        const auto page = number(request, "page", 1);
        const auto size = std::min<std::int64_t>(number(request, "size", 25), 100);
        std::vector<const Record*> found;
        for (const auto& record : dataset_.records(type)) {
            const auto changed = std::chrono::floor<std::chrono::seconds>(record.modified);
            if (!record.archived && changed >= from && changed < to) found.push_back(&record);
        }
        const auto count = static_cast<std::int64_t>(found.size());
        JsonWriter json;
        json.StartObject();
        json.member("count", count);
        json.member("page", page);
        json.key("items");
        json.StartArray();
        for (auto i = (page - 1) * size; i < std::min(count, page * size); ++i)
            write(json, type, *found[static_cast<std::size_t>(i)]);
        json.EndArray();
        json.EndObject();
        return {.content_type = "application/json", .body = json.str()};
    }

    void write(JsonWriter& json, ObjectType type, const Record& record) const {
        const auto get = [&](std::string_view name) { return property(type, record, name); };
        json.StartObject();
        switch (type) {
        case ObjectType::companies:
            write_id(json, "id", 'c', std::to_string(record.id));
            json.member("name", get("name"));
            break;
        case ObjectType::deals: write_deal(json, record); break;
        case ObjectType::calls: write_dial(json, record); break;
        default:
            write_id(json, "id", 't', std::to_string(record.id));
            json.member("what", get("hs_task_subject"));
            json.member("due", get("hs_timestamp").substr(0, 10));
            json.member("done", get("hs_task_status") == "COMPLETED");
            break;
        }
        write_id(json, "person", 'p', get("hubspot_owner_id"));
        if (type != ObjectType::companies)
            write_id(json, "company", 'c', linked(type, record, ObjectType::companies));
        if (type == ObjectType::calls || type == ObjectType::tasks)
            write_id(json, "deal", 'd', linked(type, record, ObjectType::deals));
        json.member("changed", second_of(record.modified));
        json.EndObject();
    }

    void write_deal(JsonWriter& json, const Record& record) const {
        const auto get = [&](std::string_view name) {
            return property(ObjectType::deals, record, name);
        };
        const auto step = get("dealstage");
        write_id(json, "id", 'd', std::to_string(record.id));
        json.member("title", get("dealname"));
        json.member("step", step);
        json.member("state", step == "closedwon" ? "won" : step == "closedlost" ? "lost" : "open");
        json.key("value");
        json.StartObject();
        json.member("amount", get("amount"));
        json.member("currency", dataset_.currency);
        json.EndObject();
        json.member("closes", get("closedate").substr(0, 10));
    }

    void write_dial(JsonWriter& json, const Record& record) const {
        const auto get = [&](std::string_view name) {
            return property(ObjectType::calls, record, name);
        };
        std::int64_t millis = 0;
        const auto length = get("hs_call_duration");
        std::from_chars(length.data(), length.data() + length.size(), millis);
        const auto at = parse_instant(get("hs_timestamp"));
        write_id(json, "id", 'k', std::to_string(record.id));
        json.member("title", get("hs_call_title"));
        json.member("at", at ? second_of(*at) : "");
        json.member("seconds", millis / 1000);
        json.member("way", get("hs_call_direction") == "INBOUND" ? "in" : "out");
        json.member("result", get("hs_call_disposition").starts_with("f240") ? "talked" : "missed");
    }

    const Dataset& dataset_;
    const SimulatorOptions& options_;
};

}  // namespace

std::unique_ptr<Dialect> make_tally(const DialectContext& context) {
    return std::make_unique<Tally>(context);
}

}  // namespace nudged::crmsim
