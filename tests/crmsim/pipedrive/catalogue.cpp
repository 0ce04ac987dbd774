// SPDX-License-Identifier: Apache-2.0
// Stages, pipelines and fields: short lists without filters by time.
#include "tests/crmsim/pipedrive/lists.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::crmsim::pipedrive {
namespace {

constexpr const char* founded = "2024-01-01T00:00:00Z";

void write_stage(JsonWriter& json, std::size_t index) {
    const Stage& stage = open_stages()[index];
    const auto number = static_cast<std::int64_t>(index + 1);
    json.StartObject();
    json.member("id", number);
    json.member("order_nr", number);
    json.member("name", stage.label);
    json.member("is_deleted", false);
    json.member("deal_probability",
                static_cast<std::int64_t>(std::lround(std::stod(stage.probability) * 100)));
    json.member("pipeline_id", std::int64_t{1});
    json.member("is_deal_rot_enabled", false);
    json.null_member("days_to_rotten");
    json.member("add_time", founded);
    json.null_member("update_time");
    json.EndObject();
}

void write_pipeline(JsonWriter& json, std::size_t /*index*/) {
    json.StartObject();
    json.member("id", std::int64_t{1});
    json.member("name", "Sales Pipeline");
    json.member("order_nr", std::int64_t{1});
    json.member("is_deleted", false);
    json.member("is_deal_probability_enabled", true);
    json.member("add_time", founded);
    json.null_member("update_time");
    json.EndObject();
}

void write_field_of(JsonWriter& json, std::string_view code, std::string_view name,
                    bool is_custom) {
    json.StartObject();
    json.member("field_name", name);
    json.member("field_code", code);
    json.member("description", name);
    json.member("field_type", "varchar");
    json.null_member("options");
    json.null_member("subfields");
    json.member("is_custom_field", is_custom);
    json.member("is_optional_response_field", false);
    json.EndObject();
}

/// What every kind has, and what an admin has added to deals.
void write_field(JsonWriter& json, std::size_t index) {
    if (index == 0)
        write_field_of(json, "id", "ID", false);
    else
        write_field_of(json, next_step_key, "Next step", true);
}

/// Ids are 1 to `count`, in the order of every field that can be sorted by.
Reply list(const Request& request, std::size_t count, void (*write)(JsonWriter&, std::size_t)) {
    std::int64_t limit = 100;
    if (request.query.contains("limit")) limit = parse_integer(request, "limit");
    if (limit < 1 || limit > 500) throw bad_parameter("limit");
    const bool descending = request.parameter("sort_direction") == "desc";
    std::int64_t done = 0;
    if (const std::string_view text = request.parameter("cursor"); !text.empty()) {
        const auto cursor = Cursor::parse(text);
        if (!cursor) throw bad_parameter("cursor");
        done = cursor->value;
    }
    const auto size = static_cast<std::int64_t>(count);
    const std::int64_t end = std::min(size, done + limit);
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    json.StartArray();
    for (std::int64_t i = done; i < end; ++i)
        write(json, static_cast<std::size_t>(descending ? size - 1 - i : i));
    const bool more = end < size;
    end_list(json, more ? std::optional(Cursor{"id", end, descending, end}.text()) : std::nullopt);
    return ok(json);
}

Reply single(std::string_view id, std::size_t count, std::string_view missing,
             void (*write)(JsonWriter&, std::size_t)) {
    const auto number = to_integer(id);
    if (!number) throw bad_parameter("id");
    if (*number < 1 || *number > static_cast<std::int64_t>(count)) throw failure(404, missing);
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    write(json, static_cast<std::size_t>(*number - 1));
    json.EndObject();
    return ok(json);
}

void check_sort(const Request& request, std::string_view sorts) {
    const std::string_view sort_by = request.parameter("sort_by");
    if (!sort_by.empty() && !contains(sorts, sort_by)) throw bad_parameter("sort_by");
}

}  // namespace

Reply stages_answer(const Request& request) {
    check_names(request, "pipeline_id,sort_by,sort_direction,limit,cursor");
    check_sort(request, "id,update_time,add_time,order_nr");
    const bool other =
        request.query.contains("pipeline_id") && parse_integer(request, "pipeline_id") != 1;
    return list(request, other ? 0 : open_stages().size(), write_stage);
}

Reply pipelines_answer(const Request& request) {
    check_names(request, "sort_by,sort_direction,limit,cursor");
    check_sort(request, "id,update_time,add_time");
    return list(request, 1, write_pipeline);
}

Reply fields_answer(const Request& request, bool of_deals) {
    check_names(request, "limit,cursor,include_fields");
    return list(request, of_deals ? 2 : 1, write_field);
}

Reply single_stage(std::string_view id) {
    return single(id, open_stages().size(), "Stage not found", write_stage);
}

Reply single_pipeline(std::string_view id) {
    return single(id, 1, "Pipeline not found", write_pipeline);
}

}  // namespace nudged::crmsim::pipedrive
