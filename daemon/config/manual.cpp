// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/roff.hpp"
#include "daemon/config/shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nudged::config {
namespace {

/// What a value looks like, in a few words.
std::string form_of(const Shape& shape) {
    if (!shape.form.empty()) return shape.form;
    switch (shape.kind) {
    case Shape::Kind::anything: return "any value";
    case Shape::Kind::boolean: return "true or false";
    case Shape::Kind::whole:
    case Shape::Kind::number: {
        std::string text = shape.kind == Shape::Kind::whole ? "a whole number" : "a number";
        if (shape.least && shape.most)
            return fmt::format("{} from {} to {}", text, *shape.least, *shape.most);
        return shape.least ? fmt::format("{}, at least {}", text, *shape.least) : text;
    }
    case Shape::Kind::text:
        if (shape.words.empty()) return "text";
        return fmt::format("\"{}\"", fmt::join(shape.words, "\", \""));
    case Shape::Kind::list: return "a list: " + form_of(shape.parts.front());
    case Shape::Kind::table:
        if (!shape.keys.empty() || shape.parts.empty()) return "a table";
        return "a table of your own keys: " + form_of(shape.parts.front());
    case Shape::Kind::either: break;
    }
    std::string text;
    for (const auto& part : shape.parts) text += (text.empty() ? "" : ", or ") + form_of(part);
    return text;
}

const Shape* inner_table(const Shape& shape) {
    if (shape.kind == Shape::Kind::table && !shape.keys.empty()) return &shape;
    if (shape.kind == Shape::Kind::list) return inner_table(shape.parts.front());
    return nullptr;
}

void add_keys(const Shape& table, const std::string& prefix, Roff& page);

/// A key with its meaning; the keys of a table in it follow under its name.
void add_key(const ShapeKey& key, const std::string& prefix, Roff& page) {
    const auto name = prefix + key.name;
    if (const auto* table = inner_table(key.shape)) {
        const bool is_list = key.shape.kind == Shape::Kind::list;
        if (!key.meaning.empty())
            page.item(is_list ? "[[" + name + "]]" : "[" + name + "]", key.meaning + ".");
        return add_keys(*table, name + ".", page);
    }
    std::string text = key.meaning.empty() ? "" : key.meaning + ". ";
    text += "Value: " + form_of(key.shape) + ".";
    if (key.is_required) text += " Must be there.";
    if (!key.usual.empty() && key.usual.size() <= 80) text += " Default: " + key.usual + ".";
    page.item(name, text);
}

void add_keys(const Shape& table, const std::string& prefix, Roff& page) {
    for (const auto& key : table.keys) {
        if (key.shape.kind != Shape::Kind::either ||
            inner_table(key.shape.parts.front()) == nullptr || key.shape.parts.size() < 3) {
            add_key(key, prefix, page);
            continue;
        }
        // One table for each kind of thing, told apart by a key with one word.
        page.item(fmt::format("[{}]", prefix + key.name), key.meaning + ".");
        for (const auto& kind : key.shape.parts)
            for (const auto& inner : kind.keys)
                if (inner.shape.words.size() == 1) {
                    page.paragraph(
                        fmt::format("With {} = \"{}\":", inner.name, inner.shape.words.front()));
                    add_keys(kind, prefix + key.name + ".", page);
                    break;
                }
    }
}

}  // namespace

std::string render_config_manual() {
    Roff page("nudged.toml", 5, "configuration of nudged");
    page.section("SYNOPSIS");
    page.paragraph("/etc/nudged/nudged.toml and the files beside it");
    page.section("DESCRIPTION");
    page.paragraph(
        "The configuration is written in TOML, in the files below; all but nudged.toml may be "
        "missing. `nudged config check` prints every problem at once, as file, line and column, "
        "with "
        "its remedy; `nudged config show --origin` prints every key with its value and where that "
        "comes from; `nudged reload` has the running daemon take a change, or refuse it whole.");
    page.paragraph(
        "A secret never stands in these files: they say where it is, as { file = "
        "\"/etc/nudged/NAME\" } "
        "(closed to everybody else), { credential = \"NAME\" } (systemd's LoadCredential=) or "
        "{ env = \"NAME\" }.");
    page.paragraph("Editors that know TOML complete and validate by the JSON Schema that the first "
                   "line of each "
                   "file names, from /usr/share/nudged/schema.");
    for (const auto& file : file_shapes()) {
        page.section(std::string{file.files});
        page.paragraph(std::string{file.about});
        add_keys(file.shape, "", page);
    }
    page.section("SEE ALSO");
    page.paragraph("nudged(1), nudged(8)");
    return page.str();
}

}  // namespace nudged::config
