// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/sources/mapping/form.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nudged::sources {

using Settings = std::map<std::string, std::string>;

/// What a placeholder stands for; nothing when nobody said.
const Variable& variable_of(const Variables& variables, const std::string& name);

/// Text with placeholders, compiled. `{settings.x}` is replaced when it is compiled, all others
/// each time it is rendered. Immutable; any thread.
class Template {
public:
    struct Placeholder {
        std::string name;
        Form form{};
        bool as_string = false;  // a number between quotes in JSON
    };
    using Part = std::variant<std::string, Placeholder>;

    Template() = default;
    /// Problems: unclosed braces, unknown forms, unknown settings (with the nearest known one).
    /// Local times are those of `zone`.
    static Template compile(std::string_view text, const Settings& settings, const Place& place,
                            Diagnostics& problems, const Zone& zone = Zone::utc());

    const std::vector<Part>& parts() const { return parts_; }
    /// The placeholder that is the whole template, whose type the value then keeps.
    const Placeholder* sole() const;
    void each_placeholder(const std::function<void(const Placeholder&)>& use) const;
    /// Names of all placeholders are told to `use`.
    void each_name(const std::function<void(const std::string&)>& use) const;

    /// The text; lists are joined with commas. nullopt when a placeholder stands for nothing.
    std::optional<std::string> text(const Variables& variables) const;
    /// The same with all that is put in percent-encoded, for paths.
    std::optional<std::string> path(const Variables& variables) const;

private:
    std::vector<Part> parts_;
};

/// A JSON body with templates for leaves. A member whose value stands for nothing is left out; the
/// only element of an array that names `{each.…}` is repeated for every id asked for.
class BodyTemplate {
public:
    using Members = std::vector<std::pair<std::string, BodyTemplate>>;
    using Elements = std::vector<BodyTemplate>;
    using Node = std::variant<Template, std::int64_t, double, bool, Members, Elements>;

    explicit BodyTemplate(Node node) : node_(std::move(node)) {}
    void each_placeholder(const std::function<void(const Template::Placeholder&)>& use) const;
    void each_name(const std::function<void(const std::string&)>& use) const;
    std::string json(const Variables& variables, const std::vector<std::string>& ids) const;
    /// The members as application/x-www-form-urlencoded; tables and arrays in them are JSON.
    std::string form(const Variables& variables, const std::vector<std::string>& ids) const;

private:
    class Writer;
    bool names_each() const;
    Node node_;
};

}  // namespace nudged::sources
