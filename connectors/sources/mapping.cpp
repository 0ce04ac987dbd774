// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping.hpp"

#include "connectors/base/decimal.hpp"
#include "connectors/base/text.hpp"
#include "connectors/sources/time_format.hpp"

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

constexpr unsigned bit(FieldType type) {
    return 1u << static_cast<unsigned>(type);
}
constexpr unsigned bits(std::initializer_list<FieldType> types) {
    unsigned all = 0;
    for (const auto type : types) all |= bit(type);
    return all;
}

struct ConversionRow {
    Conversion as;
    std::string_view name;
    unsigned gives;  // which types of field it can fill
    std::string_view expectation;
};

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
};

const ConversionRow& row_of(Conversion as) {
    return conversions[static_cast<std::size_t>(as)];
}

struct TypeRow {
    FieldType type;
    std::string_view name;
    Conversion usual;  // when `as` is left out
};
constexpr std::array types{
    TypeRow{FieldType::text, "text", Conversion::text},
    TypeRow{FieldType::integer, "an integer", Conversion::integer},
    TypeRow{FieldType::boolean, "a boolean", Conversion::boolean},
    TypeRow{FieldType::decimal, "a decimal", Conversion::decimal},
    TypeRow{FieldType::instant, "an instant", Conversion::instant},
    TypeRow{FieldType::date, "a date", Conversion::date},
    TypeRow{FieldType::reference, "a reference", Conversion::text},
};

const TypeRow& row_of(FieldType type) {
    return types[static_cast<std::size_t>(type)];
}

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

std::optional<Value> integer_of(std::string_view text) {
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

std::optional<Value> seconds_of_millis(std::string_view text) {
    const auto digits = Digits::of(text);
    if (!digits || digits->negative) return std::nullopt;
    const auto millis = digits->whole_number();
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
    }
    return std::nullopt;
}

/// The type of a field by name, the record's own "id" and "modified" included; adds the diagnostic
/// and gives nullopt when there is no such field.
std::optional<FieldType> find_field(model::Entity entity, const std::string& name,
                                    const MapEntry& entry, FieldRule& rule, Diagnostics& problems) {
    if (name == "id") return FieldType::reference;
    if (name == "modified") return FieldType::instant;
    const auto fields = model::fields_of(entity);
    if (const auto index = model::field_index(entity, name)) {
        rule.field = *index;
        return fields[*index].type;
    }
    std::vector<std::string> names{"id", "modified"};
    for (const auto& field : fields) names.emplace_back(field.name);
    const std::string near = nearest(name, names);
    problems.error(entry.place, fmt::format("{} has no field \"{}\"", to_string(entity), name),
                   near.empty() ? fmt::format("the fields are {}", fmt::join(names, ", "))
                                : fmt::format("did you mean \"{}\"?", near));
    return std::nullopt;
}

void compile_conversion(const std::string& field_name, const MapEntry& entry, FieldRule& rule,
                        Diagnostics& problems) {
    rule.as = row_of(rule.type).usual;
    if (entry.as.empty()) return;
    const auto as = conversion_of(entry.as);
    if (!as) {
        const auto names = conversion_names();
        const std::string near = nearest(entry.as, names);
        problems.error(entry.place, fmt::format("unknown conversion \"{}\"", entry.as),
                       near.empty() ? fmt::format("the conversions are {}", fmt::join(names, ", "))
                                    : fmt::format("did you mean \"{}\"?", near));
        return;
    }
    if ((row_of(*as).gives & bit(rule.type)) == 0)
        problems.error(entry.place,
                       fmt::format("the conversion \"{}\" cannot fill \"{}\", which is {}",
                                   entry.as, field_name, row_of(rule.type).name),
                       fmt::format("leave `as` out, which means \"{}\" here",
                                   row_of(row_of(rule.type).usual).name));
    rule.as = *as;
}

void compile_format(const MapEntry& entry, FieldRule& rule, Diagnostics& problems) {
    rule.format = entry.format;
    if (entry.format.empty()) return;
    if (rule.as == Conversion::clock_to_s) {
        if (entry.format != "%H:%M" && entry.format != "%M:%S")
            problems.error(entry.place, "a duration's format is not one that is known",
                           "use \"%H:%M\" or \"%M:%S\"");
    } else if (rule.as != Conversion::instant && rule.as != Conversion::date) {
        problems.error(
            entry.place,
            fmt::format("a format means nothing to the conversion \"{}\"", row_of(rule.as).name),
            "leave `format` out, or set `as` to \"date\" or \"instant\"");
    } else if (const auto problem = format_problem(entry.format); !problem.empty()) {
        problems.error(entry.place, fmt::format("the format \"{}\" {}", entry.format, problem),
                       "write it as strftime does, such as \"%d/%m/%Y %H:%M\"");
    }
}

/// A constant or a mapped value that does not convert would be malformed in every row.
void check_converts(const FieldRule& rule, std::string_view text, const MapEntry& entry,
                    Diagnostics& problems) {
    Page scratch;
    if (text.empty() || convert_text(rule, text, scratch)) return;
    problems.error(entry.place, fmt::format("\"{}\" does not convert", text),
                   fmt::format("write {}", row_of(rule.as).expectation));
}

/// Exactly one of the ways to get at a value, save that a join may fall back on `from`.
void check_origin(const std::string& field_name, const MapEntry& entry, Diagnostics& problems) {
    const bool from = !entry.from.empty();
    const bool join = !entry.join.empty();
    if (entry.constant && (from || join))
        problems.error(entry.place,
                       fmt::format("\"{}\" has a constant beside something to read", field_name),
                       "keep one of them");
    if (!entry.constant && !from && !join)
        problems.error(entry.place, fmt::format("\"{}\" is mapped from nothing", field_name),
                       "give it `from`, `join` or `constant`");
    if (entry.constant && trim(*entry.constant).empty())
        problems.error(entry.place, fmt::format("the constant of \"{}\" is empty", field_name),
                       "leave the field out to keep it null");
    if (entry.otherwise && entry.values.empty())
        problems.error(entry.place,
                       fmt::format("\"{}\" has `otherwise` without `values`", field_name),
                       "use `constant` for a value that is always the same");
}

}  // namespace

FieldRule compile_rule(model::Entity entity, const std::string& field_name, const MapEntry& entry,
                       const Zone& source_zone, Diagnostics& problems) {
    FieldRule rule;
    const auto type = find_field(entity, field_name, entry, rule, problems);
    if (!type) return rule;
    rule.type = *type;
    check_origin(field_name, entry, problems);
    compile_conversion(field_name, entry, rule, problems);
    compile_format(entry, rule, problems);
    rule.zone = source_zone;
    if (!entry.zone.empty()) {
        if (const auto zone = Zone::find(entry.zone))
            rule.zone = *zone;
        else
            problems.error(entry.place, fmt::format("unknown time zone \"{}\"", entry.zone),
                           "use an IANA name such as \"Europe/Berlin\"");
    }
    rule.from = entry.from;
    rule.join = entry.join;
    rule.values.insert(entry.values.begin(), entry.values.end());
    if (entry.constant) rule.constant = trim(*entry.constant);
    rule.otherwise = entry.otherwise;
    if (rule.constant) check_converts(rule, *rule.constant, entry, problems);
    // The values of a join are about its parts, which need not convert on their own.
    if (rule.join.empty()) {
        for (const auto& [theirs, ours] : rule.values) check_converts(rule, ours, entry, problems);
        if (rule.otherwise) check_converts(rule, *rule.otherwise, entry, problems);
    }
    return rule;
}
std::optional<Conversion> conversion_of(std::string_view name) {
    for (const auto& row : conversions)
        if (row.name == name) return row.as;
    return std::nullopt;
}

std::vector<std::string> conversion_names() {
    std::vector<std::string> names;
    for (const auto& row : conversions) names.emplace_back(row.name);
    return names;
}

std::string_view expectation(Conversion as) {
    return row_of(as).expectation;
}

std::optional<Value> convert(const FieldRule& rule, Raw raw, Page& page) {
    if (rule.constant) return convert_text(rule, *rule.constant, page);
    std::string_view text = trim(raw.value_or(std::string_view{}));
    if (const auto mapped = rule.values.find(text); mapped != rule.values.end())
        text = mapped->second;
    else if (rule.otherwise && !text.empty())
        text = *rule.otherwise;
    if (text.empty()) return Value{};
    return convert_text(rule, text, page);
}

}  // namespace nudged::sources
