// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/filter.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/salesforce/errors.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::salesforce {
namespace {

[[noreturn]] void fail(const Query& query, const Word& word, std::string_view message,
                       std::string_view code = "INVALID_FIELD") {
    throw query_refusal(code, query.soql, word.column, message);
}

FieldType type_of(const Column& column) {
    if (column.field != nullptr) return column.field->type;
    return column.name == "Id" ? FieldType::id : FieldType::text;
}

bool is_id(FieldType type) {
    return type == FieldType::id || type == FieldType::reference;
}

Value read_id(const Query& query, const Literal& literal) {
    const auto id = full_id(literal.word.text);
    if (literal.kind != Literal::Kind::text || !id)
        fail(query, literal.word, "invalid ID field: " + literal.word.text,
             "INVALID_QUERY_FILTER_OPERATOR");
    return *id;
}

struct Wanted {
    Literal::Kind kind;
    std::string_view name;
    bool quoted;
};

Wanted wanted(FieldType type) {
    switch (type) {
    case FieldType::boolean: return {Literal::Kind::boolean, "boolean", false};
    case FieldType::integer: return {Literal::Kind::number, "int", false};
    case FieldType::percent:
    case FieldType::currency: return {Literal::Kind::number, "double", false};
    case FieldType::date: return {Literal::Kind::date, "date", false};
    case FieldType::datetime: return {Literal::Kind::datetime, "dateTime", false};
    default: return {Literal::Kind::text, "string", true};
    }
}

Value read_literal(const Query& query, const Column& column, const Word& field,
                   const Literal& literal) {
    if (literal.kind == Literal::Kind::null) return {};
    const FieldType type = type_of(column);
    if (is_id(type)) return read_id(query, literal);
    const Wanted want = wanted(type);
    if (literal.kind != want.kind)
        fail(query, field,
             fmt::format("value of filter criterion for field '{}' must be of type {} and should "
                         "{}be enclosed in quotes",
                         field.text, want.name, want.quoted ? "" : "not "));
    const std::string& text = literal.word.text;
    switch (want.kind) {
    case Literal::Kind::boolean: return to_lower_ascii(text) == "true";
    case Literal::Kind::number: return decimal(text);
    case Literal::Kind::date: return *parse_date(text);
    case Literal::Kind::datetime: return at_second(*parse_instant(text));
    default: return text;
    }
}

/// `%` stands for any text and `_` for one character, without regard to case.
bool is_like(std::string_view text, std::string_view pattern) {
    if (pattern.empty()) return text.empty();
    if (pattern.front() == '%') {
        for (std::size_t skip = 0; skip <= text.size(); ++skip)
            if (is_like(text.substr(skip), pattern.substr(1))) return true;
        return false;
    }
    if (text.empty() || (pattern.front() != '_' && pattern.front() != text.front())) return false;
    return is_like(text.substr(1), pattern.substr(1));
}

/// Ids differ where their case does; other texts do not.
int compare_as(FieldType type, const Value& a, const Value& b) {
    const auto* text = std::get_if<std::string>(&a);
    const auto* other = std::get_if<std::string>(&b);
    if (is_id(type) && text != nullptr && other != nullptr) return text->compare(*other);
    return compare(a, b);
}

bool holds(const Value& cell, const Filter& filter) {
    const FieldType type = type_of(filter.column);
    const auto equals = [&](const Value& value) { return compare_as(type, cell, value) == 0; };
    const Value& value = filter.values.front();
    switch (filter.op) {
    case Operator::equal: return equals(value);
    case Operator::not_equal: return !equals(value);
    case Operator::in: return std::ranges::any_of(filter.values, equals);
    case Operator::not_in: return std::ranges::none_of(filter.values, equals);
    default: break;
    }
    if (is_null(cell) || is_null(value)) return false;
    if (filter.op == Operator::like)
        return std::holds_alternative<std::string>(cell) &&
               is_like(to_lower_ascii(std::get<std::string>(cell)),
                       to_lower_ascii(std::get<std::string>(value)));
    const int order = compare_as(type, cell, value);
    switch (filter.op) {
    case Operator::less: return order < 0;
    case Operator::at_most: return order <= 0;
    case Operator::greater: return order > 0;
    default: return order >= 0;
    }
}

}  // namespace

Filter bind_filter(const Org& org, const Query& query, const Object& object,
                   const Condition& condition) {
    Filter filter{.kind = condition.kind};
    for (const Condition& child : condition.children)
        filter.children.push_back(bind_filter(org, query, object, child));
    if (condition.kind != Condition::Kind::comparison) return filter;
    filter.column = bind_column(org, query, object, condition.field);
    filter.op = condition.op;
    if (type_of(filter.column) == FieldType::textarea)
        fail(query, condition.field,
             fmt::format("field '{}' can not be filtered in a query call", filter.column.name));
    if (condition.op == Operator::like && condition.values.front().kind != Literal::Kind::text)
        fail(query, condition.field, "invalid operator on id field",
             "INVALID_QUERY_FILTER_OPERATOR");
    for (const Literal& literal : condition.values)
        filter.values.push_back(read_literal(query, filter.column, condition.field, literal));
    return filter;
}

int compare_keys(const Column& column, const Value& a, const Value& b) {
    return compare_as(type_of(column), a, b);
}

bool matches(const Org& org, const Object& object, const Row& row, const Filter& filter) {
    const auto child_matches = [&](const Filter& child) {
        return matches(org, object, row, child);
    };
    switch (filter.kind) {
    case Condition::Kind::all: return std::ranges::all_of(filter.children, child_matches);
    case Condition::Kind::any: return std::ranges::any_of(filter.children, child_matches);
    case Condition::Kind::negation: return !child_matches(filter.children.front());
    default: return holds(value_of(org, object, row, filter.column), filter);
    }
}

}  // namespace nudged::crmsim::salesforce
