// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/value.hpp"

#include "connectors/base/text.hpp"

#include <cstdlib>

namespace nudged::crmsim::salesforce {
namespace {

/// "2026-03-02T15:04:05"
std::string local_part(std::chrono::sys_seconds instant) {
    std::string text = format_instant(instant);
    text.pop_back();
    return text;
}

std::optional<double> number_of(const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    if (const auto* decimal = std::get_if<Decimal>(&value))
        return std::strtod(decimal->text.c_str(), nullptr);
    return std::nullopt;
}

template <typename T>
int order(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

bool is_null(const Value& value) {
    return std::holds_alternative<std::monostate>(value);
}

int compare(const Value& a, const Value& b) {
    if (is_null(a) || is_null(b)) return order(!is_null(a), !is_null(b));
    if (const auto number = number_of(a))
        if (const auto other = number_of(b)) return order(*number, *other);
    if (a.index() != b.index()) return order(a.index(), b.index());
    if (const auto* text = std::get_if<std::string>(&a))
        return order(to_lower_ascii(*text), to_lower_ascii(std::get<std::string>(b)));
    if (const auto* flag = std::get_if<bool>(&a)) return order(*flag, std::get<bool>(b));
    if (const auto* day = std::get_if<std::chrono::local_days>(&a))
        return order(*day, std::get<std::chrono::local_days>(b));
    return order(std::get<std::chrono::sys_seconds>(a), std::get<std::chrono::sys_seconds>(b));
}

Value at_second(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant);
}

Value decimal(std::string_view text) {
    if (text.empty()) return {};
    std::string with_fraction(text);
    if (with_fraction.find_first_of(".eE") == std::string::npos) with_fraction += ".0";
    return Decimal{with_fraction};
}

std::string json_time(std::chrono::sys_seconds instant) {
    return local_part(instant) + ".000+0000";
}

void write_value(loopback::JsonWriter& json, const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value))
        json.Bool(*flag);
    else if (const auto* whole = std::get_if<std::int64_t>(&value))
        json.Int64(*whole);
    else if (const auto* number = std::get_if<Decimal>(&value))
        json.RawValue(number->text.data(), number->text.size(), rapidjson::kNumberType);
    else if (const auto* text = std::get_if<std::string>(&value))
        json.text(*text);
    else if (const auto* day = std::get_if<std::chrono::local_days>(&value))
        json.text(format_date(*day));
    else if (const auto* instant = std::get_if<std::chrono::sys_seconds>(&value))
        json.text(json_time(*instant));
    else
        json.Null();
}

std::string csv_text(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
    if (const auto* number = std::get_if<Decimal>(&value)) return number->text;
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* day = std::get_if<std::chrono::local_days>(&value)) return format_date(*day);
    if (const auto* instant = std::get_if<std::chrono::sys_seconds>(&value))
        return local_part(*instant) + ".000Z";
    return {};
}

}  // namespace nudged::crmsim::salesforce
