// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/copper/account.hpp"

#include <functional>
#include <limits>

namespace nudged::crmsim::copper {
namespace {

constexpr std::int64_t default_size = 20;
constexpr std::int64_t max_size = 200;

/// What is asked for of a list; times are whole seconds, and both ends belong to it.
struct Query {
    std::int64_t page = 1;
    std::int64_t size = default_size;
    std::string sort{};
    bool descending = false;
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

/// Stricter than Copper, which may well overlook a name that it does not know.
[[noreturn]] void refuse(std::string_view name) {
    throw failure(422, "Invalid input: " + std::string(name));
}

std::int64_t number_of(std::string_view name, const rapidjson::Value& value) {
    if (!value.IsInt64()) refuse(name);
    return value.GetInt64();
}

std::string text_of(std::string_view name, const rapidjson::Value& value) {
    if (!value.IsString()) refuse(name);
    return value.GetString();
}

/// `dates`: "modified" or "activity", which the bounds are called after.
Query query_of(const Request& request, const std::string& dates) {
    rapidjson::Document body;
    body.Parse(request.body.empty() ? "{}" : request.body.c_str());
    if (body.HasParseError() || !body.IsObject()) refuse("the body");
    Query query;
    for (const auto& [key, value] : body.GetObject()) {
        const std::string name = key.GetString();
        if (name == "page_number")
            query.page = number_of(name, value);
        else if (name == "page_size")
            query.size = number_of(name, value);
        else if (name == "sort_by")
            query.sort = text_of(name, value);
        else if (name == "sort_direction")
            query.descending = text_of(name, value) == "desc";
        else if (name == "minimum_" + dates + "_date")
            query.from = number_of(name, value);
        else if (name == "maximum_" + dates + "_date")
            query.to = number_of(name, value);
        else
            refuse(name);
    }
    if (query.page < 1 || query.size < 1 || query.size > max_size) refuse("page_size");
    if (!query.sort.empty() && query.sort != "name" && query.sort != "date_modified" &&
        query.sort != "date_created")
        refuse("sort_by");
    return query;
}

/// One row: where it stands, and how it is written.
struct Row {
    std::int64_t key;
    std::int64_t id;
    std::function<void(JsonWriter&)> write;
};

Reply page_of(std::vector<Row> rows, const Query& query, bool descending) {
    std::ranges::sort(rows, [&](const Row& a, const Row& b) {
        const auto left = std::pair{a.key, a.id};
        const auto right = std::pair{b.key, b.id};
        return descending ? left > right : left < right;
    });
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t begin = std::min(count, (query.page - 1) * query.size);
    const std::int64_t end = std::min(count, begin + query.size);
    JsonWriter json;
    json.StartArray();
    for (std::int64_t i = begin; i < end; ++i) rows[static_cast<std::size_t>(i)].write(json);
    json.EndArray();
    Reply reply{.content_type = "application/json", .body = json.str()};
    reply.headers.emplace_back("X-PW-TOTAL", std::to_string(count));
    return reply;
}

std::optional<ObjectType> type_named(std::string_view name) {
    if (name == "companies") return ObjectType::companies;
    if (name == "people") return ObjectType::contacts;
    if (name == "opportunities") return ObjectType::deals;
    if (name == "tasks") return ObjectType::tasks;
    return std::nullopt;
}

Reply records(const Account& account, ObjectType type, const Request& request) {
    const Query query = query_of(request, "modified");
    std::vector<Row> rows;
    for (const Record& record : account.dataset.records(type)) {
        const std::int64_t modified = seconds_of(record.modified);
        if (record.archived || modified < query.from || modified > query.to) continue;
        std::int64_t key = record.id;
        if (query.sort == "date_modified") key = modified;
        if (query.sort == "date_created") key = seconds_of(record.created);
        rows.push_back({key, record.id, [&account, type, &record](JsonWriter& json) {
                            write_record(json, account, RecordView(account.dataset, type, record));
                        }});
    }
    return page_of(std::move(rows), query, query.descending);
}

void add_stage_changes(const Account& account, const Query& query, std::vector<Row>& rows) {
    for (const Record& record : account.dataset.records(ObjectType::deals)) {
        if (record.archived) continue;
        const RecordView deal(account.dataset, ObjectType::deals, record);
        const auto history = deal.history("dealstage");
        for (std::size_t i = 1; i < history.size(); ++i) {
            const std::int64_t at = seconds_of(history[i].at);
            if (at < query.from || at > query.to) continue;
            rows.push_back(
                {at, stage_change_id(record.id, i),
                 [deal, i, before = history[i - 1], after = history[i]](JsonWriter& json) {
                     write_stage_change(json, deal, i, before, after);
                 }});
        }
    }
}

/// Newest first, by when they took place: the documents name no other order.
Reply activities(const Account& account, const Request& request) {
    const Query query = query_of(request, "activity");
    std::vector<Row> rows;
    for (const ObjectType type : {ObjectType::calls, ObjectType::meetings}) {
        for (const Record& record : account.dataset.records(type)) {
            const RecordView activity(account.dataset, type, record);
            const std::int64_t at = seconds_of(activity_date(account, activity));
            if (record.archived || at < query.from || at > query.to) continue;
            rows.push_back({at, record.id, [&account, activity](JsonWriter& json) {
                                write_activity(json, account, activity);
                            }});
        }
    }
    add_stage_changes(account, query, rows);
    return page_of(std::move(rows), query, true);
}

/// Those who left are not told.
Reply users(const Account& account, const Request& request) {
    const Query query = query_of(request, "modified");
    std::vector<Row> rows;
    for (const Owner& user : account.dataset.owners)
        if (!user.archived)
            rows.push_back(
                {user.id, user.id, [&user](JsonWriter& json) { write_user(json, user); }});
    return page_of(std::move(rows), query, query.descending);
}

}  // namespace

Refusal failure(int status, std::string_view message) {
    JsonWriter json;
    json.StartObject();
    json.member("success", false);
    json.member("status", std::int64_t{status});
    json.member("message", message);
    json.EndObject();
    return {{.status = status, .content_type = "application/json", .body = json.str()}};
}

Reply search(const Account& account, std::string_view name, const Request& request) {
    if (name == "users") return users(account, request);
    if (name == "activities") return activities(account, request);
    if (const auto type = type_named(name)) return records(account, *type, request);
    throw failure(404, "Resource not found");
}

Reply single(const Account& account, std::string_view name, std::string_view id) {
    const auto type = type_named(name);
    const auto number = whole_number(id);
    const Record* record = type && number ? account.dataset.find(*type, *number) : nullptr;
    if (record == nullptr || record->archived) throw failure(404, "Resource not found");
    JsonWriter json;
    write_record(json, account, RecordView(account.dataset, *type, *record));
    return {.content_type = "application/json", .body = json.str()};
}

}  // namespace nudged::crmsim::copper
