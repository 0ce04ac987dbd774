// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/command/verdict.hpp"

#include "connectors/base/text.hpp"

#include <rapidjson/document.h>
#include <sysexits.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace nudged::channels::command {
namespace {

constexpr std::size_t max_looked_at = 1'000;
constexpr std::size_t max_told = 200;
constexpr std::size_t least_value = 3;        // shorter ones stand in every sentence
constexpr std::size_t least_credential = 20;  // characters in a row without a space
constexpr std::string_view gone = "…";

void collect(const rapidjson::Value& json, std::vector<std::string>& values) {
    if (json.IsString()) {
        for (const auto line : split({json.GetString(), json.GetStringLength()}, '\n'))
            if (line.size() >= least_value) values.emplace_back(line);
    } else if (json.IsArray()) {
        for (const auto& element : json.GetArray()) collect(element, values);
    } else if (json.IsObject()) {
        for (const auto& member : json.GetObject()) collect(member.value, values);
    }
}

/// The longest first, or the rest of one would stand.
std::vector<std::string> values_of(const std::string& payload) {
    std::vector<std::string> values;
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(payload.data(), payload.size());
    if (!document.HasParseError()) collect(document, values);
    std::ranges::sort(values, std::greater{}, &std::string::size);
    return values;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// What stands between quotation marks was handed in from somewhere.
void remove_quoted(std::string& text) {
    for (const char quote : {'"', '\'', '`'}) {
        for (auto begin = text.find(quote); begin != text.npos;) {
            const auto end = text.find(quote, begin + 1);
            if (end == text.npos) break;
            text.replace(begin + 1, end - begin - 1, gone);
            begin = text.find(quote, begin + 2 + gone.size());
        }
    }
}

std::string safe_word(std::string_view word) {
    const auto scheme = word.find("://");
    if (scheme != word.npos) {
        // Neither a password before the host nor a path or a query behind it.
        const auto end = word.find_first_of("/?#", scheme + 3);
        const auto at = word.substr(0, end).rfind('@');
        const auto host = at == word.npos ? scheme + 3 : at + 1;
        return std::string{word.substr(0, scheme + 3)}.append(
                   word.substr(host, end == word.npos ? word.npos : end - host)) +
               (end == word.npos ? "" : "/…");
    }
    if (word.find('@') != word.npos) return std::string{gone};
    const bool has_digit =
        std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool is_path = word.starts_with('/');
    if (word.size() >= least_credential && has_digit && !is_path) return std::string{gone};
    const auto equals = word.find('=');
    if (equals != word.npos) return std::string{word.substr(0, equals + 1)}.append(gone);
    return std::string{word};
}

}  // namespace

Outcome outcome_of(int status) {
    switch (status) {
    case 0: return Outcome::delivered;
    case EX_DATAERR:
    case EX_NOINPUT: return Outcome::refused_payload;
    case EX_USAGE:
    case EX_NOUSER:
    case EX_NOHOST:
    case EX_OSFILE:
    case EX_CANTCREAT:
    case EX_NOPERM:
    case EX_CONFIG: return Outcome::refused_destination;
    case 126:  // what shells say of a program that cannot be run, or is not there
    case 127: return Outcome::refused_destination;
    default: break;
    }
    return status > 128 ? Outcome::ambiguous : Outcome::transient;
}

std::string redact(std::string_view line, const std::string& payload) {
    auto text = clean_line(line.substr(0, max_looked_at));
    for (const auto& value : values_of(payload)) replace_all(text, value, gone);
    remove_quoted(text);
    std::string safe;
    for (const auto word : split(text, ' ')) {
        if (!safe.empty()) safe += ' ';
        safe += safe_word(word);
    }
    return shorten(safe, max_told);
}

}  // namespace nudged::channels::command
