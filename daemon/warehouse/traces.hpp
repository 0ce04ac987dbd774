// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/record.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/store.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// How a source knows somebody.
struct Identity {
    SourceId source{};
    std::string source_name;
    model::Entity entity{};  // user or contact
    std::string id;
};

/// What one human is known by here: all addresses, users and contacts that are joined with one
/// address, and the words that stand for them in texts.
struct Traces {
    std::set<std::string> addresses;  // as they join
    std::set<std::int64_t> persons;   // rows of the table person
    std::vector<Identity> identities;
    /// In lower case: addresses and telephone numbers as they are written, and names of two words
    /// or more, since a first name alone would hit others.
    std::set<std::string> words;

    bool empty() const { return persons.empty() && identities.empty(); }
    bool is(SourceId source, model::Entity entity, std::string_view id) const;
};

/// Whom to look for: an address, or a user or contact, who may have none.
struct KnownBy {
    std::string address;
    std::optional<Identity> identity;
};

/// Reads users and contacts whole, since addresses are compared as they join.
Traces find_traces(const Database& database, std::string_view address);
Traces find_traces(const Database& database, const KnownBy& somebody);

/// Whether a text holds one of the words, in any ASCII case.
bool mentions(const Traces& traces, std::string_view text);
/// The text with every such word replaced.
std::string without_words(const Traces& traces, std::string_view text);
inline constexpr std::string_view forgotten_word = "[forgotten]";

/// Where somebody writes, rather than a code, a number or a reference.
constexpr bool is_free_text(model::FieldType type) {
    return type == model::FieldType::text || type == model::FieldType::json;
}

/// What a record has to do with them.
enum class Relation {
    none,
    mention,    // it refers to them, or its texts mention them
    of_theirs,  // their own: their user or contact, or an activity of theirs
};
Relation relation_of(const Traces& traces, SourceId source, const model::Record& record);

/// A table's texts that somebody wrote, and where a row of it is found.
struct TextTable {
    std::string name;
    std::vector<std::string> texts;  // columns; none that is part of a key
};
/// Every table with a rowid that is not an entity's: entities are walked as records.
std::vector<TextTable> text_tables(const Database& database);

/// A column that refers to a person; whether its row can do without.
struct PersonColumn {
    std::string table;
    std::string column;
    bool may_be_null;
};
/// Of every table that is not an entity's, table by table.
std::vector<PersonColumn> person_columns(const Database& database);

}  // namespace nudged::warehouse
