// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/instant.hpp"

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

/// What a placeholder stands for: nothing, a text, a number, a time, a list.
using Variable =
    std::variant<std::monostate, std::string, std::int64_t, Instant, std::vector<std::string>>;
using Variables = std::map<std::string, Variable, std::less<>>;
using Settings = std::map<std::string, std::string>;

/// How a time is written, `{window.lo as epoch_ms string}`, or which digest of a text stands for
/// it, in hexadecimal: `{credential.password as md5}`.
enum class TimeForm : std::uint8_t { iso, epoch_ms, epoch_s, date, md5, sha1, sha256 };

/// Text with placeholders, compiled. `{settings.x}` is replaced when it is compiled, all others
/// each time it is rendered. Immutable; any thread.
class Template {
public:
    struct Placeholder {
        std::string name;
        TimeForm form = TimeForm::iso;
        bool as_string = false;  // a number between quotes in JSON
    };
    using Part = std::variant<std::string, Placeholder>;

    Template() = default;
    /// Problems: unclosed braces, unknown forms, unknown settings (with the nearest known one).
    static Template compile(std::string_view text, const Settings& settings, const Place& place,
                            Diagnostics& problems);

    const std::vector<Part>& parts() const { return parts_; }
    /// The placeholder that is the whole template, whose type the value then keeps.
    const Placeholder* sole() const;
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
    void each_name(const std::function<void(const std::string&)>& use) const;
    std::string json(const Variables& variables, const std::vector<std::string>& ids) const;

private:
    class Writer;
    bool names_each() const;
    Node node_;
};

}  // namespace nudged::sources
