// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/zendesk_sell/account.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>

namespace nudged::crmsim::zendesk_sell {
namespace {

constexpr std::int64_t default_size = 25;
constexpr std::int64_t max_size = 100;

/// What is asked for of a list.
struct Query {
    std::int64_t page = 1;
    std::int64_t size = default_size;
    std::string sort = "id";
    bool descending = false;
    std::set<std::int64_t> ids{};
    std::optional<bool> is_organization{};
};

std::int64_t number_in(const Request& request, const std::string& name, std::int64_t otherwise,
                       std::int64_t most) {
    if (!request.query.contains(name)) return otherwise;
    const auto value = whole_number(request.parameter(name));
    if (!value || *value < 1 || *value > most)
        throw failure(400, "invalid_parameter", name, "is out of its range");
    return *value;
}

Query query_of(const Request& request) {
    Query query;
    query.page = number_in(request, "page", 1, 1'000'000);
    query.size = number_in(request, "per_page", default_size, max_size);
    const auto order = split(request.parameter("sort_by"), ':');
    if (!order.empty() && !order[0].empty()) query.sort = order[0];
    query.descending = order.size() > 1 && order[1] == "desc";
    if (query.sort != "id" && query.sort != "updated_at" && query.sort != "created_at")
        throw failure(400, "invalid_parameter", "sort_by", "cannot be sorted by that");
    for (const auto text : split(request.parameter("ids"), ','))
        if (const auto id = whole_number(text)) query.ids.insert(*id);
    if (const auto is_one = request.parameter("is_organization"); !is_one.empty())
        query.is_organization = is_one == "true";
    return query;
}

/// One row: how it is sorted, and how it is written.
struct Row {
    std::int64_t key;
    std::int64_t id;
    std::function<void(JsonWriter&)> write;
};

std::vector<Row> records_of(const Account& account, std::span<const ObjectType> types,
                            const Query& query, Instant now) {
    std::vector<Row> rows;
    for (const ObjectType type : types) {
        if (query.is_organization && *query.is_organization != (type == ObjectType::companies))
            continue;
        for (const Record& record : account.dataset.records(type)) {
            if (record.archived || (!query.ids.empty() && !query.ids.contains(record.id))) continue;
            // To the second, as everybody can see them.
            const Instant at = query.sort == "created_at" ? record.created : record.modified;
            const std::int64_t key = query.sort == "id"
                                         ? record.id
                                         : to_millis(std::chrono::floor<std::chrono::seconds>(at));
            rows.push_back({key, record.id, [&account, type, &record, now](JsonWriter& json) {
                                write_record(json, account,
                                             RecordView(account.dataset, type, record), now);
                            }});
        }
    }
    return rows;
}

template <typename Write>
std::vector<Row> numbered(std::size_t count, Write write) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < count; ++i) {
        const auto id = static_cast<std::int64_t>(i + 1);
        rows.push_back({id, id, [write, i](JsonWriter& json) { write(json, i); }});
    }
    return rows;
}

std::vector<Row> rows_of(const Account& account, std::string_view name, const Query& query,
                         Instant now) {
    static constexpr std::array contacts{ObjectType::companies, ObjectType::contacts};
    static constexpr std::array deals{ObjectType::deals};
    static constexpr std::array calls{ObjectType::calls};
    static constexpr std::array tasks{ObjectType::tasks};
    if (name == "contacts") return records_of(account, contacts, query, now);
    if (name == "deals") return records_of(account, deals, query, now);
    if (name == "calls") return records_of(account, calls, query, now);
    if (name == "tasks") return records_of(account, tasks, query, now);
    if (name == "stages") return numbered(stages().size(), write_stage);
    if (name == "call_outcomes") return numbered(call_outcomes(), write_call_outcome);
    if (name == "pipelines")
        return numbered(1, [](JsonWriter& json, std::size_t) { write_pipeline(json); });
    if (name != "users") throw failure(404, "not_found", "", "there is no such resource");
    std::vector<Row> rows;
    for (const Owner& user : account.dataset.owners)
        rows.push_back({user.id, user.id, [&user](JsonWriter& json) { write_user(json, user); }});
    return rows;
}

void write_links(JsonWriter& json, const Request& request, const Query& query, bool has_next) {
    const auto link = [&](std::int64_t page) {
        return fmt::format("http://{}{}?page={}&per_page={}", request.header("host"), request.path,
                           page, query.size);
    };
    json.key("links");
    json.StartObject();
    json.member("self", link(query.page));
    json.member("first_page", link(1));
    if (query.page > 1) json.member("prev_page", link(query.page - 1));
    if (has_next) json.member("next_page", link(query.page + 1));
    json.EndObject();
}

}  // namespace

Refusal failure(int status, std::string_view code, std::string_view field,
                std::string_view message) {
    JsonWriter json;
    json.StartObject();
    json.key("errors");
    json.StartArray();
    json.StartObject();
    json.key("error");
    json.StartObject();
    if (!field.empty()) json.member("field", field);
    json.member("code", code);
    json.member("message", message);
    json.member("details", fmt::format("{} {}", field, message));
    json.EndObject();
    json.EndObject();
    json.EndArray();
    json.key("meta");
    json.StartObject();
    json.member("http_status", std::to_string(status));
    json.member("type", "errors_collection");
    json.EndObject();
    json.EndObject();
    return {{.status = status, .content_type = "application/json", .body = json.str()}};
}

Reply list(const Account& account, std::string_view name, const Request& request, Instant now) {
    const Query query = query_of(request);
    std::vector<Row> rows = rows_of(account, name, query, now);
    std::ranges::sort(rows, [&](const Row& a, const Row& b) {
        const auto left = std::pair{a.key, a.id};
        const auto right = std::pair{b.key, b.id};
        return query.descending ? left > right : left < right;
    });
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t begin = std::min(count, (query.page - 1) * query.size);
    const std::int64_t end = std::min(count, begin + query.size);
    JsonWriter json;
    json.StartObject();
    json.key("items");
    json.StartArray();
    for (std::int64_t i = begin; i < end; ++i) {
        json.StartObject();
        json.key("data");
        json.StartObject();
        rows[static_cast<std::size_t>(i)].write(json);
        json.EndObject();
        json.key("meta");
        json.StartObject();
        json.member("type", name.substr(0, name.size() - 1));
        json.EndObject();
        json.EndObject();
    }
    json.EndArray();
    json.key("meta");
    json.StartObject();
    json.member("type", "collection");
    json.member("count", end - begin);
    write_links(json, request, query, end < count);
    json.EndObject();
    json.EndObject();
    return {.content_type = "application/json", .body = json.str()};
}

}  // namespace nudged::crmsim::zendesk_sell
