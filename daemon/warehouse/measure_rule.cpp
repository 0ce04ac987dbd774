// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/measure_rule.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::FieldType;
using model::Record;

constexpr std::string_view extra_prefix = "extra.";
constexpr std::string_view ending_field = "ending";

bool is_extra(std::string_view field) {
    return field.starts_with(extra_prefix) && field.size() > extra_prefix.size();
}

std::string_view to_string(Ending ending) {
    switch (ending) {
    case Ending::open: return "open";
    case Ending::won: return "won";
    case Ending::lost: return "lost";
    case Ending::closed: break;
    }
    return "closed";
}

std::string as_text(const rapidjson::Value& value) {
    if (value.IsString()) return to_lower_ascii({value.GetString(), value.GetStringLength()});
    if (value.IsNull()) return {};
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

/// What a field of `extra` holds, in lower case; of a list, each.
std::vector<std::string> values_of_extra(const Record& record, const std::string& name) {
    static const auto extras = [] {
        std::array<std::optional<std::size_t>, model::entity_count> indexes;
        for (const auto entity : model::all_entities())
            indexes[static_cast<std::size_t>(entity)] = model::field_index(entity, "extra");
        return indexes;
    }();
    const auto index = extras[static_cast<std::size_t>(record.entity)];
    if (!index) return {};
    const auto text = record.text_at(*index);
    if (text.empty()) return {};
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
    if (document.HasParseError() || !document.IsObject()) return {};
    const auto found = document.FindMember(name.c_str());
    std::vector<std::string> values;
    if (found == document.MemberEnd()) return values;
    if (!found->value.IsArray())
        values.push_back(as_text(found->value));
    else
        for (const auto& element : found->value.GetArray()) values.push_back(as_text(element));
    std::erase(values, std::string{});
    return values;
}

std::vector<std::string> values_of_field(const Record& record, std::size_t field) {
    const auto& value = record.values[field];
    if (const auto* number = std::get_if<std::int64_t>(&value)) return {fmt::format("{}", *number)};
    if (const auto* text = std::get_if<std::string_view>(&value); text && !text->empty())
        return {to_lower_ascii(*text)};
    return {};
}

/// Whether one of the values is one of those wanted.
bool is_any(const std::vector<std::string>& values, const std::vector<std::string>& wanted) {
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
        return std::find(wanted.begin(), wanted.end(), value) != wanted.end();
    });
}

bool contains_any(const std::vector<std::string>& values, const std::vector<std::string>& wanted) {
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
        return std::any_of(wanted.begin(), wanted.end(),
                           [&](const std::string& part) { return value.find(part) != value.npos; });
    });
}

bool compares(const std::vector<std::string>& values, MeasureTest test, const Decimal& bound) {
    if (values.empty()) return false;
    const auto number = Decimal::parse(values.front());
    if (!number) return false;
    return test == MeasureTest::at_least ? *number >= bound : *number <= bound;
}

/// What only seems to have happened; left out unless the admin's own conditions speak of the field.
std::vector<MeasureCondition> usual_conditions(Entity entity) {
    const auto none = [](std::string_view field, std::vector<std::string> values) {
        return MeasureCondition{std::string{field}, MeasureTest::is_not, std::move(values), {}};
    };
    switch (entity) {
    case Entity::call: return {none("is_planned", {"1"})};
    case Entity::task: return {none("is_cancelled", {"1"}), none("is_series", {"1"})};
    case Entity::email: return {none("status", {"scheduled", "draft", "failed", "bounced"})};
    default: return {};
    }
}

std::string_view usual_day(Entity entity) {
    switch (entity) {
    case Entity::meeting: return "starts_at";
    case Entity::task: return "completed_at";
    case Entity::email: return "sent_at";
    case Entity::opportunity: return "created_at";
    default: return {};  // a call's beginning, or when it was logged
    }
}

bool speaks_of(const OwnMeasure& measure, std::string_view field) {
    return std::any_of(measure.where.begin(), measure.where.end(),
                       [&](const MeasureCondition& one) { return one.field == field; });
}

bool asks_for_end(const OwnMeasure& measure) {
    return std::any_of(measure.where.begin(), measure.where.end(), [](const MeasureCondition& one) {
        return one.field == ending_field && one.test == MeasureTest::is &&
               std::find(one.values.begin(), one.values.end(), "open") == one.values.end();
    });
}

FieldType type_of(Entity entity, std::size_t field) {
    return model::fields_of(entity)[field].type;
}

}  // namespace

std::string_view to_string(MeasureTest test) {
    for (const auto& [word, one] : measure_tests)
        if (one == test) return word;
    return {};
}

MeasureRule::Where MeasureRule::find(Entity entity, const std::string& field) {
    if (is_extra(field)) return {std::nullopt, field.substr(extra_prefix.size())};
    return {model::field_index(entity, field), {}};
}

MeasureRule::MeasureRule(const OwnMeasure& measure) : entity_(measure.entity) {
    auto all = measure.where;
    for (auto& usual : usual_conditions(entity_))
        if (!speaks_of(measure, usual.field)) all.push_back(std::move(usual));
    for (const auto& one : all) {
        Condition condition;
        condition.where = find(entity_, one.field);
        condition.test = one.test;
        condition.is_flag =
            condition.where.field && type_of(entity_, *condition.where.field) == FieldType::boolean;
        for (const auto& value : one.values) {
            auto text = to_lower_ascii(value);
            if (condition.is_flag && text == "true") text = "1";
            if (condition.is_flag && text == "false") text = "0";
            if (const auto number = Decimal::parse(text)) {
                condition.numbers.push_back(*number);
                if (condition.where.field) text = number->str();
            }
            condition.texts.push_back(std::move(text));
        }
        conditions_.push_back(std::move(condition));
    }
    if (!measure.sum.empty()) {
        sum_ = find(entity_, measure.sum);
        const bool is_integer = sum_.field && type_of(entity_, *sum_.field) == FieldType::integer;
        sum_type_ = is_integer ? SumType::integer : SumType::decimal;
    }
    at_end_ = measure.day.empty() && entity_ == Entity::opportunity && asks_for_end(measure);
    const auto day = measure.day.empty() ? usual_day(entity_) : std::string_view{measure.day};
    if (!at_end_ && !day.empty()) day_ = model::field_index(entity_, day);
}

bool MeasureRule::asks_stage() const {
    return std::any_of(conditions_.begin(), conditions_.end(), [](const Condition& one) {
        return !one.where.field && one.where.extra.empty();
    });
}

std::string_view MeasureRule::unit() const {
    if (sum_type_ == SumType::one) {
        switch (entity_) {
        case Entity::call: return "calls";
        case Entity::task: return "tasks";
        case Entity::meeting: return "meetings";
        case Entity::email: return "emails";
        default: return "opportunities";
        }
    }
    if (!sum_.field) return "units";
    return model::fields_of(entity_)[*sum_.field].name == "duration_s" ? "seconds" : "currency";
}

bool MeasureRule::holds(const Condition& condition, const Record& record, const StageFlags& stage) {
    std::vector<std::string> values;
    if (condition.where.field)
        values = values_of_field(record, *condition.where.field);
    else if (!condition.where.extra.empty())
        values = values_of_extra(record, condition.where.extra);
    else
        values = {std::string{to_string(ending_of(record, stage))}};
    if (condition.is_flag && values.empty()) values = {"0"};
    switch (condition.test) {
    case MeasureTest::is: return is_any(values, condition.texts);
    case MeasureTest::is_not: return !is_any(values, condition.texts);
    case MeasureTest::contains: return contains_any(values, condition.texts);
    case MeasureTest::is_set: return !values.empty() == (condition.texts.front() == "true");
    case MeasureTest::at_least:
    case MeasureTest::at_most: break;
    }
    return compares(values, condition.test, condition.numbers.front());
}

std::optional<std::int64_t> MeasureRule::amount(const Record& record) const {
    if (sum_type_ == SumType::one) return 1;
    const auto values =
        sum_.field ? values_of_field(record, *sum_.field) : values_of_extra(record, sum_.extra);
    if (values.empty()) return std::nullopt;
    const auto number = Decimal::parse(values.front());
    if (!number) return std::nullopt;
    const auto parts = hundredths(number->str());
    return parts && sum_type_ == SumType::integer ? *parts / 100 : parts;
}

std::optional<Count> MeasureRule::on_day(const Record& record, std::int64_t value) const {
    if (at_end_) return count_at_end(record, value);
    if (!day_) return count_at_call(record, value);
    const auto& moment = record.values[*day_];
    if (const auto* millis = std::get_if<std::int64_t>(&moment))
        return Count{from_millis(*millis), value};
    if (const auto day = parse_date(record.text_at(*day_))) return Count{*day, value};
    return std::nullopt;
}

std::optional<Count> MeasureRule::count(const Record& record, const StageFlags& stage) const {
    for (const auto& condition : conditions_)
        if (!holds(condition, record, stage)) return std::nullopt;
    const auto value = amount(record);
    return value ? on_day(record, *value) : std::nullopt;
}

}  // namespace nudged::warehouse
