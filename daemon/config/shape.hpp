// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::config {

struct ShapeKey;

/// What may stand behind a key: told by the codec that reads it, and what the JSON Schema and the
/// manual page are made from. It never asks for more than the reader does; what only the reader can
/// judge, such as whether a team is there, it leaves open.
struct Shape {
    enum class Kind { anything, boolean, whole, number, text, list, table, either };
    Kind kind = Kind::anything;
    std::string form{};                     // of a text, for people: "a duration such as \"5m\""
    std::string pattern{};                  // of a text, ECMA-262; empty: any
    std::vector<std::string> words{};       // a text is one of these; empty: any
    std::optional<double> least{}, most{};  // of a number
    std::vector<ShapeKey> keys;             // of a table
    /// Of a list: its elements'. Of a table: that of the values under keys of the admin's own; none
    /// where other keys are wrong. Of `either`: the alternatives.
    std::vector<Shape> parts{};

    static Shape of(Kind kind);
    static Shape text(std::string form = {}, std::string pattern = {});
    static Shape one_of(std::vector<std::string> words);
    static Shape list_of(Shape element);
    /// A table whose keys are the admin's own.
    static Shape table_of(Shape value);
    static Shape either(std::vector<Shape> alternatives);

    /// Dots in the name lead into inner tables. A name that is there already gets an alternative.
    void add(std::string_view dotted, ShapeKey key);
    const ShapeKey* find(std::string_view name) const;
};

struct ShapeKey {
    std::string name;
    std::string meaning;
    std::string usual;  // the default as TOML; empty: none
    bool is_required = false;
    Shape shape;
};

/// A file that admins edit, or each file of a folder.
struct FileShape {
    std::string_view name;   // "nudged", "source": of the schema
    std::string_view files;  // "nudged.toml", "sources.d/*.toml"
    std::string_view about;  // a sentence
    Shape shape;
};
/// All of them, the main file first.
std::vector<FileShape> file_shapes();

/// JSON Schema, of what drafts 4 to 7 have in common: editors of TOML know no more.
std::string render_schema(const FileShape& file);
/// nudged.toml(5), as roff.
std::string render_config_manual();

}  // namespace nudged::config
