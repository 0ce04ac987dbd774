// SPDX-License-Identifier: Apache-2.0
// From a bound query to rows and their cells.
#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/filter.hpp"
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/salesforce/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nudged::crmsim::salesforce {
namespace {

Value queue_value(const Org& org, const std::string& id, const Column& column) {
    if (column.name == "Id") return id;
    if (column.name == "Type") return std::string("Queue");
    for (const Owner& owner : org.data.owners)
        if (id_text(queue_prefix, static_cast<std::uint64_t>(owner.id)) == id)
            return owner.first_name + " " + owner.last_name;
    return {};
}

Value common_value(const Org& org, const Object& target, const Row& row, std::string_view name) {
    if (name == "Id") return id_of(target, row);
    if (name == "Type") return std::string(target.name);
    const auto named = std::ranges::find(target.fields, name, &Field::name);
    return named == target.fields.end() ? Value() : named->get(org, row);
}

struct Target {
    const Object* object;
    Row row;
};

std::optional<Target> resolve(const Org& org, const std::string& id) {
    const auto parts = parse_id_text(id);
    const Object* object = parts ? object_with_prefix(parts->prefix) : nullptr;
    auto row = object != nullptr ? object->find(org, parts->number) : std::nullopt;
    if (!row) return std::nullopt;
    return Target{object, *row};
}

Value own_value(const Org& org, const Object& object, const Row& row, const Field& field) {
    return field.get == nullptr ? Value(id_of(object, row)) : field.get(org, row);
}

void write_attributes(loopback::JsonWriter& json, std::string_view type, std::string_view object,
                      std::string_view id, std::string_view version) {
    json.key("attributes");
    json.StartObject();
    json.member("type", type);
    json.member("url", fmt::format("/services/data/{}/sobjects/{}/{}", version, object, id));
    json.EndObject();
}

/// The row that a reference points to, with those of its columns that were asked for.
void write_related(loopback::JsonWriter& json, const Org& org, const Plan& plan, const Row& row,
                   const Field& reference, std::string_view version) {
    json.key(reference.relationship);
    const Value id = own_value(org, *plan.object, row, reference);
    const auto target = is_null(id) ? std::nullopt : resolve(org, std::get<std::string>(id));
    const bool queue = !is_null(id) && std::get<std::string>(id).starts_with(queue_prefix);
    if (!target && !queue) {
        json.Null();
        return;
    }
    json.StartObject();
    const std::string_view object = queue ? "Group" : target->object->name;
    // Where it may be one of several objects, only what they have in common is known.
    const bool several = reference.refers_to.find(',') != std::string_view::npos;
    write_attributes(json, several ? "Name" : object, object, std::get<std::string>(id), version);
    for (const Column& column : plan.columns) {
        if (column.reference != &reference) continue;
        json.key(column.name);
        write_value(json, value_of(org, *plan.object, row, column));
    }
    json.EndObject();
}

struct Sorted {
    std::vector<Value> keys;
    Row row;
};

bool is_before(const std::vector<Sorting>& order, const std::vector<Column>& columns,
               const Sorted& a, const Sorted& b) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool null_a = is_null(a.keys[i]);
        if (null_a != is_null(b.keys[i]))
            // Nulls come first, also in descending order, unless the query says otherwise.
            return null_a != order[i].nulls_last;
        const int sign = compare_keys(columns[i], a.keys[i], b.keys[i]);
        if (sign != 0) return order[i].descending ? sign > 0 : sign < 0;
    }
    return false;
}

}  // namespace

Value value_of(const Org& org, const Object& object, const Row& row, const Column& column) {
    if (column.reference == nullptr) return own_value(org, object, row, *column.field);
    const Value id = own_value(org, object, row, *column.reference);
    if (is_null(id)) return {};
    const auto& text = std::get<std::string>(id);
    const auto target = resolve(org, text);
    if (!target) return text.starts_with(queue_prefix) ? queue_value(org, text, column) : Value();
    if (column.field != nullptr) return own_value(org, *target->object, target->row, *column.field);
    return common_value(org, *target->object, target->row, column.name);
}

std::vector<Row> run(const Org& org, const Plan& plan) {
    const Object& object = *plan.object;
    const Query& query = plan.query;
    std::optional<Filter> filter;
    if (query.where) filter = bind_filter(org, query, object, *query.where);
    std::vector<Column> columns;
    for (const Sorting& sorting : query.order)
        columns.push_back(bind_column(org, query, object, sorting.field));
    std::vector<Sorted> found;
    for (Row& row : object.rows(org)) {
        if (!is_shown(org, object, row, plan.all)) continue;
        if (filter && !matches(org, object, row, *filter)) continue;
        std::vector<Value> keys;
        for (const Column& column : columns) keys.push_back(value_of(org, object, row, column));
        found.push_back({std::move(keys), std::move(row)});
    }
    std::ranges::stable_sort(found, [&](const Sorted& a, const Sorted& b) {
        return is_before(query.order, columns, a, b);
    });
    std::vector<Row> rows;
    for (std::size_t i = query.offset; i < found.size(); ++i) {
        if (query.limit && rows.size() == *query.limit) break;
        rows.push_back(std::move(found[i].row));
    }
    return rows;
}

void write_row(loopback::JsonWriter& json, const Org& org, const Plan& plan, const Row& row,
               std::string_view version) {
    const Object& object = *plan.object;
    json.StartObject();
    write_attributes(json, object.name, object.name, id_of(object, row), version);
    std::vector<const Field*> written;
    for (const Column& column : plan.columns) {
        if (column.reference == nullptr) {
            json.key(column.name);
            write_value(json, value_of(org, object, row, column));
        } else if (std::ranges::find(written, column.reference) == written.end()) {
            written.push_back(column.reference);
            write_related(json, org, plan, row, *column.reference, version);
        }
    }
    json.EndObject();
}

}  // namespace nudged::crmsim::salesforce
