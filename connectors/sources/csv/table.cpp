// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/table.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/extra_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace nudged::sources::csv {
namespace {

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         std::string_view what) {
    const std::string near = nearest(word, known);
    return near.empty() ? fmt::format("the {} are {}", what, fmt::join(known, ", "))
                        : fmt::format("did you mean \"{}\"?", near);
}

std::string describe(const MapEntry& entry) {
    return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", fmt::join(entry.from, ","), entry.as,
                       entry.format, entry.zone, entry.constant.value_or("\x01"), entry.join,
                       fmt::join(entry.values, ","), entry.otherwise.value_or("\x01"));
}

std::string describe(const CsvTable& table, const Zone& zone) {
    std::string text = fmt::format("{}|{}|{}|{}|{}|{}\nid {}\nmodified {}\n", table.file,
                                   table.entity, table.delimiter, table.encoding, table.complete,
                                   zone.name(), describe(table.id), describe(table.modified));
    for (const auto& [field, entry] : table.map)
        text += fmt::format("{} {}\n", field, describe(entry));
    for (const auto& [field, entry] : table.extra)
        text += fmt::format("extra.{} {}\n", field, describe(entry));
    for (const auto& where : table.where)
        text += fmt::format("{} in {} except {}\n", where.column, fmt::join(where.in, ","),
                            fmt::join(where.except, ","));
    return text;
}

bool is_mapped(const MapEntry& entry) {
    return !entry.from.empty() || !entry.join.empty() || entry.constant.has_value();
}

}  // namespace

/// The cells of one row by the table's numbering of its columns, as UTF-8.
class Table::Cells {
public:
    Cells(const Row& row, const Binding& binding, Encoding encoding)
        : row_(row), binding_(binding), encoding_(encoding) {}

    const Row& row() const { return row_; }
    /// Trimmed; nullopt when its bytes are not of the table's encoding. Holds until the next call.
    std::optional<std::string_view> at(std::size_t column) const {
        const auto text = to_utf8(row_.cells[binding_.positions[column]], encoding_, scratch_);
        if (!text) return std::nullopt;
        return trim(*text);
    }

private:
    const Row& row_;
    const Binding& binding_;
    Encoding encoding_;
    mutable std::string scratch_;
};

Table::Table(const CsvTable& options, std::string label, const Zone& source_zone,
             Diagnostics& problems)
    : label_(std::move(label)),
      place_(options.place),
      delimiter_(options.delimiter),
      fingerprint_(nudged::fingerprint(describe(options, source_zone))) {
    if (delimiter_ == '"' || delimiter_ == '\r' || delimiter_ == '\n' ||
        static_cast<unsigned char>(delimiter_) >= 0x80 || delimiter_ == '\0')
        problems.error(options.place, "the delimiter cannot separate cells",
                       "use a comma, a semicolon, a tab or another ASCII character");
    if (const auto encoding = encoding_of(options.encoding))
        encoding_ = *encoding;
    else
        problems.error(options.place, fmt::format("unknown encoding \"{}\"", options.encoding),
                       did_you_mean(options.encoding, encoding_names(), "encodings"));
    const auto entity = model::entity_of(options.entity);
    if (!entity) {
        std::vector<std::string> known;
        for (const auto any : model::all_entities()) known.emplace_back(to_string(any));
        problems.error(options.place, fmt::format("unknown entity \"{}\"", options.entity),
                       did_you_mean(options.entity, known, "entities"));
        return;  // what the fields mean is not known
    }
    entity_ = *entity;
    if (is_mapped(options.id))
        id_ = make_rule("id", compile_rule(entity_, "id", options.id, source_zone, problems),
                        options.id, problems);
    else
        problems.error(options.place, "the table has no id",
                       "name the column that tells its rows apart, such as id = \"deal_id\"");
    if (is_mapped(options.modified))
        modified_ = make_rule(
            "modified", compile_rule(entity_, "modified", options.modified, source_zone, problems),
            options.modified, problems);
    for (const auto& [field, entry] : options.map) {
        if (field == "id" || field == "modified") {
            problems.error(entry.place, fmt::format("\"{}\" is no field of the map", field),
                           "write it beside the table's file and entity");
            continue;
        }
        auto rule = compile_rule(entity_, field, entry, source_zone, problems);
        rules_.push_back(make_rule(field, std::move(rule), entry, problems));
    }
    for (const auto& [name, entry] : options.extra) {
        check_extra_name(entity_, name, entry.place, problems);
        auto rule = compile_extra_rule(name, entry, source_zone, problems);
        extra_.push_back(make_rule(name, std::move(rule), entry, problems));
    }
    compile_filters(options, problems);
}

std::size_t Table::use_column(const std::string& name, const Place& place) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (columns_[i].name == name) return i;
    columns_.push_back({name, place});
    return columns_.size() - 1;
}

Table::Rule Table::make_rule(const std::string& name, FieldRule field, const MapEntry& entry,
                             Diagnostics& problems) {
    Rule rule;
    rule.name = name;
    rule.field = std::move(field);
    for (const auto& column : entry.from) rule.from.push_back(use_column(column, entry.place));
    if (!entry.join.empty()) {
        rule.join = compile_join(entry, problems);
        rule.part_values.swap(rule.field.values);
    }
    return rule;
}

std::vector<Table::Part> Table::compile_join(const MapEntry& entry, Diagnostics& problems) {
    std::vector<Part> parts;
    std::string_view rest = entry.join;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        if (open == rest.npos) {
            parts.push_back({std::string{rest}, std::nullopt});
            break;
        }
        const auto close = rest.find('}', open);
        if (close == rest.npos || close == open + 1) {
            problems.error(entry.place, fmt::format("the join \"{}\" is not whole", entry.join),
                           "write every column as {name}");
            break;
        }
        const std::string column{rest.substr(open + 1, close - open - 1)};
        parts.push_back({std::string{rest.substr(0, open)}, use_column(column, entry.place)});
        rest.remove_prefix(close + 1);
    }
    return parts;
}

void Table::compile_filters(const CsvTable& options, Diagnostics& problems) {
    for (const auto& where : options.where) {
        if (where.in.empty() == where.except.empty()) {
            problems.error(
                where.place,
                fmt::format("the filter on \"{}\" needs either `in` or `except`", where.column),
                "list the values to keep, or those to leave out");
            continue;
        }
        filters_.push_back({use_column(where.column, where.place), !where.in.empty(),
                            where.in.empty() ? where.except : where.in});
    }
}

Binding Table::bind(std::span<const std::string_view> header, Diagnostics& problems) const {
    Binding binding;
    binding.width = header.size();
    std::vector<std::string> names;
    std::string scratch;
    for (const auto cell : header)
        names.emplace_back(trim(to_utf8(cell, encoding_, scratch).value_or(cell)));
    for (const auto& column : columns_) {
        const auto found = std::find(names.begin(), names.end(), column.name);
        binding.positions.push_back(static_cast<std::size_t>(found - names.begin()));
        if (found == names.end())
            problems.error(column.place,
                           fmt::format("{} has no column \"{}\"", label_, column.name),
                           did_you_mean(column.name, names, "columns"));
        else if (std::find(found + 1, names.end(), column.name) != names.end())
            problems.error(column.place,
                           fmt::format("{} has two columns \"{}\"", label_, column.name),
                           "rename one of them in the file");
    }
    return binding;
}

bool Table::keeps(const Cells& cells) const {
    return std::all_of(filters_.begin(), filters_.end(), [&](const Filter& filter) {
        const auto cell = cells.at(filter.column);
        const bool named = cell && std::find(filter.values.begin(), filter.values.end(), *cell) !=
                                       filter.values.end();
        return named == filter.keeps;
    });
}

std::string Table::where(const Row& row) const {
    return fmt::format("{}:{}", label_, row.line);
}

/// The text that a rule reads: its join where all columns of it say something, else the first
/// column of `from` that does, else nothing. nullopt: a cell's bytes are not text.
std::optional<std::string> Table::text_of(const Rule& rule, const Cells& cells) const {
    const auto translated = [&](std::string_view cell) {
        const auto mapped = rule.part_values.find(cell);
        return mapped == rule.part_values.end() ? cell : std::string_view{mapped->second};
    };
    std::string text;
    bool whole = !rule.join.empty();
    for (const auto& part : rule.join) {
        text += part.text;
        if (!part.column) continue;
        const auto cell = cells.at(*part.column);
        if (!cell) return std::nullopt;
        const auto value = translated(*cell);
        whole = whole && !value.empty();
        text += value;
    }
    if (whole) return text;
    for (const std::size_t column : rule.from) {
        const auto cell = cells.at(column);
        if (!cell) return std::nullopt;
        if (!cell->empty()) return std::string{translated(*cell)};
    }
    return std::string{};
}

std::optional<model::Value> Table::value_of(const Rule& rule, const Cells& cells,
                                            model::Page& page) const {
    const auto malformed = [&](std::string what) {
        page.add_malformed(fmt::format("{}: {}", where(cells.row()), rule.name), std::move(what));
        return std::nullopt;
    };
    const auto text = text_of(rule, cells);
    if (!text) return malformed("the text is not in the encoding of the table");
    auto value = convert(rule.field, *text, page);
    if (value) return value;
    return malformed(fmt::format("expected {}", expectation(rule.field)));
}

model::Value Table::make_extra(const Cells& cells, model::Page& page) const {
    if (extra_.empty()) return {};
    ExtraObject object;
    for (const auto& rule : extra_)
        if (const auto value = value_of(rule, cells, page))
            object.add(rule.name, rule.field, *value);
    return object.value(page);
}

Table::Outcome Table::decode(const Row& row, const Binding& binding, model::Page& page) const {
    if (row.is_blank()) return Outcome::filtered;
    const auto bad = [&](std::string what) {
        page.add_malformed(where(row), std::move(what));
        return Outcome::bad;
    };
    if (row.problem != RowProblem::none) return bad(std::string{to_string(row.problem)});
    if (row.cells.size() != binding.width)
        return bad(fmt::format("the row has {} columns and the first one {}", row.cells.size(),
                               binding.width));
    const Cells cells{row, binding, encoding_};
    if (!keeps(cells)) return Outcome::filtered;

    model::Record record;
    record.entity = entity_;
    const auto id = value_of(*id_, cells, page);
    if (!id) return Outcome::bad;
    const auto* id_text = std::get_if<std::string_view>(&*id);
    if (!id_text) return bad("the row has no id");
    record.id = *id_text;
    if (modified_) {
        const auto modified = value_of(*modified_, cells, page);
        if (const auto* millis = modified ? std::get_if<std::int64_t>(&*modified) : nullptr)
            record.modified = from_millis(*millis);
    }
    for (const auto& rule : rules_)
        if (const auto value = value_of(rule, cells, page))
            record.values[rule.field.field] = *value;
    if (const auto extra = extra_field(entity_)) record.values[*extra] = make_extra(cells, page);
    page.records.push_back(record);
    return Outcome::kept;
}

}  // namespace nudged::sources::csv
