// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/source_line.hpp"

#include "connectors/base/text.hpp"
#include "daemon/config/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <utility>
#include <vector>

namespace nudged::config {
namespace {

namespace fs = std::filesystem;

/// Longer lines are cut by the reader of the terminal's text; a file of one endless line is not
/// read whole.
constexpr std::size_t max_line_bytes = 64 * 1024;

/// As people vary it: "API-Key" and "api_key" are "apikey".
std::string plain(std::string_view key) {
    auto lower = to_lower_ascii(key);
    std::erase_if(lower, [](char c) { return c == '-' || c == '_'; });
    return lower;
}

struct KnownKeys {
    std::set<std::string, std::less<>> all;
    std::set<std::string, std::less<>> of_secrets;  // plain
};

bool is_secret(const Shape& shape) {
    return shape.form.starts_with("{ file = ") ||
           std::any_of(shape.parts.begin(), shape.parts.end(), is_secret);
}

void collect(const Shape& shape, KnownKeys& known) {
    for (const auto& key : shape.keys) {
        known.all.insert(key.name);
        if (is_secret(key.shape)) known.of_secrets.insert(plain(key.name));
        collect(key.shape, known);
    }
    for (const auto& part : shape.parts) collect(part, known);
}

const KnownKeys& known_keys() {
    static const auto known = [] {
        KnownKeys keys;
        for (const auto& file : file_shapes()) collect(file.shape, keys);
        // The three ways to say where a secret is.
        keys.all.insert({"file", "env", "credential"});
        // Of manifests, those behind which nobody would write a secret.
        keys.all.insert({"as",         "at",       "batch", "class",    "complete",
                         "concurrent", "capacity", "from",  "in",       "join",
                         "kind",       "label",    "limit", "limiters", "lookup",
                         "match",      "modified", "more",  "passes",   "records",
                         "request",    "status",   "type",  "wait",     "walk"});
        return keys;
    }();
    return known;
}

/// Tables whose keys are the admin's own, and may name a secret.
bool has_own_keys(std::string_view table) {
    const auto parts = split(table, '.');
    static constexpr std::array own{"credentials", "settings", "config", "headers", "auth"};
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
        return std::find(own.begin(), own.end(), plain(part)) != own.end();
    });
}

bool sounds_secret(std::string_view key) {
    const auto name = plain(key);
    static constexpr std::array words{"password",   "passphrase", "passwd",
                                      "secret",     "token",      "apikey",
                                      "privatekey", "credential", "authorization"};
    return name == "key" || name == "pass" ||
           std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return name.find(word) != name.npos; });
}

bool is_of_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/// The last part of the key before the "=" at `equals`, without quotes; "" when there is none.
std::string_view key_before(std::string_view line, std::size_t equals) {
    auto end = equals;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) --end;
    if (end > 0 && (line[end - 1] == '"' || line[end - 1] == '\'')) --end;
    auto begin = end;
    while (begin > 0 && is_of_key(line[begin - 1])) --begin;
    const auto dotted = line.substr(begin, end - begin);
    return dotted.substr(dotted.rfind('.') + 1);
}

/// The keys of the line, those of inline tables too; a "=" within a text gives one too many, which
/// hides more.
std::vector<std::string_view> keys_in(std::string_view line) {
    std::vector<std::string_view> keys;
    for (auto at = line.find('='); at != line.npos; at = line.find('=', at + 1))
        keys.push_back(key_before(line, at));
    return keys;
}

bool is_header(std::string_view line) {
    const auto text = trim(line);
    return text.size() > 2 && text.front() == '[' && text.back() == ']' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_of_key(c) || c == '[' || c == ']'; });
}

/// What a header names, one with a comment behind it too; nullopt for other lines. A quoted part
/// may as well be a text of an array, so that it adds to the table that it stands under.
std::optional<std::string> table_after(std::string_view line, std::string_view before) {
    auto text = trim(line);
    if (!text.starts_with('[')) return std::nullopt;
    text = trim(text.substr(0, text.find('#')));
    if (!text.ends_with(']')) return std::nullopt;
    std::string name;
    bool is_bare = true;
    for (const char c : text) {
        const bool is_quote = c == '"' || c == '\'';
        if (is_of_key(c))
            name += c;
        else if (is_quote)
            is_bare = false;
        else if (c != '[' && c != ']' && c != ' ' && c != '\t')
            return std::nullopt;
    }
    return is_bare ? name : fmt::format("{}.{}", before, name);
}

/// Manifests may lie in any folder, and the main file may have any name; the others beside it have
/// theirs.
bool may_hold_secrets(const Place& place) {
    const fs::path file{place.file};
    const auto folder = file.parent_path().filename();
    if (folder == "checks.d" || folder == "templates") return false;
    static const std::set<std::string> others{"teams.toml", "routes.toml", "kpis.toml",
                                              "criteria.toml", "checks.toml"};
    return !folder.empty() || !others.contains(file.string());
}

}  // namespace

bool may_show(std::string_view line, std::string_view table, bool is_home_of_secrets) {
    const auto text = trim(line);
    if (text.empty() || is_header(text)) return true;
    const auto keys = keys_in(line);
    const auto& known = known_keys();
    for (const auto key : keys)
        if (known.of_secrets.contains(plain(key)) || sounds_secret(key) || has_own_keys(key))
            return false;
    if (has_own_keys(table)) return false;
    if (!is_home_of_secrets) return true;
    // Without a key it may go on with a text that began on a line above.
    return !keys.empty() && std::all_of(keys.begin(), keys.end(), [&](std::string_view key) {
        return known.all.contains(key);
    });
}

std::optional<std::string> source_line(const fs::path& folder, const Place& place) {
    if (place.line <= 0 || place.file.empty()) return std::nullopt;
    const auto path = folder / place.file;
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return std::nullopt;
    std::ifstream in(path, std::ios::binary);
    std::string line, table;
    for (int number = 0; number < place.line; ++number) {
        if (!std::getline(in, line) || line.size() > max_line_bytes) return std::nullopt;
        if (auto name = table_after(line, table)) table = std::move(*name);
    }
    if (line.ends_with('\r')) line.pop_back();
    if (!may_show(line, table, may_hold_secrets(place))) return std::nullopt;
    return line;
}

}  // namespace nudged::config
