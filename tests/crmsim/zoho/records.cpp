// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/zoho/records.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/zoho/answers.hpp"
#include "tests/crmsim/zoho/modules.hpp"
#include "tests/crmsim/zoho/page_token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::crmsim::zoho {

using namespace tables;

namespace {

constexpr std::size_t max_page = 200;
constexpr std::size_t max_fields = 50;
constexpr std::size_t max_ids = 100;
constexpr std::size_t max_by_page_number = 2'000;
constexpr std::size_t max_by_token = 100'000;

/// The columns to show: names that nobody knows or that are hidden are left out without a word.
std::vector<const Column*> shown(const Table& module, std::string_view commas,
                                 const HiddenFields& hidden) {
    if (commas.empty())
        throw refuse_about(400, "REQUIRED_PARAM_MISSING",
                           "One of the expected parameter is missing", "param_name", "fields");
    const auto names = split(commas, ',');
    if (names.size() > max_fields)
        throw refuse(400, "LIMIT_EXCEEDED", "fields limit exceeded",
                     R"({"limit":50,"param_name":"fields"})");
    std::vector<const Column*> columns{&module.key()};
    for (const std::string_view name : names) {
        const Column* column = module.find(trim(name));
        if (column == nullptr || std::ranges::find(columns, column) != columns.end()) continue;
        if (!hidden.contains(fmt::format("{}.{}", module.name, column->name)))
            columns.push_back(column);
    }
    return columns;
}

void write_row(JsonWriter& json, const std::vector<const Column*>& columns, const Row& row,
               const Facts& facts) {
    json.StartObject();
    for (const Column* column : columns) {
        json.key(column->name);
        write_cell(json, column->read(facts, row), facts, LookupForm::with_name);
    }
    json.EndObject();
}

std::optional<Instant> modified_since(const loopback::Request& request) {
    const std::string_view text = request.header("if-modified-since");
    if (text.empty()) return std::nullopt;
    const auto instant = parse_instant(text);
    if (!instant) throw invalid_data("If-Modified-Since");
    return instant;
}

Condition filter(const Table& module, const loopback::Request& request) {
    Condition all;
    if (const auto since = modified_since(request))
        all.parts.push_back({Condition::Kind::test,
                             {},
                             *module.find("Modified_Time"),
                             Relation::at_least,
                             {*since}});
    const std::string_view ids = request.parameter("ids");
    if (ids.empty()) return all;
    Condition listed{Condition::Kind::test, {}, module.key(), Relation::in};
    for (const std::string_view id : split(ids, ',')) {
        const auto reference = parse_reference(trim(id));
        if (!reference) throw invalid_data("ids");
        listed.values.emplace_back(*reference);
    }
    if (listed.values.size() > max_ids) throw invalid_data("ids");
    all.parts.push_back(std::move(listed));
    return all;
}

/// By one column, and by the id where that leaves anything open.
std::vector<OrderKey> order_of(const Table& module, const loopback::Request& request) {
    constexpr std::array sortable{"id", "Created_Time", "Modified_Time"};
    const std::string_view by = request.parameter("sort_by");
    const std::string_view order = request.parameter("sort_order");
    const Column* column = by.empty() ? &module.key() : module.find(by);
    if (column == nullptr || std::ranges::find(sortable, column->name) == sortable.end())
        throw invalid_data("sort_by");
    if (!order.empty() && order != "asc" && order != "desc") throw invalid_data("sort_order");
    const bool descending = order != "asc";
    return {{*column, descending}, {module.key(), descending}};
}

void refuse_ambiguity(const loopback::Request& request) {
    const auto given = [&](const char* name) { return !request.parameter(name).empty(); };
    const auto both = [](const char* one, const char* other) {
        return refuse(
            400, "AMBIGUITY_DURING_PROCESSING", "ambiguity while processing the request",
            fmt::format(R"({{"ambiguity_due_to":[{{"param_name":"{}"}},{{"param_name":"{}"}}]}})",
                        one, other));
    };
    if (given("page") && given("page_token")) throw both("page", "page_token");
    if (given("cvid") && given("sort_by")) throw both("cvid", "sort_by");
}

struct Page {
    std::size_t number;  // 1, 2, …
    std::size_t begin;   // in the rows found
    std::size_t served;  // rows before it
    std::size_t size;
};

Page find_page(const loopback::Request& request, const std::vector<Row>& rows,
               const std::vector<OrderKey>& order, const RecordsContext& context) {
    const std::size_t size = number_parameter(request, "per_page", max_page, max_page);
    if (request.parameter("page_token").empty()) {
        const std::size_t page = number_parameter(request, "page", 1, 1'000'000);
        if (page * size > max_by_page_number)
            throw refuse(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                         "You can only get the first 2000 records without using page_token param.",
                         R"({"limit":2000})");
        return {page, std::min(rows.size(), (page - 1) * size), (page - 1) * size, size};
    }
    const PageToken token = parse_page_token(request, context.tokens_from, context.now);
    if (token.served + size > max_by_token)
        throw refuse(400, "PAGINATION_LIMIT_EXCEEDED",
                     "You can only get up to first 100000 records using page_token param.",
                     R"({"limit":100000})");
    const std::vector<Cell> position{from_position(order[0].column.kind, token.last_value),
                                     from_position(CellKind::reference, token.last_id)};
    return {token.served / size + 1, first_after(rows, order, position, context.facts),
            token.served, size};
}

void write_info(JsonWriter& json, const Page& page, std::size_t count,
                const std::vector<OrderKey>& order, const std::string& next,
                const RecordsContext& context) {
    json.key("info");
    json.StartObject();
    json.member("per_page", static_cast<std::int64_t>(page.size));
    json.key("next_page_token");
    json.text_or_null(next.empty() ? std::nullopt : std::optional{next});
    json.member("count", static_cast<std::int64_t>(count));
    json.member("sort_by", order[0].column.name);
    json.member("page", static_cast<std::int64_t>(page.number));
    json.null_member("previous_page_token");
    json.key("page_token_expiry");
    if (next.empty())
        json.Null();
    else
        json.text(format_time(context.now + page_token_life, context.facts.zone));
    json.member("sort_order", order[0].descending ? "desc" : "asc");
    json.member("more_records", !next.empty());
    json.EndObject();
}

}  // namespace

loopback::Reply list_records(const Table& module, const loopback::Request& request,
                             const RecordsContext& context) {
    refuse_ambiguity(request);
    const auto columns = shown(module, request.parameter("fields"), context.hidden);
    const Facts& facts = context.facts;
    Query query{&module, filter(module, request), order_of(module, request)};
    query.text = "list " + fingerprint_of_parameters(request);
    const auto& rows = context.finder.find(query, facts);
    const Page page = find_page(request, rows, query.order, context);
    const std::size_t end = std::min(rows.size(), page.begin + page.size);
    if (page.begin == end) {
        if (modified_since(request)) return {.status = 304, .content_type = ""};
        return no_content();
    }
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    for (std::size_t i = page.begin; i < end; ++i) write_row(json, columns, rows[i], facts);
    json.EndArray();
    std::string next;
    if (end < rows.size()) {
        const Row& last = rows[end - 1];
        next = PageToken{fingerprint_of_parameters(request), context.now,
                         page.served + (end - page.begin),
                         to_position(query.order[0].column.read(facts, last)),
                         to_position(module.key().read(facts, last))}
                   .str();
    }
    write_info(json, page, end - page.begin, query.order, next, context);
    json.EndObject();
    return reply_with(json);
}

loopback::Reply get_record(const Table& module, std::string_view id,
                           const RecordsContext& context) {
    const auto reference = parse_reference(id);
    if (!reference)
        throw refuse(400, "INVALID_DATA", "the id given seems to be invalid",
                     R"({"resource_path_index":1})");
    std::vector<const Column*> columns;
    for (const Column& column : module.columns)
        if (!context.hidden.contains(fmt::format("{}.{}", module.name, column.name)))
            columns.push_back(&column);
    Query query{&module, {Condition::Kind::test, {}, module.key(), Relation::equal, {*reference}}};
    query.text = "get " + std::string(id);
    const auto& rows = context.finder.find(query, context.facts);
    if (rows.empty()) return no_content();
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    write_row(json, columns, rows.front(), context.facts);
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

}  // namespace nudged::crmsim::zoho
