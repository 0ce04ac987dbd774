// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/form.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/sources/mapping/time_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace nudged::sources {
namespace {

using Kind = Form::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 14> kinds{{
    {"iso", Kind::iso},
    {"iso_ms", Kind::iso_ms},
    {"iso_offset", Kind::iso_offset},
    {"date", Kind::date},
    {"local", Kind::local},
    {"epoch_ms", Kind::epoch_ms},
    {"epoch_s", Kind::epoch_s},
    {"number", Kind::number},
    {"quoted", Kind::quoted},
    {"double_quoted", Kind::double_quoted},
    {"sql", Kind::sql},
    {"md5", Kind::md5},
    {"sha1", Kind::sha1},
    {"sha256", Kind::sha256},
}};

/// `text` between two of `quote`, which a backslash takes its meaning from, as it does from itself.
/// Line ends are written as two characters: a query may not go over several lines.
std::string backslashed(std::string_view text, char quote) {
    std::string result{quote};
    for (const char c : text) {
        if (c == '\n') {
            result += "\\n";
        } else if (c == '\r') {
            result += "\\r";
        } else {
            if (c == quote || c == '\\') result += '\\';
            result += c;
        }
    }
    return result + quote;
}

std::string doubled(std::string_view text) {
    std::string result{"'"};
    for (const char c : text)
        result += c == '\'' ? std::string_view{"''"} : std::string_view{&c, 1};
    return result + '\'';
}

std::string in_form(const std::string& text, const Form& form) {
    using crypto::Digest;
    switch (form.kind) {
    case Kind::quoted: return backslashed(text, '\'');
    case Kind::double_quoted: return backslashed(text, '"');
    case Kind::sql: return doubled(text);
    case Kind::md5: return crypto::hex(crypto::digest(Digest::md5, text));
    case Kind::sha1: return crypto::hex(crypto::digest(Digest::sha1, text));
    case Kind::sha256: return crypto::hex(crypto::digest(Digest::sha256, text));
    default: return text;
    }
}

std::string in_form(Instant instant, const Form& form) {
    const auto utc = [&](std::string_view format) {
        return write_time(instant, format, Zone::utc());
    };
    switch (form.kind) {
    case Kind::iso: return format_instant(instant);
    case Kind::iso_ms: return utc("%FT%T.%LZ");
    case Kind::iso_offset: {
        auto text = format_instant(instant);
        text.replace(text.size() - 1, 1, "+00:00");
        return text;
    }
    case Kind::date: return utc("%F");
    case Kind::local: return write_time(instant, "%F %T", form.zone);
    case Kind::epoch_ms: return std::to_string(to_millis(instant));
    case Kind::epoch_s: return std::to_string(to_millis(instant) / 1000);
    case Kind::format: return write_time(instant, form.format, form.zone);
    default: return in_form(format_instant(instant), form);
    }
}

}  // namespace

std::optional<Form> form_of(std::string_view name, const Zone& zone) {
    for (const auto& [known, kind] : kinds)
        if (known == name) return Form{.kind = kind, .format = {}, .zone = zone};
    return std::nullopt;
}

std::vector<std::string> form_names() {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kinds) names.emplace_back(name);
    return names;
}

std::optional<std::string> text_of(const Variable& variable, const Form& form) {
    if (const auto* text = std::get_if<std::string>(&variable)) return in_form(*text, form);
    if (const auto* number = std::get_if<std::int64_t>(&variable))
        return in_form(std::to_string(*number), form);
    if (const auto* instant = std::get_if<Instant>(&variable)) return in_form(*instant, form);
    const auto* list = std::get_if<std::vector<std::string>>(&variable);
    if (!list) return std::nullopt;
    std::string text;
    for (const auto& element : *list) {
        if (&element != &list->front()) text += ',';
        text += in_form(element, form);
    }
    return text;
}

}  // namespace nudged::sources
