// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/source_skeleton.hpp"

#include "connectors/base/text.hpp"
#include "daemon/config/writing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace nudged::cli {
namespace {

/// The lines of a table of the manifest, comments too.
std::vector<std::string> lines_of_table(std::string_view text, std::string_view header) {
    std::vector<std::string> lines;
    bool is_inside = false;
    for (const auto line : split(text, '\n')) {
        if (line.starts_with('[')) {
            is_inside = trim(line) == header;
            continue;
        }
        if (is_inside) lines.emplace_back(line);
    }
    while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
    // A comment before the next table is about that one.
    while (!lines.empty() && lines.back().starts_with('#')) lines.pop_back();
    while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
    return lines;
}

void add_once(std::vector<std::string>& names, std::string name) {
    if (!name.empty() && std::ranges::count(names, name) == 0) names.push_back(std::move(name));
}

/// One way to authenticate, as its part of the manifest says it.
struct Scheme {
    std::string name;  // "" where there is only one
    std::string text;
};

/// Each `[[auth]]` with its inner tables; the whole manifest where there is but one way.
std::vector<Scheme> schemes_of(std::string_view text) {
    std::vector<Scheme> schemes;
    bool is_inside = false;
    for (const auto line : split(text, '\n')) {
        const bool begins = trim(line) == "[[auth]]";
        if (begins) schemes.emplace_back();
        const bool is_header = line.starts_with('[');
        if (is_header)
            is_inside = !schemes.empty() &&
                        (begins || line.starts_with("[auth.") || line.starts_with("[[auth."));
        if (!is_inside) continue;
        auto& scheme = schemes.back();
        // The header reads like that of a single way.
        scheme.text += begins ? "[auth]\n" : fmt::format("{}\n", line);
        const auto first = line.find('"');
        if (scheme.name.empty() && line.starts_with("name") && first != std::string_view::npos)
            scheme.name = line.substr(first + 1, line.find('"', first + 1) - first - 1);
    }
    if (schemes.empty()) schemes.push_back({"", std::string{text}});
    return schemes;
}

/// What a way to authenticate needs: names in {credential.NAME}, the one of a bearer, a refresh
/// token, the key of an assertion.
std::vector<std::string> credentials_of(std::string_view text) {
    std::vector<std::string> names;
    constexpr std::string_view opening = "{credential.";
    for (auto at = text.find(opening); at != std::string_view::npos;
         at = text.find(opening, at + 1)) {
        const auto begin = at + opening.size();
        const auto end = text.find_first_of("} ", begin);
        if (end != std::string_view::npos)
            add_once(names, std::string{text.substr(begin, end - begin)});
    }
    if (text.find("{auth.refresh_token}") != std::string_view::npos)
        add_once(names, "refresh_token");
    const auto value_of = [&](std::string_view key, std::string_view table = "[auth]") {
        for (const auto& line : lines_of_table(text, table)) {
            const auto equals = line.find('=');
            if (equals == std::string::npos ||
                trim(std::string_view{line}.substr(0, equals)) != key)
                continue;
            const auto begin = line.find('"', equals);
            const auto end = begin == std::string::npos ? begin : line.find('"', begin + 1);
            if (end != std::string::npos) return line.substr(begin + 1, end - begin - 1);
        }
        return std::string{};
    };
    add_once(names, value_of("key", "[auth.assertion]"));
    const auto credential = value_of("credential");
    const bool has_session = text.find("[auth.token]") != std::string_view::npos ||
                             text.find("[[auth.token]]") != std::string_view::npos;
    if (!credential.empty())
        add_once(names, credential);
    else if (value_of("kind") == "bearer" && !has_session)
        add_once(names, "token");
    return names;
}

std::vector<std::string> streams_of(std::string_view text) {
    std::vector<std::string> names;
    constexpr std::string_view opening = "[stream.";
    for (const auto line : split(text, '\n')) {
        if (!line.starts_with(opening)) continue;
        const auto rest = line.substr(opening.size());
        add_once(names, std::string{rest.substr(0, rest.find_first_of(".]"))});
    }
    return names;
}

/// What the manifest says of a setting that has to be given, `org = { required = "its name" }`;
/// empty: it has a default.
std::string required_as(std::string_view line) {
    constexpr std::string_view key = "required";
    const auto at = line.find(key, line.find('{'));
    if (at == std::string_view::npos) return {};
    const auto begin = line.find('"', at + key.size());
    const auto end = begin == std::string_view::npos ? begin : line.find('"', begin + 1);
    return end == std::string_view::npos ? std::string{}
                                         : std::string{line.substr(begin + 1, end - begin - 1)};
}

/// A setting is a comment until somebody wants another value; comments stay as they are.
std::string settings_lines(std::string_view text) {
    std::string out;
    for (const auto& line : lines_of_table(text, "[settings]")) {
        const auto bare = trim(line);
        if (bare.empty() || bare.starts_with('#'))
            out += fmt::format("{}\n", bare);
        else if (const auto what = required_as(bare); !what.empty())
            out += fmt::format("{} = \"\"  # FILL IN: {}\n", trim(bare.substr(0, bare.find('='))),
                               what);
        else
            out += fmt::format("#{}\n", bare);
    }
    return out.empty() ? "# (the manifest has none)\n" : out;
}

/// Where the credentials of each way lie; all but the first are comments.
std::string credential_lines(std::string_view manifest_text, const std::string& secrets,
                             const std::string& source) {
    std::string out;
    const auto schemes = schemes_of(manifest_text);
    for (const auto& scheme : schemes) {
        const bool is_first = &scheme == &schemes.front();
        if (schemes.size() > 1)
            out += fmt::format("# {} (auth = \"{}\"):\n", is_first ? "Either" : "Or", scheme.name);
        for (const auto& one : credentials_of(scheme.text))
            out += fmt::format("{}{} = {{ file = \"{}/{}.{}\" }}\n", is_first ? "" : "#", one,
                               secrets, source, one);
    }
    return out.empty() ? "# (the manifest needs none)\n" : out;
}

}  // namespace

std::string source_skeleton(const std::string& name, const std::string& manifest,
                            std::string_view manifest_text, const std::string& secrets) {
    std::vector<std::string> quoted;
    for (const auto& stream : streams_of(manifest_text)) quoted.push_back('"' + stream + '"');
    return fmt::format(R"(#:schema file:///usr/share/nudged/schema/source.schema.json
# The source "{0}".
#
#   nudged config check && nudged source test {0}

[source]
# What commands, the log and teams.toml call it.
name      = "{0}"
connector = "http"
# A manifest that ships, or a path from this file's folder.
manifest  = "{1}"
# How long after a round the next one begins.
#poll     = "5m"
# The IANA zone of dates and times that carry none: that of the CRM's account.
#zone     = "UTC"
# What is pulled. Default: all that the manifest knows.
#streams  = [{2}]
# Where the manifest knows several ways to authenticate, the credentials decide, or this.
#auth     = "NAME"

# What the manifest leaves open, with its defaults: take off the # of what is to be another. What is
# marked FILL IN has no default.
[source.settings]
{3}
# Where each credential lies. It never stands in this file:
#   {{ file = "/PATH" }}          a file of the user nudged, mode 0600 or 0400
#   {{ credential = "NAME" }}     systemd: LoadCredential=NAME:/PATH in the unit
[source.credentials]
{4})",
                       name, manifest, fmt::join(quoted, ", "), settings_lines(manifest_text),
                       credential_lines(manifest_text, secrets, name));
}

SourceNeeds needs_of(std::string_view manifest_text) {
    SourceNeeds needs;
    for (const auto& line : lines_of_table(manifest_text, "[settings]")) {
        const auto bare = trim(line);
        if (const auto what = required_as(bare); !bare.starts_with('#') && !what.empty())
            needs.settings.emplace_back(trim(bare.substr(0, bare.find('='))), what);
    }
    needs.credentials = credentials_of(schemes_of(manifest_text).front().text);
    return needs;
}

std::string with_settings(std::string skeleton,
                          const std::map<std::string, std::string>& settings) {
    std::string out;
    bool is_inside = false;
    for (const auto line : split(skeleton, '\n')) {
        if (line.starts_with('[')) is_inside = line == "[source.settings]";
        auto key = line.substr(0, line.find('='));
        if (key.starts_with('#')) key.remove_prefix(1);
        const auto given = is_inside ? settings.find(std::string{trim(key)}) : settings.end();
        out += given == settings.end()
                   ? fmt::format("{}\n", line)
                   : fmt::format("{} = {}\n", given->first, config::quote(given->second));
    }
    out.pop_back();  // the line that split() sees behind the last line feed
    return out;
}

}  // namespace nudged::cli
