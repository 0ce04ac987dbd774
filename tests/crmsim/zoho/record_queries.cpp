// SPDX-License-Identifier: Apache-2.0
// POST /coql, and GET /{Module}/deleted.
#include "tests/crmsim/zoho/answers.hpp"
#include "tests/crmsim/zoho/coql.hpp"
#include "tests/crmsim/zoho/modules.hpp"
#include "tests/crmsim/zoho/records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::zoho {

using namespace tables;

namespace {

std::string select_query(const loopback::Request& request) {
    rapidjson::Document body;
    body.Parse(request.body.c_str());
    if (body.HasParseError() || !body.IsObject()) throw refuse(400, "INVALID_DATA", "invalid JSON");
    const std::string text = loopback::text_member(body, "select_query");
    if (text.empty())
        throw refuse_about(400, "MANDATORY_NOT_FOUND", "required field not found", "api_name",
                           "select_query");
    return text;
}

/// Links are ids alone, and those that go to several modules say to which.
void write_member(JsonWriter& json, const Cell& cell, const Facts& facts, bool several_modules) {
    const auto* reference = std::get_if<Reference>(&cell);
    if (reference == nullptr || reference->target.empty() || !several_modules) {
        write_cell(json, cell, facts, LookupForm::id_only);
        return;
    }
    json.StartObject();
    json.member("id", reference->id);
    json.key("module");
    json.StartObject();
    json.member("api_name", reference->target);
    json.member("id", make_id(IdKind::setting,
                              2'100 + static_cast<std::int64_t>(find_module(reference->target) -
                                                                modules().data())));
    json.EndObject();
    json.EndObject();
}

/// As the query wrote the columns; the parser knows them by what they read.
std::vector<std::string> names_as_written(std::string_view text) {
    std::vector<std::string> names;
    std::string name;
    for (const char c : text.substr(text.find_first_of(" \t\r\n"))) {
        if (c != ',' && std::isspace(static_cast<unsigned char>(c)) == 0) {
            name += c;
            continue;
        }
        if (name == "from" || name == "FROM" || name == "From") break;
        if (!name.empty()) names.push_back(std::move(name));
        name.clear();
    }
    return names;
}

struct Deleted {
    Instant at;
    std::int64_t id;
    std::string name;
    bool for_good;
    const Owner* owner;
};

std::vector<Deleted> find_deleted(const Table& module, std::string_view type,
                                  const std::vector<DeletedRecord>& forgotten,
                                  const RecordsContext& context) {
    std::vector<Deleted> all;
    const auto object = type_of(module);
    if (!object) return all;
    constexpr std::chrono::days recycle_bin{60};
    for (const Record& record : context.facts.data.records(*object)) {
        if (!record.archived || type == "permanent") continue;
        if (context.now - *record.archived >= recycle_bin) continue;
        const Row row{*object, &record};
        const Column& name = module.columns[2];
        const Cell cell = name.read(context.facts, row);
        const auto* text = std::get_if<std::string>(&cell);
        all.push_back({*record.archived, record.id, text != nullptr ? *text : "", false,
                       owner_of(context.facts, row)});
    }
    if (type != "recycle")
        for (const DeletedRecord& record : forgotten)
            if (record.type == *object)
                all.push_back({record.at, record.id, record.name, true, nullptr});
    std::ranges::sort(all, [](const Deleted& left, const Deleted& right) {
        return std::pair{right.at, right.id} < std::pair{left.at, left.id};
    });
    return all;
}

void write_person(JsonWriter& json, const char* name, const Owner* owner) {
    json.key(name);
    if (owner == nullptr) {
        json.Null();
        return;
    }
    json.StartObject();
    json.member("name", full_name(*owner));
    json.member("id", make_id(IdKind::user, owner->id));
    json.EndObject();
}

}  // namespace

int coql_credits(const loopback::Request& request) {
    try {
        const std::size_t rows = parse_coql(select_query(request)).limit;
        return rows <= 200 ? 1 : rows <= 1'000 ? 2 : 3;
    } catch (const Refusal&) {
        return 1;
    }
}

loopback::Reply run_coql(const loopback::Request& request, const RecordsContext& context) {
    const std::string text = select_query(request);
    CoqlQuery parsed = parse_coql(text);
    std::vector<std::string> names = names_as_written(text);
    if (names.size() < parsed.columns.size()) names.emplace_back("id");
    // What the order leaves open differs from page to page.
    parsed.query.reverse_ties = parsed.limit > 0 && parsed.offset / parsed.limit % 2 == 1;
    const auto& rows = context.finder.find(parsed.query, context.facts);
    const std::size_t begin = std::min(parsed.offset, rows.size());
    const std::size_t end = std::min(begin + parsed.limit, rows.size());
    if (begin == end) return no_content();
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    for (std::size_t i = begin; i < end; ++i) {
        json.StartObject();
        for (std::size_t n = 0; n < parsed.columns.size(); ++n) {
            const Column& column = parsed.columns[n];
            json.key(names[n]);
            const bool hidden =
                context.hidden.contains(fmt::format("{}.{}", parsed.query.table->name, names[n]));
            if (hidden)
                json.Null();
            else
                write_member(json, column.read(context.facts, rows[i]), context.facts,
                             column.name == "What_Id");
        }
        json.EndObject();
    }
    json.EndArray();
    json.key("info");
    json.StartObject();
    json.member("count", static_cast<std::int64_t>(end - begin));
    json.member("more_records", end < rows.size());
    json.EndObject();
    json.EndObject();
    return reply_with(json);
}

loopback::Reply list_deleted(const Table& module, const loopback::Request& request,
                             const std::vector<DeletedRecord>& forgotten,
                             const RecordsContext& context) {
    const std::string_view type = request.parameter("type");
    if (!type.empty() && type != "all" && type != "recycle" && type != "permanent")
        throw invalid_data("type");
    auto all = find_deleted(module, type, forgotten, context);
    const std::string_view since_text = request.header("if-modified-since");
    if (!since_text.empty()) {
        const auto since = parse_instant(since_text);
        if (!since) throw invalid_data("If-Modified-Since");
        std::erase_if(all, [&](const Deleted& record) { return record.at < *since; });
    }
    const std::size_t size = number_parameter(request, "per_page", 200, 200);
    const std::size_t page = number_parameter(request, "page", 1, 1'000'000);
    const std::size_t begin = std::min(all.size(), (page - 1) * size);
    const std::size_t end = std::min(all.size(), begin + size);
    if (begin == end) return no_content();
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    const auto kind = static_cast<IdKind>(static_cast<int>(*type_of(module)) + 1);
    for (std::size_t i = begin; i < end; ++i) {
        json.StartObject();
        write_person(json, "deleted_by", all[i].owner);
        json.member("id", make_id(kind, all[i].id));
        json.member("display_name", all[i].name);
        json.member("type", all[i].for_good ? "permanent" : "recycle");
        write_person(json, "created_by", all[i].owner);
        json.member("deleted_time", format_time(all[i].at, context.facts.zone));
        json.EndObject();
    }
    json.EndArray();
    json.key("info");
    json.StartObject();
    json.member("per_page", static_cast<std::int64_t>(size));
    json.member("count", static_cast<std::int64_t>(end - begin));
    json.member("page", static_cast<std::int64_t>(page));
    json.member("more_records", end < all.size());
    json.EndObject();
    json.EndObject();
    return reply_with(json);
}

}  // namespace nudged::crmsim::zoho
