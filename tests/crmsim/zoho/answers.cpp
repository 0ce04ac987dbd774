// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/zoho/answers.hpp"

#include "tests/crmsim/zoho/modules.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nudged::crmsim::zoho {

using namespace tables;

Refusal refuse(int status, std::string_view code, std::string_view message,
               std::string_view details) {
    JsonWriter json;
    json.StartObject();
    json.member("code", code);
    json.key("details");
    json.RawValue(details.data(), details.size(), rapidjson::kObjectType);
    json.member("message", message);
    json.member("status", "error");
    json.EndObject();
    return {{.status = status, .body = json.str()}};
}

Refusal refuse_about(int status, std::string_view code, std::string_view message,
                     std::string_view detail, std::string_view value) {
    JsonWriter json;
    json.StartObject();
    json.member(detail, value);
    json.EndObject();
    return refuse(status, code, message, json.str());
}

Refusal invalid_data(std::string_view parameter) {
    return refuse_about(400, "INVALID_DATA", "invalid data", "param_name", parameter);
}

loopback::Reply no_content() {
    return {.status = 204, .content_type = ""};
}

loopback::Reply reply_with(const JsonWriter& json) {
    return {.body = json.str()};
}

std::string format_time(Instant instant, const Zone& zone) {
    const auto local = zone.local_time(instant);
    const auto offset = std::chrono::duration_cast<std::chrono::minutes>(
        local.time_since_epoch() - instant.time_since_epoch());
    std::string text =
        format_instant(std::chrono::floor<std::chrono::seconds>(Instant{local.time_since_epoch()}));
    text.pop_back();  // the Z
    const auto minutes = std::abs(offset.count());
    return fmt::format("{}{}{:02}:{:02}", text, offset.count() < 0 ? '-' : '+', minutes / 60,
                       minutes % 60);
}

namespace {

void write_lookup(JsonWriter& json, const Reference& reference, LookupForm form,
                  const Facts& facts) {
    json.StartObject();
    if (form == LookupForm::with_name) json.member("name", reference.label);
    json.member("id", reference.id);
    if (form == LookupForm::with_name && reference.target == "users") {
        const Owner* owner =
            find_owner(facts.data, parse_id(reference.id, IdKind::user).value_or(0));
        if (owner != nullptr) json.member("email", email_of(*owner));
    }
    json.EndObject();
}

}  // namespace

void write_cell(JsonWriter& json, const Cell& cell, const Facts& facts, LookupForm form) {
    if (const auto* flag = std::get_if<bool>(&cell)) {
        json.Bool(*flag);
    } else if (const auto* number = std::get_if<Decimal>(&cell)) {
        const std::string text = number->str();
        json.RawValue(text.data(), text.size(), rapidjson::kNumberType);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
        json.text(*text);
    } else if (const auto* day = std::get_if<std::chrono::local_days>(&cell)) {
        json.text(format_date(*day));
    } else if (const auto* instant = std::get_if<Instant>(&cell)) {
        json.text(format_time(*instant, facts.zone));
    } else if (const auto* reference = std::get_if<Reference>(&cell)) {
        // A row's own id has no target.
        if (reference->target.empty())
            json.text(reference->id);
        else
            write_lookup(json, *reference, form, facts);
    } else {
        json.Null();
    }
}

std::size_t number_parameter(const loopback::Request& request, const char* name,
                             std::size_t fallback, std::size_t most) {
    const std::string_view text = request.parameter(name);
    if (text.empty()) return fallback;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > most)
        throw invalid_data(name);
    return number;
}

}  // namespace nudged::crmsim::zoho
