// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/case_file.hpp"

#include "connectors/base/decimal.hpp"
#include "connectors/base/text.hpp"
#include "connectors/sources/csv/parser.hpp"
#include "daemon/config/reading.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

namespace nudged::config {
namespace {

using model::FieldType;
using Given = std::variant<std::int64_t, std::string>;

std::optional<Given> boolean(std::string_view text) {
    const auto word = to_lower_ascii(text);
    if (word == "true" || word == "yes" || word == "1") return Given{std::int64_t{1}};
    if (word == "false" || word == "no" || word == "0") return Given{std::int64_t{0}};
    return std::nullopt;
}

std::optional<Given> integer(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return Given{number};
}

/// As the warehouse holds it; nullopt for what is no value of that type.
std::optional<Given> given_value(FieldType type, const std::string& text) {
    switch (type) {
    case FieldType::boolean: return boolean(text);
    case FieldType::integer: return integer(text);
    case FieldType::decimal:
        if (const auto number = Decimal::parse(text)) return Given{number->str()};
        return std::nullopt;
    case FieldType::instant:
        if (const auto instant = parse_instant(text)) return Given{to_millis(*instant)};
        return std::nullopt;
    case FieldType::date:
        if (const auto day = parse_date(text)) return Given{format_date(*day)};
        return std::nullopt;
    case FieldType::text:
    case FieldType::reference:
    case FieldType::json: return Given{text};
    }
    return std::nullopt;
}

std::string_view wanted(FieldType type) {
    switch (type) {
    case FieldType::boolean: return "true or false";
    case FieldType::integer: return "a whole number";
    case FieldType::decimal: return "a number";
    case FieldType::instant: return "a time like 2026-11-20T08:00:00Z";
    case FieldType::date: return "a day like 2026-11-20";
    default: return "text";
    }
}

/// A value of TOML as it would stand in a table of text.
std::optional<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (node.is_table() || node.is_array()) return std::nullopt;
    std::ostringstream text;
    if (const auto flag = node.value_exact<bool>()) text << (*flag ? "true" : "false");
    if (const auto number = node.value_exact<std::int64_t>()) text << *number;
    if (const auto number = node.value_exact<double>()) text << fmt::format("{}", *number);
    if (const auto day = node.value_exact<toml::date>()) text << *day;
    if (const auto moment = node.value_exact<toml::date_time>()) text << *moment;
    return text.str();
}

class CaseReader {
public:
    CaseReader(const std::filesystem::path& file, Diagnostics& problems)
        : folder_(file.parent_path()), file_(file.filename().string()), problems_(problems) {}

    RuleCase read(const toml::table& table) {
        RuleCase one;
        one.place = place_of(table, file_);
        for (const auto& [key, node] : table)
            if (key != "name" && key != "as_of" && key != "given" && key != "expect")
                problems_.error(place_of(key, file_), fmt::format("\"{}\" is not known", key.str()),
                                "a case has name, as_of, given and expect");
        if (const auto* name = table.get("name"); name && text_of(*name))
            one.name = *text_of(*name);
        if (one.name.empty()) problems_.error(one.place, "\"name\" is missing in [[case]]");
        read_moment(table, one);
        if (const auto* given = table.get_as<toml::table>("given")) read_given(*given, one);
        if (const auto* expect = table.get_as<toml::table>("expect"); expect && !expect->empty())
            read_expected(*expect, one);
        else
            problems_.error(one.place, "\"expect\" is missing in [[case]]",
                            "add [case.expect] and CHECK = [\"ENTITY/ID\"], or [] for nothing");
        return one;
    }

private:
    void read_moment(const toml::table& table, RuleCase& one) {
        const auto* node = table.get("as_of");
        const auto text = node ? text_of(*node) : std::nullopt;
        const auto moment = text ? parse_instant(*text) : std::nullopt;
        if (moment)
            one.as_of = *moment;
        else
            problems_.error(node ? place_of(*node, file_) : one.place, "\"as_of\" must be a moment",
                            "write as_of = 2026-11-20T08:00:00Z");
    }

    /// Tables of records, or the name of a CSV file with them, by entity.
    void read_given(const toml::table& given, RuleCase& one) {
        for (const auto& [key, node] : given) {
            const auto entity = model::entity_of(key.str());
            if (!entity) {
                problems_.error(place_of(key, file_),
                                fmt::format("there is no entity \"{}\"", key.str()));
                continue;
            }
            if (const auto csv = node.value_exact<std::string>())
                read_csv(*entity, *csv, place_of(node, file_), one);
            else if (const auto* list = node.as_array())
                for (const auto& element : *list) read_record(*entity, element, one);
            else
                problems_.error(
                    place_of(node, file_),
                    fmt::format("\"{}\" must be tables or the name of a CSV file", key.str()),
                    fmt::format("write [[case.given.{}]]", key.str()));
        }
    }

    void read_record(model::Entity entity, const toml::node& node, RuleCase& one) {
        const auto* table = node.as_table();
        if (!table) return problems_.error(place_of(node, file_), "a record must be a table");
        GivenRecord record{entity, {}, {}, place_of(node, file_)};
        for (const auto& [key, value] : *table)
            if (const auto text = text_of(value))
                set(record, std::string{key.str()}, *text, place_of(value, file_));
            else
                problems_.error(place_of(value, file_),
                                fmt::format("\"{}\" must be one value", key.str()));
        add(std::move(record), one);
    }

    void read_csv(model::Entity entity, const std::string& name, const Place& place,
                  RuleCase& one) {
        std::ifstream stream(folder_ / name, std::ios::binary);
        std::stringstream content;
        if (!stream || !(content << stream.rdbuf()))
            return problems_.error(place, fmt::format("{} cannot be read", name));
        const auto text = content.str();
        sources::csv::RowParser parser{','};
        std::vector<std::string> header;
        const auto take_row = [&] {
            if (!parser.has_row() || parser.row().is_blank()) return;
            const auto& row = parser.row();
            const Place at{name, static_cast<int>(row.line), 0};
            if (row.problem != sources::csv::RowProblem::none)
                problems_.error(at, std::string{to_string(row.problem)});
            else if (header.empty())
                header.assign(row.cells.begin(), row.cells.end());
            else
                add(record_of(entity, header, row, at), one);
        };
        for (std::string_view rest = text; !rest.empty();) {
            rest.remove_prefix(parser.feed(rest));
            take_row();
        }
        parser.finish();
        take_row();
    }

    GivenRecord record_of(model::Entity entity, const std::vector<std::string>& header,
                          const sources::csv::Row& row, const Place& place) {
        GivenRecord record{entity, {}, {}, place};
        for (std::size_t i = 0; i < std::min(header.size(), row.cells.size()); ++i)
            if (!row.cells[i].empty()) set(record, header[i], std::string{row.cells[i]}, place);
        return record;
    }

    void set(GivenRecord& record, const std::string& key, const std::string& text,
             const Place& place) {
        if (key == "id") {
            record.id = text;
            return;
        }
        const auto index = model::field_index(record.entity, key);
        if (!index) {
            std::vector<std::string> known{"id"};
            for (const auto& field : model::fields_of(record.entity))
                known.emplace_back(field.name);
            return problems_.error(
                place,
                fmt::format("a {} has no field \"{}\"", to_string(record.entity), clean_line(key)),
                suggest(key, known));
        }
        const auto type = model::fields_of(record.entity)[*index].type;
        if (auto value = given_value(type, text))
            record.values.insert_or_assign(*index, std::move(*value));
        else
            problems_.error(place, fmt::format("\"{}\" must be {}", key, wanted(type)));
    }

    void add(GivenRecord record, RuleCase& one) {
        if (record.id.empty())
            problems_.error(record.place,
                            fmt::format("a {} has no \"id\"", to_string(record.entity)));
        one.given.push_back(std::move(record));
    }

    void read_expected(const toml::table& expect, RuleCase& one) {
        for (const auto& [key, node] : expect) {
            ExpectedFindings expected{std::string{key.str()}, {}, place_of(key, file_)};
            const auto* list = node.as_array();
            if (!list)
                problems_.error(expected.place, fmt::format("\"{}\" must be a list", key.str()),
                                "write \"CHECK\" = [\"ENTITY/ID\"], the check's id in quotes");
            else
                for (const auto& element : *list)
                    expected.subjects.insert(text_of(element).value_or(""));
            one.expected.push_back(std::move(expected));
        }
    }

    std::filesystem::path folder_;
    std::string file_;
    Diagnostics& problems_;
};

}  // namespace

std::vector<RuleCase> read_cases(const std::filesystem::path& file, Diagnostics& problems) {
    const auto name = file.filename().string();
    const auto table = read_toml(file, name, problems);
    if (!table) return {};
    std::vector<RuleCase> cases;
    CaseReader reader{file, problems};
    const auto* list = table->get_as<toml::array>("case");
    for (std::size_t i = 0; list && i < list->size(); ++i)
        if (const auto* one = (*list)[i].as_table()) cases.push_back(reader.read(*one));
    if (cases.empty()) problems.error({name}, "there is no case in it", "add a [[case]]");
    return cases;
}

}  // namespace nudged::config
