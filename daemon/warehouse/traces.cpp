// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/traces.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/store_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::warehouse {
namespace {

using model::Entity;

constexpr std::size_t shortest_word = 5;  // of what is replaced in texts, in bytes
constexpr std::size_t shortest_number = 7;

enum class Word { name, address, number };

void add_word(Traces& traces, std::string_view text, Word kind) {
    text = trim(text);
    if (text.size() < (kind == Word::number ? shortest_number : shortest_word)) return;
    if (kind == Word::name && text.find(' ') == std::string_view::npos) return;
    traces.words.insert(to_lower_ascii(text));
}

/// The users and contacts of one table whose address is theirs, or whose person is one of theirs,
/// and the one that they are known by.
void find_identities(const Database& database, Entity entity, const KnownBy& somebody,
                     Traces& traces) {
    const bool is_user = entity == Entity::user;
    auto rows = database.prepare(
        fmt::format("SELECT r.source_id, s.name, r.external_id, r.name, r.email, {} FROM {} r "
                    "JOIN source s ON s.id = r.source_id",
                    is_user ? "NULL, r.person_id" : "r.phone, NULL", to_string(entity)));
    while (rows.step()) {
        const auto joining = joining_address(rows.text(4));
        const bool joins = (!joining.empty() && traces.addresses.contains(joining)) ||
                           (somebody.identity && somebody.identity->entity == entity &&
                            somebody.identity->source == SourceId{rows.integer(0)} &&
                            somebody.identity->id == rows.text(2));
        if (!joins && (rows.is_null(6) || !traces.persons.contains(rows.integer(6)))) continue;
        if (!joining.empty()) traces.addresses.insert(joining);
        // Of a user with an address, that says who it is.
        if (joining.empty() && !rows.is_null(6)) traces.persons.insert(rows.integer(6));
        traces.identities.push_back({SourceId{rows.integer(0)}, std::string{rows.text(1)}, entity,
                                     std::string{rows.text(2)}});
        add_word(traces, rows.text(3), Word::name);
        add_word(traces, rows.text(4), Word::address);
        add_word(traces, rows.text(5), Word::number);
    }
}

void find_persons(const Database& database, Traces& traces) {
    for (const auto& address : traces.addresses) {
        auto rows = database.prepare("SELECT id FROM person WHERE email = ?1 UNION "
                                     "SELECT person_id FROM person_alias WHERE email = ?1 AND "
                                     "from_day = '0001-01-01' AND until_day = '9999-12-31'");
        rows.bind(1, address);
        while (rows.step()) traces.persons.insert(rows.integer(0));
    }
    for (const auto person : traces.persons) {
        auto name = database.prepare("SELECT name FROM person WHERE id = ?1");
        name.bind(1, person);
        if (name.step()) add_word(traces, name.text(0), Word::name);
        auto rows =
            database.prepare("SELECT email FROM person WHERE id = ?1 AND email IS NOT NULL UNION "
                             "SELECT email FROM person_alias WHERE person_id = ?1 AND "
                             "from_day = '0001-01-01' AND until_day = '9999-12-31'");
        rows.bind(1, person);
        while (rows.step()) traces.addresses.emplace(rows.text(0));
    }
}

/// Where one of the words begins in `text` at or after `from`; its length in `length`.
std::size_t find_word(const Traces& traces, std::string_view lower, std::size_t from,
                      std::size_t& length) {
    std::size_t first = std::string_view::npos;
    for (const auto& word : traces.words) {
        const auto at = lower.find(word, from);
        if (at > first || at == std::string_view::npos) continue;
        if (at == first && word.size() <= length) continue;
        first = at;
        length = word.size();
    }
    return first;
}

}  // namespace

bool Traces::is(SourceId source, Entity entity, std::string_view id) const {
    return std::any_of(identities.begin(), identities.end(), [&](const Identity& one) {
        return one.source == source && one.entity == entity && one.id == id;
    });
}

Traces find_traces(const Database& database, std::string_view address) {
    return find_traces(database, KnownBy{std::string{address}, std::nullopt});
}

Traces find_traces(const Database& database, const KnownBy& somebody) {
    Traces traces;
    const auto address = joining_address(somebody.address);
    if (!address.empty() || !somebody.identity) traces.addresses.insert(address);
    add_word(traces, address, Word::address);
    const auto size = [&] { return traces.addresses.size() + traces.persons.size(); };
    for (bool more = true; more;) {  // while what was found leads to more
        const auto known = size();
        traces.identities.clear();
        find_persons(database, traces);
        find_identities(database, Entity::user, somebody, traces);
        find_identities(database, Entity::contact, somebody, traces);
        more = size() != known;
    }
    for (const auto& one : traces.addresses) add_word(traces, one, Word::address);
    return traces;
}

bool mentions(const Traces& traces, std::string_view text) {
    std::size_t length = 0;
    return find_word(traces, to_lower_ascii(text), 0, length) != std::string_view::npos;
}

std::string without_words(const Traces& traces, std::string_view text) {
    const auto lower = to_lower_ascii(text);
    std::string result;
    std::size_t done = 0, length = 0;
    for (auto at = find_word(traces, lower, 0, length); at != std::string_view::npos;
         at = find_word(traces, lower, done, length)) {
        result += text.substr(done, at - done);
        result += forgotten_word;
        done = at + length;
        length = 0;
    }
    return result + std::string{text.substr(done)};
}

Relation relation_of(const Traces& traces, SourceId source, const model::Record& record) {
    if (is_person(record.entity) && traces.is(source, record.entity, record.id))
        return Relation::of_theirs;
    const auto fields = model::fields_of(record.entity);
    auto relation = Relation::none;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto text = record.text_at(i);
        if (text.empty()) continue;
        const auto& refers_to = fields[i].refers_to;
        if (refers_to && is_person(*refers_to) && traces.is(source, *refers_to, text)) {
            if (fields[i].name == "owner" && is_activity(record.entity)) return Relation::of_theirs;
            relation = Relation::mention;
        } else if (is_free_text(fields[i].type) && mentions(traces, text)) {
            relation = Relation::mention;
        }
    }
    if (record.entity == Entity::opportunity_change)
        for (const auto name : {"old", "new"}) {
            const auto text = record.text_at(*model::field_index(record.entity, name));
            if (!text.empty() && traces.is(source, Entity::user, text))
                relation = Relation::mention;
        }
    return relation;
}

std::vector<TextTable> text_tables(const Database& database) {
    auto rows = database.prepare(R"sql(
SELECT t.name, c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
 WHERE t.schema = 'main' AND t.type = 'table' AND NOT t.wr AND t.name NOT LIKE 'sqlite_%'
   AND c.type = 'TEXT' AND c.pk = 0
   AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i JOIN pragma_index_info(i.name) k
                    WHERE i."unique" AND k.name = c.name)
 ORDER BY t.name)sql");
    // What the configuration says, and what nobody wrote.
    constexpr std::array skipped{"source", "team", "person", "run"};
    std::vector<TextTable> tables;
    while (rows.step()) {
        const auto name = rows.text(0);
        if (model::entity_of(name) ||
            std::find(skipped.begin(), skipped.end(), name) != skipped.end())
            continue;
        if (tables.empty() || tables.back().name != name) tables.push_back({std::string{name}, {}});
        tables.back().texts.emplace_back(rows.text(1));
    }
    return tables;
}

std::vector<PersonColumn> person_columns(const Database& database) {
    auto rows = database.prepare(R"sql(
SELECT t.name, k."from", c."notnull" = 0 AND c.pk = 0
  FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) k
  JOIN pragma_table_info(t.name) c ON c.name = k."from"
 WHERE t.schema = 'main' AND t.type = 'table' AND k."table" = 'person' ORDER BY t.name, k."from")sql");
    std::vector<PersonColumn> columns;
    while (rows.step())
        if (!model::entity_of(rows.text(0)))
            columns.push_back(
                {std::string{rows.text(0)}, std::string{rows.text(1)}, rows.integer(2) != 0});
    return columns;
}

}  // namespace nudged::warehouse
