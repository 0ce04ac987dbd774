// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/model/page.hpp"
#include "connectors/sources/csv/encoding.hpp"
#include "connectors/sources/csv/parser.hpp"
#include "connectors/sources/mapping/field_rule.hpp"
#include "connectors/sources/options.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::csv {

/// Where the columns that a table's mapping names stand in one file.
struct Binding {
    std::size_t width = 0;               // cells of every row
    std::vector<std::size_t> positions;  // by the table's own numbering of its columns
};

/// How the rows of one file become records: a CsvTable, compiled. Immutable; any thread.
class Table {
public:
    /// Adds what is wrong with the mapping to `problems`; the table is only valid when nothing was.
    /// `label` names the file in reports.
    Table(const CsvTable& options, std::string label, const Zone& source_zone,
          Diagnostics& problems);

    model::Entity entity() const { return entity_; }
    const std::string& label() const { return label_; }
    char delimiter() const { return delimiter_; }
    const Place& place() const { return place_; }
    /// Changes whenever the mapping does.
    const std::string& fingerprint() const { return fingerprint_; }

    /// Finds the columns in a file's first row; missing and ambiguous ones are problems, each at
    /// the place of the mapping that names it.
    Binding bind(std::span<const std::string_view> header, Diagnostics& problems) const;

    enum class Outcome : std::uint8_t {
        kept,      // a record was added to the page
        filtered,  // `where` leaves it out
        bad,       // told and counted in the page; there is no record
    };
    Outcome decode(const Row& row, const Binding& binding, model::Page& page) const;

private:
    /// A piece of a join: text, then a column (or none, at the end).
    struct Part {
        std::string text;
        std::optional<std::size_t> column;
    };
    struct Column {
        std::string name;
        Place place;
    };
    struct Rule {
        std::string name;
        FieldRule field;
        std::vector<std::size_t> from;
        std::vector<Part> join;
        std::map<std::string, std::string, std::less<>> part_values;  // of a join's parts
    };
    struct Filter {
        std::size_t column = 0;
        bool keeps = true;  // the values named, else all others
        std::vector<std::string> values;
    };
    class Cells;

    std::size_t use_column(const std::string& name, const Place& place);
    Rule make_rule(const std::string& name, FieldRule field, const MapEntry& entry,
                   Diagnostics& problems);
    std::vector<Part> compile_join(const MapEntry& entry, Diagnostics& problems);
    void compile_filters(const CsvTable& options, Diagnostics& problems);

    bool keeps(const Cells& cells) const;
    /// nullopt: malformed, and told.
    std::optional<model::Value> value_of(const Rule& rule, const Cells& cells,
                                         model::Page& page) const;
    std::optional<std::string> text_of(const Rule& rule, const Cells& cells) const;
    model::Value make_extra(const Cells& cells, model::Page& page) const;
    std::string where(const Row& row) const;  // "deals.csv:17"

    model::Entity entity_{};
    std::string label_;
    Place place_;
    char delimiter_;
    Encoding encoding_ = Encoding::utf_8;
    std::string fingerprint_;
    std::vector<Column> columns_;
    std::optional<Rule> id_;
    std::optional<Rule> modified_;
    std::vector<Rule> rules_;
    std::vector<Rule> extra_;  // fields of the admin's own, by name
    std::vector<Filter> filters_;
};

}  // namespace nudged::sources::csv
