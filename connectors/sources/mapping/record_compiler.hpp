// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/answer_entry.hpp"
#include "connectors/sources/mapping/record_plan.hpp"
#include "connectors/sources/mapping/template.hpp"
#include "connectors/sources/mapping/toml_table.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nudged::sources {

/// Reads the mapping of records, which every connector writes the same way: `id`, `modified`,
/// `where`, `deleted` and the tables `map` and `extra`. What is wrong goes to the table's
/// diagnostics.
class RecordCompiler {
public:
    /// `settings` may stand in joins, `own` are the source's fields by entity. All outlive the
    /// compiler.
    RecordCompiler(const Settings& settings, const std::map<std::string, FieldMapping>& own,
                   const Zone& source_zone, Diagnostics& problems)
        : settings_(settings), own_(own), source_zone_(source_zone), problems_(problems) {}

    /// What the CRM writes for null. Like the lookups, told before anything is read.
    void set_nulls(Nulls nulls) { nulls_ = std::make_shared<const Nulls>(std::move(nulls)); }
    /// The tables that `lookup` may name, each with the place of what its keys are called, if any.
    struct Lookup {
        std::string name;
        std::optional<json::Path> label;
    };
    void set_lookups(std::vector<Lookup> lookups);
    /// The places that are read of a table's rows, once all records have been read.
    const std::vector<json::Path>& lookup_columns(std::size_t table) const {
        return lookup_columns_[table];
    }

    RecordPlan read(model::Entity entity, TomlTable& table);
    ValuePlan read_value(model::Entity entity, const std::string& name, const toml::node& node,
                         const std::string& file);
    // condition_compiler.cpp
    std::vector<Condition> read_conditions(TomlTable& table, std::string_view key);

private:
    std::vector<std::string> read_texts(TomlTable& table, std::string_view key);
    Condition read_condition(TomlTable entry);
    void read_id(TomlTable& table, RecordPlan& record);
    void read_map(TomlTable& table, RecordPlan& record);
    void read_extra(TomlTable& table, RecordPlan& record);
    AnswerEntries read_entries(TomlTable& map);
    AnswerEntry read_entry(const toml::node& node, const std::string& file);
    AnswerEntry read_entry_table(TomlTable table);
    using CompileRule = std::function<FieldRule(const MapEntry& entry)>;
    ValuePlan make_value(const std::string& name, const CompileRule& compile,
                         const AnswerEntry& entry);
    ValuePlan make_span(const std::string& name, const CompileRule& compile,
                        const AnswerEntry& entry);
    JoinedText read_join(const AnswerEntry& entry);
    std::optional<LookupUse> read_lookup(const AnswerEntry& entry);
    void check_times(const AnswerEntry& entry, const ValuePlan& value);
    const FieldMapping& own_of(model::Entity entity) const;

    const Settings& settings_;
    const std::map<std::string, FieldMapping>& own_;
    const Zone& source_zone_;
    Diagnostics& problems_;
    std::shared_ptr<const Nulls> nulls_;
    std::vector<Lookup> lookups_;
    std::vector<std::vector<json::Path>> lookup_columns_;
};

/// Everything that a record is made of, so that a request can ask for just that.
std::vector<json::Path> places_read(const RecordPlan& record);
std::vector<json::Path> places_read(const ValuePlan& value);

/// A JSON pointer; problems are told with its place.
json::Path path_of(std::string_view text, const Place& place, Diagnostics& problems);
json::Path read_path(TomlTable& table, std::string_view key, std::string_view otherwise = {});
std::optional<json::Path> read_optional_path(TomlTable& table, std::string_view key);

/// "did you mean …?", or else what there is.
std::string hint(std::string_view word, const std::vector<std::string>& known,
                 std::string_view what);

}  // namespace nudged::sources
