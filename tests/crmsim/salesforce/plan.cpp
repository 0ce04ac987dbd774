// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/plan.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/salesforce/errors.hpp"
#include "tests/crmsim/salesforce/filter.hpp"

#include <fmt/format.h>

namespace nudged::crmsim::salesforce {
namespace {

[[noreturn]] void no_such_column(const Query& query, const Object& object, const Word& name,
                                 std::string_view column) {
    throw query_refusal(
        "INVALID_FIELD", query.soql, name.column,
        fmt::format("No such column '{}' on entity '{}'. If you are attempting to use a custom "
                    "field, be sure to append the '__c' after the custom field name. Please "
                    "reference your WSDL or the describe call for the appropriate names.",
                    column, object.name));
}

const Field* find_relationship(const Org& org, const Object& object, std::string_view name) {
    for (const Field& field : object.fields)
        if (!field.relationship.empty() &&
            to_lower_ascii(field.relationship) == to_lower_ascii(name) &&
            find_field(org, object, field.name) != nullptr)
            return &field;
    return nullptr;
}

/// What every object has, where a reference may point to several.
std::string_view common_field(std::string_view name) {
    for (const std::string_view common : {"Id", "Name", "Type"})
        if (to_lower_ascii(common) == to_lower_ascii(name)) return common;
    return {};
}

}  // namespace

Column bind_column(const Org& org, const Query& query, const Object& object, const Word& name) {
    const std::size_t dot = name.text.find('.');
    if (dot == std::string::npos ||
        to_lower_ascii(name.text.substr(0, dot)) == to_lower_ascii(object.name)) {
        const std::string own = dot == std::string::npos ? name.text : name.text.substr(dot + 1);
        const Field* field = find_field(org, object, own);
        if (field == nullptr) no_such_column(query, object, name, own);
        return {field, nullptr, std::string(field->name)};
    }
    const std::string path = name.text.substr(0, dot);
    const std::string last = name.text.substr(dot + 1);
    const Field* reference = find_relationship(org, object, path);
    if (reference == nullptr)
        throw query_refusal(
            "INVALID_FIELD", query.soql, name.column,
            fmt::format("Didn't understand relationship '{}' in field path. If you are attempting "
                        "to use a custom relationship, be sure to append the '__r' after the "
                        "custom relationship name. Please reference your WSDL or the describe "
                        "call for the appropriate names.",
                        path));
    if (reference->refers_to.find(',') == std::string_view::npos) {
        const Object* target = find_object(org, reference->refers_to);
        const Field* field = target != nullptr ? find_field(org, *target, last) : nullptr;
        if (field == nullptr) no_such_column(query, target ? *target : object, name, last);
        return {field, reference, std::string(field->name)};
    }
    const std::string_view common = common_field(last);
    if (common.empty()) no_such_column(query, Object{.name = "Name"}, name, last);
    return {nullptr, reference, std::string(common)};
}

Plan make_plan(const Org& org, std::string_view soql, bool all) {
    Plan plan{.query = parse_soql(soql), .all = all};
    plan.object = find_object(org, plan.query.object.text);
    if (plan.object == nullptr)
        throw query_refusal(
            "INVALID_TYPE", plan.query.soql, plan.query.object.column,
            fmt::format("sObject type '{}' is not supported. If you are attempting to use a custom "
                        "object, be sure to append the '__c' after the entity name. Please "
                        "reference your WSDL or the describe call for the appropriate names.",
                        plan.query.object.text));
    for (const Word& field : plan.query.fields)
        plan.columns.push_back(bind_column(org, plan.query, *plan.object, field));
    if (plan.query.where) bind_filter(org, plan.query, *plan.object, *plan.query.where);
    for (const Sorting& sorting : plan.query.order)
        bind_column(org, plan.query, *plan.object, sorting.field);
    return plan;
}

}  // namespace nudged::crmsim::salesforce
