// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nudged::sources {

/// What a placeholder stands for: nothing, a text, a number, a time, a list.
using Variable =
    std::variant<std::monostate, std::string, std::int64_t, Instant, std::vector<std::string>>;
using Variables = std::map<std::string, Variable, std::less<>>;

/// How what a placeholder stands for is written: `{window.lo as epoch_ms}`, `{ids as quoted}`.
struct Form {
    enum class Kind : std::uint8_t {
        iso,         // 2026-11-20T12:00:00Z; milliseconds where there are any
        iso_ms,      // always with milliseconds
        iso_offset,  // +00:00 instead of Z
        date,        // the day in UTC
        local,       // 2026-11-20 13:00:00 by the clocks of `zone`
        epoch_ms,
        epoch_s,
        format,  // by the clocks of `zone`
        number,  // in JSON without quotes: {ids as number}; a text that is no number keeps them
        // Texts, so that nothing in them can end the text:
        quoted,         // 'it\'s'
        double_quoted,  // "say \"hi\""
        sql,            // 'it''s'
        // Digests of texts, in hexadecimal:
        md5,
        sha1,
        sha256,
    };
    Kind kind = Kind::iso;
    std::string format{};
    Zone zone = Zone::utc();

    bool is_epoch() const { return kind == Kind::epoch_ms || kind == Kind::epoch_s; }
    bool has_zone() const { return kind == Kind::local || kind == Kind::format; }
    bool is_digest() const { return kind >= Kind::md5; }
    /// Whether it is about texts, and turns every value into one.
    bool is_of_text() const { return kind >= Kind::quoted; }
};

/// By its name; `local` is by the clocks of `zone`.
std::optional<Form> form_of(std::string_view name, const Zone& zone);
std::vector<std::string> form_names();

/// A list's elements are each written in the form, with commas between them. nullopt: nothing.
std::optional<std::string> text_of(const Variable& variable, const Form& form);

}  // namespace nudged::sources
