// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/codec.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::config {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Unit {
    char letter;
    seconds length;
    std::string_view plural;
};
constexpr std::array<Unit, 4> units{{{'s', seconds{1}, "seconds"},
                                     {'m', seconds{60}, "minutes"},
                                     {'h', seconds{3600}, "hours"},
                                     {'d', seconds{86400}, "days"}}};

/// "1h30m": numbers, each with its unit; nullopt for anything else, and past a century.
std::optional<seconds> parse_duration(std::string_view text) {
    constexpr seconds century{36525LL * 86400};
    if (text.empty()) return std::nullopt;
    seconds sum{0};
    while (!text.empty()) {
        std::int64_t number = 0;
        std::size_t digits = 0;
        for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits)
            number = std::min<std::int64_t>(number * 10 + (text[digits] - '0'), century.count());
        if (digits == 0 || digits == text.size()) return std::nullopt;
        const auto unit = std::find_if(units.begin(), units.end(),
                                       [&](const Unit& one) { return one.letter == text[digits]; });
        if (unit == units.end()) return std::nullopt;
        sum += number * unit->length;
        if (sum > century) return std::nullopt;
        text.remove_prefix(digits + 1);
    }
    return sum;
}

}  // namespace

bool Codec<bool>::read(const toml::node& node, bool& out, const Spot& spot) {
    const auto value = node.value_exact<bool>();
    if (value)
        out = *value;
    else
        spot.wrong_type(node, "true or false");
    return value.has_value();
}

bool Codec<double>::read(const toml::node& node, double& out, const Spot& spot) {
    if (!node.is_number()) {
        spot.wrong_type(node, "a number");
        return false;
    }
    const double number = node.value<double>().value();
    if (!std::isfinite(number)) {
        spot.error(node, fmt::format("\"{}\" must be a finite number", spot.key));
        return false;
    }
    out = number;
    return true;
}

std::optional<Value> Codec<double>::write(double value) {
    auto text = fmt::format("{}", value);
    if (text.find_first_of(".e") == text.npos) text += ".0";
    return Value::of(std::move(text));
}

bool Codec<std::string>::read(const toml::node& node, std::string& out, const Spot& spot) {
    auto value = node.value_exact<std::string>();
    if (value)
        out = std::move(*value);
    else
        spot.wrong_type(node, "text");
    return value.has_value();
}

bool Codec<char>::read(const toml::node& node, char& out, const Spot& spot) {
    std::string text;
    if (!Codec<std::string>::read(node, text, spot)) return false;
    if (text.size() != 1) {
        spot.error(node, fmt::format("\"{}\" must be one character", spot.key));
        return false;
    }
    out = text.front();
    return true;
}

bool Codec<Zone>::read(const toml::node& node, Zone& out, const Spot& spot) {
    std::string name;
    if (!Codec<std::string>::read(node, name, spot)) return false;
    const auto zone = Zone::find(name);
    if (zone)
        out = *zone;
    else
        spot.error(node, fmt::format("there is no time zone \"{}\"", name),
                   "write an IANA name such as \"Europe/Berlin\"");
    return zone.has_value();
}

bool Codec<std::chrono::local_days>::read(const toml::node& node, std::chrono::local_days& out,
                                          const Spot& spot) {
    std::optional<std::chrono::local_days> day;
    if (const auto date = node.value_exact<toml::date>())
        day = std::chrono::local_days{std::chrono::year{date->year} / date->month / date->day};
    else if (const auto text = node.value_exact<std::string>())
        day = parse_date(*text);
    else {
        spot.wrong_type(node, "a date", "write it as 2026-11-20");
        return false;
    }
    if (day)
        out = *day;
    else
        spot.error(node, fmt::format("\"{}\" is no date", spot.key), "write it as 2026-11-20");
    return day.has_value();
}

bool TimeOfDay::read(const toml::node& node, minutes& out, const Spot& spot) {
    constexpr const char* remedy = "write it as \"08:00\"";
    if (const auto time = node.value_exact<toml::time>()) {
        out = minutes{time->hour * 60 + time->minute};
        return true;
    }
    const auto text = node.value_exact<std::string>();
    if (!text) {
        spot.wrong_type(node, "a time of day", remedy);
        return false;
    }
    // The date takes no part: an instant's text is read so that one parser knows what a time is.
    const auto instant =
        text->size() == 5 ? parse_instant("2000-01-01T" + *text + "Z") : std::nullopt;
    if (!instant) {
        spot.error(node, fmt::format("\"{}\" is no time of day: \"{}\"", spot.key, *text), remedy);
        return false;
    }
    out = std::chrono::duration_cast<minutes>(*instant -
                                              std::chrono::floor<std::chrono::days>(*instant));
    return true;
}

std::optional<Value> TimeOfDay::write(minutes since_midnight) {
    return Value::of(
        fmt::format("\"{:02}:{:02}\"", since_midnight.count() / 60, since_midnight.count() % 60));
}

bool read_whole_number(const toml::node& node, std::int64_t& out, const Spot& spot,
                       std::int64_t min, std::int64_t max) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value) {
        spot.wrong_type(node, "a whole number");
        return false;
    }
    if (*value < min || *value > max) {
        spot.error(node, fmt::format("\"{}\" must be between {} and {}", spot.key, min, max));
        return false;
    }
    out = *value;
    return true;
}

bool read_duration(const toml::node& node, seconds& out, const Spot& spot, seconds unit) {
    constexpr const char* remedy = "write it as \"90s\", \"5m\" or \"36h\"";
    const auto text = node.value_exact<std::string>();
    if (!text) {
        spot.wrong_type(node, "a duration", remedy);
        return false;
    }
    const auto duration = parse_duration(*text);
    if (!duration) {
        spot.error(node, fmt::format("\"{}\" is no duration: \"{}\"", spot.key, *text), remedy);
        return false;
    }
    if (*duration % unit != seconds{0}) {
        const auto one = std::find_if(units.begin(), units.end(),
                                      [&](const Unit& each) { return each.length == unit; });
        spot.error(node, fmt::format("\"{}\" must be whole {}", spot.key, one->plural));
        return false;
    }
    out = *duration;
    return true;
}

std::string duration_text(seconds duration) {
    // Days are left out: "36h" and "24h" are what people compare.
    for (const auto& unit : {units[2], units[1]})
        if (duration != seconds{0} && duration % unit.length == seconds{0})
            return fmt::format("{}{}", duration / unit.length, unit.letter);
    return fmt::format("{}s", duration.count());
}

std::optional<std::size_t> read_word(const toml::node& node, const Spot& spot,
                                     std::span<const std::string> words) {
    std::string word;
    if (!Codec<std::string>::read(node, word, spot)) return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), word);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    spot.error(node, fmt::format("\"{}\" cannot be \"{}\"", spot.key, word), suggest(word, words));
    return std::nullopt;
}

}  // namespace nudged::config
