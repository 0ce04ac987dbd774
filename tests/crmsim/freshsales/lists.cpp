// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/freshsales/account.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::crmsim::freshsales {
namespace {

constexpr std::int64_t default_size = 25;
constexpr std::int64_t max_size = 100;
/// A view's number is this and 1, 2 or 3; each shows everything.
constexpr std::int64_t view_numbers = 402'000'000'000;

constexpr std::array kinds{ViewKind{"deals", "deal", ObjectType::deals},
                           ViewKind{"contacts", "contact", ObjectType::contacts},
                           ViewKind{"sales_accounts", "sales_account", ObjectType::companies}};

std::int64_t number_in(const Request& request, const std::string& name, std::int64_t otherwise) {
    if (!request.query.contains(name)) return otherwise;
    const auto value = whole_number(request.parameter(name));
    if (!value || *value < 1) throw failure(400, name + " is no number");
    return *value;
}

struct Row {
    std::int64_t key;
    const Record* record;
};

/// One page of the rows, in their order; whoever asks for more than there are gets an empty list.
void write_page(JsonWriter& json, const Account& account, ObjectType type, std::vector<Row> rows,
                const Request& request, bool descending) {
    std::ranges::sort(rows, [&](const Row& a, const Row& b) {
        const auto left = std::pair{a.key, a.record->id};
        const auto right = std::pair{b.key, b.record->id};
        return descending ? left > right : left < right;
    });
    const std::int64_t page = number_in(request, "page", 1);
    const std::int64_t size = std::min(max_size, number_in(request, "per_page", default_size));
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t begin = std::min(count, (page - 1) * size);
    const std::int64_t end = std::min(count, begin + size);
    json.StartArray();
    for (std::int64_t i = begin; i < end; ++i)
        write_record(json, account,
                     RecordView(account.dataset, type, *rows[static_cast<std::size_t>(i)].record));
    json.EndArray();
    json.key("meta");
    json.StartObject();
    json.member("total_pages", (count + size - 1) / size);
    json.member("total", count);
    json.EndObject();
}

/// Related rows, which come once beside those that name them.
void write_sides(JsonWriter& json, const Account& account, const Request& request) {
    const auto included = split(request.parameter("include"), ',');
    const auto wants = [&](std::string_view name) {
        return std::ranges::find(included, name) != included.end();
    };
    if (wants("owner") || wants("users")) {
        json.key("users");
        write_owners(json, account);
    }
    if (wants("deal_stage")) {
        json.key("deal_stages");
        write_stages(json);
    }
}

std::int64_t second_of(Instant at) {
    return to_millis(std::chrono::floor<std::chrono::seconds>(at));
}

bool fits(const RecordView& record, std::string_view filter, Instant now) {
    if (record.type() == ObjectType::tasks) {
        const bool done = record.text("hs_task_status") == "COMPLETED";
        const auto due = record.time("hs_timestamp");
        if (filter == "open") return !done;
        if (filter == "completed") return done;
        if (filter == "overdue") return !done && due && *due < now;
    } else {
        const auto start = record.time("hs_meeting_start_time");
        if (filter == "upcoming") return start && *start >= now;
        if (filter == "past") return !start || *start < now;
    }
    throw failure(400, "there is no such filter");
}

}  // namespace

const ViewKind* find_kind(std::string_view name) {
    const auto found = std::ranges::find(kinds, name, &ViewKind::name);
    return found == kinds.end() ? nullptr : &*found;
}

Refusal failure(int status, std::string_view message) {
    JsonWriter json;
    json.StartObject();
    json.key("errors");
    json.StartObject();
    json.member("code", std::int64_t{status});
    json.key("message");
    json.StartArray();
    json.text(message);
    json.EndArray();
    json.EndObject();
    json.EndObject();
    return {{.status = status, .content_type = "application/json", .body = json.str()}};
}

Reply filters(const ViewKind& kind) {
    JsonWriter json;
    json.StartObject();
    json.key("filters");
    json.StartArray();
    json.StartObject();
    json.member("id", view_numbers + (&kind - kinds.data()) + 1);
    json.member("name", fmt::format("All {}", kind.name));
    json.member("is_default", true);
    json.EndObject();
    json.EndArray();
    json.EndObject();
    return {.content_type = "application/json", .body = json.str()};
}

Reply view(const Account& account, const ViewKind& kind, const Request& request) {
    const std::string_view sort = request.parameter("sort");
    if (!sort.empty() && sort != "updated_at" && sort != "created_at")
        throw failure(400, "cannot be sorted by that");
    std::vector<Row> rows;
    for (const Record& record : account.dataset.records(kind.type)) {
        if (record.archived) continue;
        rows.push_back(
            {second_of(sort == "updated_at" ? record.modified : record.created), &record});
    }
    JsonWriter json;
    json.StartObject();
    write_sides(json, account, request);
    json.key(kind.name);
    write_page(json, account, kind.type, std::move(rows), request,
               request.parameter("sort_type") == "desc");
    json.EndObject();
    return {.content_type = "application/json", .body = json.str()};
}

Reply single(const Account& account, const ViewKind& kind, std::string_view id,
             const Request& request) {
    const auto number = whole_number(id);
    const Record* record = number ? account.dataset.find(kind.type, *number) : nullptr;
    if (record == nullptr || record->archived) throw failure(404, "Record not found");
    JsonWriter json;
    json.StartObject();
    write_sides(json, account, request);
    json.key(kind.single);
    write_record(json, account, RecordView(account.dataset, kind.type, *record));
    json.EndObject();
    return {.content_type = "application/json", .body = json.str()};
}

Reply agenda(const Account& account, ObjectType type, const Request& request, Instant now) {
    const bool is_task = type == ObjectType::tasks;
    std::vector<Row> rows;
    for (const Record& record : account.dataset.records(type)) {
        const RecordView row(account.dataset, type, record);
        if (record.archived || !fits(row, request.parameter("filter"), now)) continue;
        const auto at = row.time(is_task ? "hs_timestamp" : "hs_meeting_start_time");
        rows.push_back({second_of(at.value_or(Instant{})), &record});
    }
    JsonWriter json;
    json.StartObject();
    write_sides(json, account, request);
    json.key(is_task ? "tasks" : "appointments");
    write_page(json, account, type, std::move(rows), request, false);
    json.EndObject();
    return {.content_type = "application/json", .body = json.str()};
}

Reply selector(const Account& account, std::string_view name) {
    JsonWriter json;
    json.StartObject();
    json.key(name == "owners" ? "users" : name);
    if (name == "owners")
        write_owners(json, account);
    else if (name == "deal_stages")
        write_stages(json);
    else if (name == "deal_pipelines")
        write_pipelines(json);
    else if (name == "currencies")
        write_currencies(json);
    else
        throw failure(404, "there is no such selector");
    json.EndObject();
    return {.content_type = "application/json", .body = json.str()};
}

}  // namespace nudged::crmsim::freshsales
