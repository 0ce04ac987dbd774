// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/record_plan.hpp"
#include "connectors/sources/mapping/template.hpp"
#include "connectors/sources/mapping/toml_table.hpp"

namespace nudged::sources {

/// Reads the mapping of records, which every connector writes the same way: `id`, `modified`,
/// `where`, `deleted` and the table `map`. What is wrong goes to the table's diagnostics.
class RecordCompiler {
public:
    /// `settings` may stand in joins. Both outlive the compiler.
    RecordCompiler(const Settings& settings, const Zone& source_zone, Diagnostics& problems)
        : settings_(settings), source_zone_(source_zone), problems_(problems) {}

    RecordPlan read(model::Entity entity, TomlTable& table);
    ValuePlan read_value(model::Entity entity, const std::string& name, const toml::node& node,
                         const std::string& file);
    std::vector<Condition> read_conditions(TomlTable& table, std::string_view key);

private:
    void read_map(TomlTable& table, RecordPlan& record);

    const Settings& settings_;
    const Zone& source_zone_;
    Diagnostics& problems_;
};

/// Everything that a record is made of, so that a request can ask for just that.
std::vector<json::Path> places_read(const RecordPlan& record);

/// A JSON pointer; problems are told with its place.
json::Path path_of(std::string_view text, const Place& place, Diagnostics& problems);
json::Path read_path(TomlTable& table, std::string_view key, std::string_view otherwise = {});
std::optional<json::Path> read_optional_path(TomlTable& table, std::string_view key);

/// "did you mean …?", or else what there is.
std::string hint(std::string_view word, const std::vector<std::string>& known,
                 std::string_view what);

}  // namespace nudged::sources
