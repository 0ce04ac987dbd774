// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "connectors/model/page.hpp"
#include "connectors/sources/options.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nudged::sources {

/// A scalar as a source holds it, before conversion. Numbers stay text, so that no amount and no id
/// passes through a double; booleans are "true" and "false"; null and absent are nullopt.
using Raw = std::optional<std::string_view>;

/// How the text of a field becomes a Value.
enum class Conversion : std::uint8_t {
    text,  // as it is; empty is null
    integer,
    boolean,  // true/false, yes/no, 1/0
    decimal,
    instant,   // ISO 8601, or by `format`; without a zone of its own by the clocks of `zone`
    date,      // ISO, or by `format`; of a timestamp with a zone the local day in `zone`
    epoch_ms,  // → instant; for a date the local day in `zone`
    epoch_s,   // the same
    ms_to_s,   // milliseconds → whole seconds, half up
    minutes_to_s,
    clock_to_s,     // "0:02:46" or "02:46" → seconds; "02:46" is hours when `format` is "%H:%M"
    percent,        // 0..100 → 0..1
    cents,          // integer cents → decimal
    lower,          // text in lower case
    timed_instant,  // an instant; a date without a time is null
    whole_day,      // a date; with a time it is null
};
std::optional<Conversion> conversion_of(std::string_view name);
/// Every name that conversion_of knows, for "did you mean".
std::vector<std::string> conversion_names();

/// Stands for the record's own "id" and "modified" in FieldRule::field.
inline constexpr std::size_t no_field = model::max_fields;

/// Where a source's tables tell more of a value.
struct LookupUse {
    std::size_t table = 0;
    std::size_t column = 0;
    bool is_of_row = false;  // the column is the value; else it is only what the value is called
};

/// One field, compiled from a MapEntry. Immutable; any thread.
struct FieldRule {
    std::size_t field = no_field;  // index into fields_of(entity)
    model::FieldType type = model::FieldType::text;
    Conversion as = Conversion::text;
    std::vector<std::string> from;
    std::string format;
    Zone zone = Zone::utc();
    std::optional<std::string> constant;
    std::string join;
    std::map<std::string, std::string, std::less<>> values;
    std::optional<std::string> otherwise;
    std::optional<LookupUse> lookup;
};

/// What an admin wrote, checked: unknown fields, conversions and zones, conversions that cannot
/// give the field's type, constants and mapped values that do not convert. `field_name` may also be
/// "id" (text) or "modified" (an instant). Problems are added with their place; the rule is only
/// valid when none were. Whether what `from` and `join` name exists is for the connector to check.
FieldRule compile_rule(model::Entity entity, const std::string& field_name, const MapEntry& entry,
                       const Zone& source_zone, Diagnostics& problems);

/// The same for a value of the type, whatever field it is for; problems call it `name`.
FieldRule compile_rule(model::FieldType type, const std::string& name, const MapEntry& entry,
                       const Zone& source_zone, Diagnostics& problems);
/// The type that a conversion gives where no field has one; text when it is empty or unknown.
model::FieldType extra_type(std::string_view as);

/// The value of a field from its text: the constant where there is one, else value map, then
/// conversion. White space around is no part of a value, and empty is null; `values` may name "" to
/// say otherwise. nullopt: malformed, to be counted. Text is kept in the page. A `label` is what a
/// lookup calls the text: it goes first, in the value map and without one.
std::optional<model::Value> convert(const FieldRule& rule, Raw raw, model::Page& page,
                                    Raw label = std::nullopt);

/// What a conversion expects, for the Malformed line: "a date like 2026-11-20".
std::string_view expectation(Conversion as);
/// The same, by the format that the rule states.
std::string expectation(const FieldRule& rule);

}  // namespace nudged::sources
