// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/field.hpp"
#include "daemon/warehouse/own_measures.hpp"

/// [[measure]] of kpis.toml, and how others name one.
namespace nudged::config {

/// A measure that ships or stands above; written only where there is one.
struct MeasureName {
    static bool read(const toml::node& node, std::string& out, const Spot& spot);
    static std::optional<Value> write(const std::string& measure);
    static Shape shape() { return Shape::text("a measure"); }
};
/// The same, or one that is computed (checks/kpi/computed_weeks.hpp).
struct KpiMeasure : MeasureName {
    static bool read(const toml::node& node, std::string& out, const Spot& spot);
};
struct MeasureNames {
    static bool read(const toml::node& node, std::vector<std::string>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<std::string>& measures);
    static Shape shape() { return Shape::list_of(MeasureName::shape()); }
};

/// `where = { direction = "outbound", outcome = ["connected", "busy"], duration_s = { at_least =
/// 120 } }`
struct Conditions {
    using List = std::vector<warehouse::MeasureCondition>;
    static bool read(const toml::node& node, List& out, const Spot& spot);
    static std::optional<Value> write(const List& conditions);
    static Shape shape();
};

/// The records that can be counted.
template <>
inline constexpr std::array<std::pair<std::string_view, model::Entity>, 5> names<model::Entity>{
    {{"call", model::Entity::call},
     {"task", model::Entity::task},
     {"meeting", model::Entity::meeting},
     {"email", model::Entity::email},
     {"opportunity", model::Entity::opportunity}}};

template <>
inline constexpr auto fields<warehouse::OwnMeasure> = std::tuple{
    field("name", &warehouse::OwnMeasure::name, "what KPIs and the views call it", required,
          identifier),
    field("meaning", &warehouse::OwnMeasure::meaning, "what it counts, for people"),
    field("entity", &warehouse::OwnMeasure::entity,
          "whose records count, for their owner: call, task, meeting, email or opportunity",
          required),
    field<Conditions>("where", &warehouse::OwnMeasure::where,
                      "which of them: a value, a list of values, or { not, at_least, at_most, "
                      "contains, is_set } by field"),
    field("sum", &warehouse::OwnMeasure::sum,
          "the field that is added up; empty: each record counts one"),
    field("day", &warehouse::OwnMeasure::day,
          "the field that says on which day it counts; empty: when it happened"),
};

/// Reads the fields, and holds them against those of the entity.
template <>
struct Codec<warehouse::OwnMeasure> {
    static bool read(const toml::node& node, warehouse::OwnMeasure& out, const Spot& spot);
    static std::optional<Value> write(const warehouse::OwnMeasure& measure);
    static Shape shape() { return table_shape<warehouse::OwnMeasure>(); }
};

}  // namespace nudged::config
