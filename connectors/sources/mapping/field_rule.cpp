// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/field_rule.hpp"

#include "connectors/base/text.hpp"
#include "connectors/model/choices.hpp"
#include "connectors/sources/mapping/conversion.hpp"
#include "connectors/sources/mapping/number_format.hpp"
#include "connectors/sources/mapping/time_format.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nudged::sources {
namespace {

using model::FieldType;
using model::Page;
using model::Value;

/// The type of a field by name, the record's own "id" and "modified" included; adds the diagnostic
/// and gives nullopt when there is no such field.
std::optional<FieldType> find_field(model::Entity entity, const std::string& name,
                                    const MapEntry& entry, FieldRule& rule, Diagnostics& problems) {
    if (name == "id") return FieldType::reference;
    if (name == "modified") return FieldType::instant;
    const auto fields = model::fields_of(entity);
    if (const auto index = model::field_index(entity, name)) {
        if (fields[*index].type == FieldType::json) {
            problems.error(entry.place, fmt::format("\"{}\" is not mapped as a whole", name),
                           fmt::format("write {}.NAME for each of its fields", name));
            return std::nullopt;
        }
        rule.field = *index;
        return fields[*index].type;
    }
    std::vector<std::string> names{"id", "modified"};
    for (const auto& field : fields)
        if (field.type != FieldType::json) names.emplace_back(field.name);
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
    if (!row_of(*as).can_fill(rule.type))
        problems.error(entry.place,
                       fmt::format("the conversion \"{}\" cannot fill \"{}\", which is {}",
                                   entry.as, field_name, row_of(rule.type).name),
                       fmt::format("leave `as` out, which means \"{}\" here",
                                   row_of(row_of(rule.type).usual).name));
    rule.as = *as;
}

bool reads_times(Conversion as) {
    return as == Conversion::instant || as == Conversion::date || as == Conversion::timed_instant ||
           as == Conversion::whole_day;
}

void compile_format(const MapEntry& entry, FieldRule& rule, Diagnostics& problems) {
    rule.format = entry.format;
    if (entry.format.empty()) return;
    if (rule.as == Conversion::clock_to_s) {
        if (entry.format != "%H:%M" && entry.format != "%M:%S")
            problems.error(entry.place, "a duration's format is not one that is known",
                           "use \"%H:%M\" or \"%M:%S\"");
    } else if (reads_numbers(rule.as)) {
        if (!NumberFormat::of(entry.format))
            problems.error(entry.place, fmt::format("the format \"{}\" is no number", entry.format),
                           "write one as the CRM would, such as \"1.234,50\" or \"1 234.50\"");
    } else if (!reads_times(rule.as)) {
        problems.error(
            entry.place,
            fmt::format("a format means nothing to the conversion \"{}\"", row_of(rule.as).name),
            "leave `format` out, or set `as` to \"date\", \"instant\" or \"decimal\"");
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

/// What the manifest itself says a field may be, must be one of what means anything.
void check_choices(model::Entity entity, const std::string& field, const MapEntry& entry,
                   Diagnostics& problems) {
    const auto choices = model::choices_of(entity, field);
    if (choices.empty() || !entry.join.empty()) return;
    const auto check = [&](const std::string& text) {
        const auto word = trim(text);
        if (word.empty() || std::ranges::count(choices, word) > 0) return;
        const std::vector<std::string> known{choices.begin(), choices.end()};
        const auto near = nearest(std::string{word}, known);
        problems.error(entry.place, fmt::format("\"{}\" is no {} that means anything", word, field),
                       near.empty() ? fmt::format("write one of {}", fmt::join(known, ", "))
                                    : fmt::format("did you mean \"{}\"?", near));
    };
    for (const auto& [theirs, ours] : entry.values) check(ours);
    if (entry.constant) check(*entry.constant);
    if (entry.otherwise) check(*entry.otherwise);
}

}  // namespace

FieldRule compile_rule(model::Entity entity, const std::string& field_name, const MapEntry& entry,
                       const Zone& source_zone, Diagnostics& problems) {
    FieldRule rule;
    const auto type = find_field(entity, field_name, entry, rule, problems);
    if (!type) return rule;
    const auto field = rule.field;
    check_choices(entity, field_name, entry, problems);
    rule = compile_rule(*type, field_name, entry, source_zone, problems);
    rule.field = field;
    return rule;
}

FieldRule compile_rule(FieldType type, const std::string& field_name, const MapEntry& entry,
                       const Zone& source_zone, Diagnostics& problems) {
    FieldRule rule;
    rule.type = type;
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

std::optional<Value> convert(const FieldRule& rule, Raw raw, Page& page, Raw label) {
    if (rule.constant) return convert_text(rule, *rule.constant, page);
    std::string_view text = trim(raw.value_or(std::string_view{}));
    const std::string_view called = trim(label.value_or(text));
    auto mapped = rule.values.find(called);
    if (mapped == rule.values.end()) mapped = rule.values.find(text);
    const bool is_ours = mapped != rule.values.end() || (rule.otherwise && !text.empty());
    if (mapped != rule.values.end())
        text = mapped->second;
    else if (is_ours)
        text = *rule.otherwise;
    else
        text = called;
    if (text.empty()) return Value{};
    if (is_ours || rule.format.empty() || !reads_numbers(rule.as))
        return convert_text(rule, text, page);
    const auto format = NumberFormat::of(rule.format);
    const auto plain = format ? format->plain(text) : std::nullopt;
    return plain ? convert_text(rule, *plain, page) : std::nullopt;
}

}  // namespace nudged::sources
