// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/conversion.hpp"

#include "connectors/base/decimal.hpp"
#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/time_format.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <initializer_list>
#include <limits>

namespace nudged::sources {
namespace {

using model::FieldType;
using model::Page;
using model::Value;

constexpr unsigned bits(std::initializer_list<FieldType> types) {
    unsigned all = 0;
    for (const auto type : types) all |= 1u << static_cast<unsigned>(type);
    return all;
}

// Decimals and dates are canonical text, so a text field (the old and new of a change) takes them.
constexpr std::array conversions{
    ConversionRow{Conversion::text, "text", bits({FieldType::text, FieldType::reference}), "text"},
    ConversionRow{Conversion::integer, "integer", bits({FieldType::integer}), "a whole number"},
    ConversionRow{Conversion::boolean, "boolean", bits({FieldType::boolean}),
                  "true or false, yes or no, 1 or 0"},
    ConversionRow{Conversion::decimal, "decimal", bits({FieldType::decimal, FieldType::text}),
                  "a number like 1250.50"},
    ConversionRow{Conversion::instant, "instant", bits({FieldType::instant}),
                  "a time like 2026-11-20T08:15:00Z"},
    ConversionRow{Conversion::date, "date", bits({FieldType::date, FieldType::text}),
                  "a date like 2026-11-20"},
    ConversionRow{Conversion::epoch_ms, "epoch_ms", bits({FieldType::instant, FieldType::date}),
                  "milliseconds since 1970"},
    ConversionRow{Conversion::epoch_s, "epoch_s", bits({FieldType::instant, FieldType::date}),
                  "seconds since 1970"},
    ConversionRow{Conversion::ms_to_s, "ms_to_s", bits({FieldType::integer}),
                  "a number of milliseconds"},
    ConversionRow{Conversion::minutes_to_s, "minutes_to_s", bits({FieldType::integer}),
                  "a number of minutes"},
    ConversionRow{Conversion::clock_to_s, "clock_to_s", bits({FieldType::integer}),
                  "a duration like 0:02:46"},
    ConversionRow{Conversion::percent, "percent", bits({FieldType::decimal, FieldType::text}),
                  "a number from 0 to 100"},
    ConversionRow{Conversion::cents, "cents", bits({FieldType::decimal, FieldType::text}),
                  "a whole number of cents"},
    ConversionRow{Conversion::lower, "lower", bits({FieldType::text, FieldType::reference}),
                  "text"},
    ConversionRow{Conversion::timed_instant, "timed_instant", bits({FieldType::instant}),
                  "a time like 2026-11-20T08:15:00Z, or a date"},
    ConversionRow{Conversion::whole_day, "whole_day", bits({FieldType::date, FieldType::text}),
                  "a date like 2026-11-20, or a time"},
};

constexpr std::array types{
    TypeRow{FieldType::text, "text", Conversion::text},
    TypeRow{FieldType::integer, "an integer", Conversion::integer},
    TypeRow{FieldType::boolean, "a boolean", Conversion::boolean},
    TypeRow{FieldType::decimal, "a decimal", Conversion::decimal},
    TypeRow{FieldType::instant, "an instant", Conversion::instant},
    TypeRow{FieldType::date, "a date", Conversion::date},
    TypeRow{FieldType::reference, "a reference", Conversion::text},
    TypeRow{FieldType::json, "JSON", Conversion::text},
};

/// A decimal's canonical text in two halves, with the point moved `places` to the right: exact, as
/// no arithmetic is done. "-12.5" moved by 3 is {negative, "12500", ""}.
struct Digits {
    bool negative = false;
    std::string whole;
    std::string fraction;

    static std::optional<Digits> of(std::string_view text, int places = 0);
    /// The whole part as a number; nullopt when it does not fit.
    std::optional<std::int64_t> whole_number() const;
};

std::optional<Digits> Digits::of(std::string_view text, int places) {
    const auto number = Decimal::parse(text);
    if (!number) return std::nullopt;
    const std::string canonical = number->str();
    std::string_view rest = canonical;
    Digits digits;
    digits.negative = rest.starts_with('-');
    if (digits.negative) rest.remove_prefix(1);
    const auto point = rest.find('.');
    digits.whole = rest.substr(0, point);
    if (point != std::string_view::npos) digits.fraction = rest.substr(point + 1);
    for (; places > 0; --places) {
        digits.whole += digits.fraction.empty() ? '0' : digits.fraction.front();
        if (!digits.fraction.empty()) digits.fraction.erase(0, 1);
    }
    for (; places < 0; ++places) {
        digits.fraction.insert(0, 1, digits.whole.empty() ? '0' : digits.whole.back());
        if (!digits.whole.empty()) digits.whole.pop_back();
    }
    return digits;
}

std::optional<std::int64_t> Digits::whole_number() const {
    std::int64_t number = 0;
    const auto* end = whole.data() + whole.size();
    if (std::from_chars(whole.data(), end, number).ec != std::errc{}) return std::nullopt;
    return negative ? -number : number;
}

/// Of nothing but digits, as nearly all numbers are.
std::optional<std::int64_t> plain_number(std::string_view text) {
    constexpr std::size_t always_fits = 18;
    if (text.empty() || text.size() > always_fits) return std::nullopt;
    std::int64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

std::optional<Value> integer_of(std::string_view text) {
    if (const auto plain = plain_number(text)) return Value{*plain};
    const auto digits = Digits::of(text);
    if (!digits || !digits->fraction.empty()) return std::nullopt;
    const auto number = digits->whole_number();
    if (!number) return std::nullopt;
    return Value{*number};
}

std::optional<Value> boolean_of(std::string_view text) {
    const std::string word = to_lower_ascii(text);
    if (word == "true" || word == "yes" || word == "1") return Value{std::int64_t{1}};
    if (word == "false" || word == "no" || word == "0") return Value{std::int64_t{0}};
    return std::nullopt;
}

/// Decimals, percentages and cents: `places` is how far the point moves.
std::optional<Value> decimal_of(std::string_view text, int places, Page& page) {
    const auto digits = Digits::of(text, places);
    if (!digits) return std::nullopt;
    const auto number = Decimal::parse(fmt::format(
        "{}{}.{}", digits->negative ? "-" : "", digits->whole.empty() ? "0" : digits->whole,
        digits->fraction.empty() ? "0" : digits->fraction));
    if (!number) return std::nullopt;
    return Value{page.keep(number->str())};
}

std::optional<Value> percent_of(std::string_view text, Page& page) {
    if (text.ends_with('%')) text = trim(text.substr(0, text.size() - 1));
    const auto number = Decimal::parse(text);
    if (!number || number->is_negative() || *number > Decimal{100}) return std::nullopt;
    return decimal_of(text, -2, page);
}

std::optional<Value> cents_of(std::string_view text, Page& page) {
    if (!integer_of(text)) return std::nullopt;
    return decimal_of(text, -2, page);
}

/// A fraction of a millisecond is cut.
std::optional<std::int64_t> whole_millis(std::string_view text) {
    if (const auto plain = plain_number(text)) return plain;
    const auto digits = Digits::of(text);
    if (!digits || digits->negative) return std::nullopt;
    return digits->whole_number();
}

std::optional<Value> seconds_of_millis(std::string_view text) {
    const auto millis = whole_millis(text);
    if (!millis) return std::nullopt;
    return Value{*millis / 1000 + (*millis % 1000 >= 500 ? 1 : 0)};
}

/// Half up; a fraction of a minute counts to the millionth.
std::optional<Value> seconds_of_minutes(std::string_view text) {
    constexpr std::int64_t million = 1'000'000;
    const auto millionths = Digits::of(text, 6);
    if (!millionths || millionths->negative) return std::nullopt;
    const auto number = millionths->whole_number();
    if (!number || *number > std::numeric_limits<std::int64_t>::max() / 60 - million)
        return std::nullopt;
    return Value{(*number * 60 + million / 2) / million};
}

/// "0:02:46" and "02:46"; the largest part may be of any size, the others are below 60.
std::optional<Value> seconds_of_clock(std::string_view text, std::string_view format) {
    const auto parts = split(text, ':');
    if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::int64_t part = 0;
        const auto* end = parts[i].data() + parts[i].size();
        if (parts[i].empty() || parts[i].size() > 6 || parts[i].front() == '-') return std::nullopt;
        if (std::from_chars(parts[i].data(), end, part).ptr != end) return std::nullopt;
        if (i > 0 && part > 59) return std::nullopt;
        total = total * 60 + part;
    }
    if (parts.size() == 2 && format == "%H:%M") total *= 60;
    return Value{total};
}

std::optional<ParsedTime> time_of(const FieldRule& rule, std::string_view text) {
    return rule.format.empty() ? parse_iso(text) : parse_time(text, rule.format);
}

std::optional<Value> instant_of(const FieldRule& rule, std::string_view text) {
    const auto time = time_of(rule, text);
    const auto instant = time ? time->instant(rule.zone) : std::nullopt;
    if (!instant) return std::nullopt;
    return Value{to_millis(*instant)};
}

/// What was written without a zone is somebody's day already, and stays it.
std::optional<Value> date_of(const FieldRule& rule, std::string_view text, Page& page) {
    const auto time = time_of(rule, text);
    if (!time) return std::nullopt;
    auto day = std::chrono::floor<std::chrono::days>(time->local);
    if (time->offset) {
        const auto instant = time->instant(rule.zone);
        if (!instant) return std::nullopt;
        day = rule.zone.local_day(*instant);
    }
    return Value{page.keep(format_date(day))};
}

/// Whether a time of day was written, midnight included.
bool has_time_of_day(const FieldRule& rule, std::string_view text) {
    constexpr std::size_t date_alone = 10;  // 2026-11-20
    if (!rule.format.empty()) return names_time_of_day(rule.format);
    return text.size() > date_alone;
}

std::optional<Value> timed_instant_of(const FieldRule& rule, std::string_view text) {
    if (has_time_of_day(rule, text)) return instant_of(rule, text);
    return time_of(rule, text) ? std::optional{Value{}} : std::nullopt;
}

std::optional<Value> whole_day_of(const FieldRule& rule, std::string_view text, Page& page) {
    if (!has_time_of_day(rule, text)) return date_of(rule, text, page);
    return time_of(rule, text) ? std::optional{Value{}} : std::nullopt;
}

std::optional<Value> epoch_of(const FieldRule& rule, std::string_view text, int places,
                              Page& page) {
    constexpr std::int64_t year_10000 = 253'402'300'800'000;
    constexpr std::int64_t year_1 = -62'135'596'800'000;
    const auto digits = Digits::of(text, places);
    const auto millis = digits ? digits->whole_number() : std::nullopt;
    if (!millis || *millis < year_1 || *millis >= year_10000) return std::nullopt;
    if (rule.type != FieldType::date) return Value{*millis};
    return Value{page.keep(format_date(rule.zone.local_day(from_millis(*millis))))};
}

}  // namespace

const ConversionRow& row_of(Conversion as) {
    return conversions[static_cast<std::size_t>(as)];
}

const TypeRow& row_of(FieldType type) {
    return types[static_cast<std::size_t>(type)];
}

std::optional<Conversion> conversion_of(std::string_view name) {
    for (const auto& row : conversions)
        if (row.name == name) return row.as;
    return std::nullopt;
}

FieldType extra_type(std::string_view as) {
    const auto conversion = conversion_of(as);
    if (!conversion) return FieldType::text;
    // The row of a type's usual conversion names it; of the others the first type that they fill.
    for (const auto& row : types)
        if (row.usual == *conversion) return row.type;
    for (const auto type : {FieldType::integer, FieldType::decimal, FieldType::instant})
        if (row_of(*conversion).can_fill(type)) return type;
    return FieldType::text;
}

std::vector<std::string> conversion_names() {
    std::vector<std::string> names;
    for (const auto& row : conversions) names.emplace_back(row.name);
    return names;
}

std::string_view expectation(Conversion as) {
    return row_of(as).expectation;
}

std::string expectation(const FieldRule& rule) {
    if (rule.format.empty()) return std::string{expectation(rule.as)};
    if (reads_numbers(rule.as)) return fmt::format("a number like {}", rule.format);
    return fmt::format("the format \"{}\"", rule.format);
}

bool reads_numbers(Conversion as) {
    return as == Conversion::decimal || as == Conversion::integer || as == Conversion::percent;
}

std::optional<Value> convert_text(const FieldRule& rule, std::string_view text, Page& page) {
    switch (rule.as) {
    case Conversion::text: return Value{page.keep(text)};
    case Conversion::integer: return integer_of(text);
    case Conversion::boolean: return boolean_of(text);
    case Conversion::decimal: return decimal_of(text, 0, page);
    case Conversion::instant: return instant_of(rule, text);
    case Conversion::date: return date_of(rule, text, page);
    case Conversion::epoch_ms: return epoch_of(rule, text, 0, page);
    case Conversion::epoch_s: return epoch_of(rule, text, 3, page);
    case Conversion::ms_to_s: return seconds_of_millis(text);
    case Conversion::minutes_to_s: return seconds_of_minutes(text);
    case Conversion::clock_to_s: return seconds_of_clock(text, rule.format);
    case Conversion::percent: return percent_of(text, page);
    case Conversion::cents: return cents_of(text, page);
    case Conversion::lower: return Value{page.keep(to_lower_ascii(text))};
    case Conversion::timed_instant: return timed_instant_of(rule, text);
    case Conversion::whole_day: return whole_day_of(rule, text, page);
    }
    return std::nullopt;
}

}  // namespace nudged::sources
