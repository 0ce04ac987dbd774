// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/field_rule.hpp"
#include "connectors/sources/mapping/json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>
#include <string_view>

namespace nudged::sources {

/// The field of an entity that holds the admin's own; nullopt where an entity has none.
std::optional<std::size_t> extra_field(model::Entity entity);

/// Checks the name of a field of the admin's own: letters, digits and _, so that it can stand in
/// `$.name` of SQL. Problems are told at `place`.
void check_extra_name(model::Entity entity, const std::string& name, const Place& place,
                      Diagnostics& problems);

/// The rule of such a field. It has no type but what its conversion gives: text when there is none.
FieldRule compile_extra_rule(const std::string& name, const MapEntry& entry,
                             const Zone& source_zone, Diagnostics& problems);

/// The fields of the admin's own of one record as a JSON object. Numbers stay what they were to the
/// last digit, instants are ISO 8601 in UTC.
class ExtraObject {
public:
    ExtraObject();

    /// Names come in their order. Null leaves no trace.
    void add(std::string_view name, const FieldRule& rule, const model::Value& value);
    /// Several choices: the texts of those that are scalars.
    void add_list(std::string_view name, const json::Value& list);

    /// Null when nothing was added. The text is kept in the page.
    model::Value value(model::Page& page);

private:
    void add_name(std::string_view name);
    void add_text(std::string_view text);

    rapidjson::StringBuffer text_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_;
    bool is_empty_ = true;
};

}  // namespace nudged::sources
