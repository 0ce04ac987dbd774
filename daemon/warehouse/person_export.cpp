// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/person_export.hpp"

#include "daemon/warehouse/export.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/removal.hpp"
#include "daemon/warehouse/row_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace nudged::warehouse {
namespace {

using Write = std::function<void(std::string_view)>;

/// Lists of rows under the names of their tables; a table without one is left out.
class Sections {
public:
    explicit Sections(const Write& write) : write_(write) { write_("{"); }
    ~Sections() = default;

    void add(std::string_view section, const Statement& row) {
        std::string text;
        if (section != open_) {
            text = fmt::format("{}\n\"{}\": [\n", open_.empty() ? "" : "\n],", section);
            open_ = section;
        } else {
            text = ",\n";
        }
        append_json(text, row, column_names(row));
        write_(text);
    }
    void end() { write_(open_.empty() ? "}\n" : "\n]\n}\n"); }

private:
    const Write& write_;
    std::string open_;
};

void add_records(const Database& database, const Traces& traces, model::Entity entity,
                 Sections& sections) {
    const auto name = to_string(entity);
    auto rows = database.prepare(
        fmt::format("SELECT {} FROM {} ORDER BY id", stored_columns(entity), name));
    auto whole = database.prepare(fmt::format("SELECT * FROM {} WHERE id = ?1", name));
    while (rows.step()) {
        const auto stored = read_stored(rows, entity);
        if (relation_of(traces, stored.source, stored.record) == Relation::none) continue;
        whole.reset();
        whole.bind(1, stored.row);
        if (whole.step()) sections.add(name, whole);
    }
}

void add_by_person(const Database& database, const Traces& traces, std::string_view table,
                   std::string_view column, Sections& sections) {
    auto rows = database.prepare(fmt::format("SELECT * FROM {} WHERE {} = ?1", table, column));
    for (const auto person : traces.persons) {
        rows.reset();
        rows.bind(1, person);
        while (rows.step()) sections.add(table, rows);
    }
}

/// What belongs to a row of theirs in another table.
struct Part {
    std::string_view table, column, whole;
};
constexpr std::array parts{Part{"plan_goal", "plan_id", "plan"},
                           Part{"plan_checkpoint", "plan_id", "plan"},
                           Part{"escalation_update", "escalation_id", "escalation"}};

void add_parts(const Database& database, const Traces& traces, Sections& sections) {
    for (const auto& part : parts) {
        auto rows = database.prepare(
            fmt::format("SELECT * FROM {} WHERE {} IN (SELECT id FROM {} WHERE rep_id = ?1)",
                        part.table, part.column, part.whole));
        for (const auto person : traces.persons) {
            rows.reset();
            rows.bind(1, person);
            while (rows.step()) sections.add(part.table, rows);
        }
    }
}

bool is_part(std::string_view table) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const Part& part) { return part.table == table; });
}

void add_texts(const Database& database, const Traces& traces, const TextTable& table,
               const std::vector<PersonColumn>& columns, Sections& sections) {
    if (is_private_table(table.name) || is_part(table.name)) return;
    std::set<std::string_view> of_persons;
    for (const auto& column : columns)
        if (column.table == table.name) of_persons.insert(column.column);
    auto rows = database.prepare(fmt::format("SELECT * FROM {} ORDER BY rowid", table.name));
    while (rows.step()) {
        bool is_theirs = false;
        for (int i = 0; i < rows.column_count() && !is_theirs; ++i) {
            const auto name = rows.column_name(i);
            const auto text = rows.text(i);
            is_theirs = (of_persons.contains(name) && traces.persons.contains(rows.integer(i))) ||
                        (name == "recipient" && traces.addresses.contains(joining_address(text))) ||
                        mentions(traces, text);
        }
        if (is_theirs) sections.add(table.name, rows);
    }
}

}  // namespace

void export_person(const Reader& reader, const Traces& traces, const Write& write) {
    const auto& database = reader.database();
    Sections sections(write);
    add_by_person(database, traces, "person", "id", sections);
    const auto texts = text_tables(database);
    const auto columns = person_columns(database);
    for (const auto& [table, column, may_be_null] : columns) {
        const bool is_text_table = std::any_of(
            texts.begin(), texts.end(), [&](const TextTable& text) { return text.name == table; });
        if (!is_text_table && !is_private_table(table))
            add_by_person(database, traces, table, column, sections);
    }
    add_by_person(database, traces, "v_rep_week", "person_id", sections);
    for (const auto entity : model::all_entities()) add_records(database, traces, entity, sections);
    for (const auto& table : texts) add_texts(database, traces, table, columns, sections);
    add_parts(database, traces, sections);
    sections.end();
}

}  // namespace nudged::warehouse
