// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/source_line.hpp"

#include "connectors/base/text.hpp"
#include "daemon/config/shape.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <vector>

namespace nudged::config {
namespace {

namespace fs = std::filesystem;

/// Longer lines are cut by the reader of the terminal's text; a file of one endless line is not
/// read whole.
constexpr std::size_t max_line_bytes = 64 * 1024;

struct KnownKeys {
    std::set<std::string, std::less<>> all;
    std::set<std::string, std::less<>> of_secrets;
};

bool is_secret(const Shape& shape) {
    return shape.form.starts_with("{ file = ") ||
           std::any_of(shape.parts.begin(), shape.parts.end(), is_secret);
}

void collect(const Shape& shape, KnownKeys& known) {
    for (const auto& key : shape.keys) {
        known.all.insert(key.name);
        if (is_secret(key.shape)) known.of_secrets.insert(key.name);
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
        return keys;
    }();
    return known;
}

/// Tables whose keys are the admin's own, and may name a secret.
bool has_own_keys(std::string_view table) {
    const auto parts = split(table, '.');
    static constexpr std::array own{"credentials", "settings", "config", "headers", "auth"};
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
        return std::find(own.begin(), own.end(), part) != own.end();
    });
}

bool sounds_secret(std::string_view key) {
    const auto lower = to_lower_ascii(key);
    static constexpr std::array words{"password",   "secret",  "token",
                                      "credential", "api_key", "authorization"};
    return std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return lower.find(word) != lower.npos; });
}

bool is_of_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/// The last part of the key before the "=" at `equals`; "" when it is quoted or none.
std::string_view key_before(std::string_view line, std::size_t equals) {
    auto end = equals;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) --end;
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

bool is_main_or_in(const Place& place) {
    const fs::path file{place.file};
    const auto folder = file.parent_path().filename();
    if (folder == "sources.d" || folder == "channels.d") return true;
    // The main file may have any name; the others beside it have theirs.
    static const std::set<std::string> others{"teams.toml", "routes.toml", "kpis.toml",
                                              "criteria.toml", "checks.toml"};
    return folder.empty() && !others.contains(file.string());
}

}  // namespace

bool may_show(std::string_view line, std::string_view table, bool is_home_of_secrets) {
    const auto text = trim(line);
    if (text.empty() || is_header(text)) return true;
    const auto keys = keys_in(line);
    const auto& known = known_keys();
    for (const auto key : keys)
        if (known.of_secrets.contains(key) || sounds_secret(key) || has_own_keys(key)) return false;
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
        if (!is_header(line)) continue;
        const auto name = trim(line);
        const auto begin = name.find_first_not_of('[');
        table = name.substr(begin, name.find_last_not_of(']') - begin + 1);
    }
    if (line.ends_with('\r')) line.pop_back();
    if (!may_show(line, table, is_main_or_in(place))) return std::nullopt;
    return line;
}

}  // namespace nudged::config
