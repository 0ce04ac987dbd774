// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/source_skeleton.hpp"

#include "connectors/base/text.hpp"

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

/// What `[auth]` needs: names in {credential.NAME}, the one of a bearer, a refresh token.
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
    const auto auth = lines_of_table(text, "[auth]");
    const auto value_of = [&](std::string_view key) {
        for (const auto& line : auth) {
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

/// A setting is a comment until somebody wants another value; comments stay as they are.
std::string settings_lines(std::string_view text) {
    std::string out;
    for (const auto& line : lines_of_table(text, "[settings]")) {
        const auto bare = trim(line);
        if (bare.empty() || bare.starts_with('#'))
            out += fmt::format("{}\n", bare);
        else
            out += fmt::format("#{}\n", bare);
    }
    return out.empty() ? "# (the manifest has none)\n" : out;
}

}  // namespace

std::string source_skeleton(const std::string& name, const std::string& manifest,
                            std::string_view manifest_text, const std::string& secrets) {
    std::vector<std::string> quoted;
    for (const auto& stream : streams_of(manifest_text)) quoted.push_back('"' + stream + '"');
    std::string credentials;
    for (const auto& one : credentials_of(manifest_text))
        credentials += fmt::format("{} = {{ file = \"{}/{}.{}\" }}\n"
                                   "#{} = {{ credential = \"{}.{}\" }}\n",
                                   one, secrets, name, one, one, name, one);
    if (credentials.empty()) credentials = "# (the manifest needs none)\n";
    return fmt::format(R"(# The source "{0}".
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

# What the manifest leaves open, with its defaults: take off the # of what is to be another.
[source.settings]
{3}
# Where each credential lies. It never stands in this file:
#   {{ file = "/PATH" }}          a file of the user nudged, mode 0600 or 0400
#   {{ credential = "NAME" }}     systemd: LoadCredential=NAME:/PATH in the unit
[source.credentials]
{4})",
                       name, manifest, fmt::join(quoted, ", "), settings_lines(manifest_text),
                       credentials);
}

}  // namespace nudged::cli
