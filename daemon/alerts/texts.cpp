// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/texts.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace nudged::alerts {
namespace {

namespace mustache = kainjow::mustache;

constexpr int most_sections = 100;  // of one text
constexpr std::size_t most_names = 1000;

std::string fill_in(const std::string& text, const Facts& facts) {
    // Checked when it was loaded; a text that ships, by a test.
    mustache::mustache page{text};
    page.set_custom_escape([](const std::string& value) { return value; });
    mustache::data data{mustache::data::type::object};
    for (const auto& [name, value] : facts) {
        if (value.empty()) continue;
        data.set(name, value);
        if (value == "1") data.set(name + "_one", mustache::data{true});
    }
    return page.render(data);
}

/// "January February …": the words of a list, the first one being 0.
std::string word_at(std::string_view words, unsigned index) {
    const auto all = split(words, ' ');
    return index < all.size() ? std::string{all[index]} : std::string{};
}

/// 1234567 as "1,234,567".
std::string grouped(std::string digits, std::string_view separator) {
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), separator);
    return digits;
}

}  // namespace

Texts::Texts() {
    for (const auto& [key, text] : shipped_texts()) by_key_.emplace(key, text);
}

std::string Texts::fill(std::string_view key, const Facts& facts) const {
    const auto found = by_key_.find(key);
    assert(found != by_key_.end());
    return found == by_key_.end() ? std::string{key} : fill_in(found->second, facts);
}

std::optional<std::string> Texts::find(std::string_view key, const Facts& facts) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    return fill_in(found->second, facts);
}

std::string Texts::number(double value) const {
    const auto tenths = std::llround(std::abs(value) * 10);
    std::string text = grouped(std::to_string(tenths / 10), fill("format.thousands"));
    if (tenths % 10 != 0) text += fill("format.decimal") + std::to_string(tenths % 10);
    return value < 0 && tenths != 0 ? "-" + text : text;
}

std::string Texts::percent(double share) const {
    return fill("format.percent", {{"n", number(std::round(share * 100))}});
}

std::string Texts::date_as(std::string_view key, std::chrono::local_days day) const {
    const std::chrono::year_month_day date{day};
    const auto weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    const auto month = unsigned{date.month()} - 1;
    return fill(key, {{"weekday", word_at(fill("format.weekdays"), weekday)},
                      {"wd", word_at(fill("format.weekdays_short"), weekday)},
                      {"day", std::to_string(unsigned{date.day()})},
                      {"month", word_at(fill("format.months"), month)},
                      {"mon", word_at(fill("format.months_short"), month)},
                      {"year", std::to_string(int{date.year()})}});
}

std::string Texts::date(std::chrono::local_days day) const {
    return date_as("format.date", day);
}

std::string Texts::long_date(std::chrono::local_days day) const {
    return date_as("format.long_date", day);
}

std::string Texts::weekday(std::chrono::local_days day) const {
    return word_at(fill("format.weekdays_short"), std::chrono::weekday{day}.iso_encoding() - 1);
}

std::string Texts::clock(std::chrono::minutes since_midnight) const {
    const auto hour = since_midnight.count() / 60;
    const auto twelve = hour % 12 == 0 ? 12 : hour % 12;
    return fill("format.clock", {{"hour", fmt::format("{:02}", hour)},
                                 {"hour12", std::to_string(twelve)},
                                 {"minute", fmt::format("{:02}", since_midnight.count() % 60)},
                                 {"am", hour < 12 ? "am" : ""}});
}

std::string Texts::list(const std::vector<std::string>& names) const {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? fill("format.and") : ", ";
        text += names[i];
    }
    return text;
}

const Texts& Catalogue::in(std::string_view language) const {
    if (const auto own = languages_.find(language); own != languages_.end()) return own->second;
    const auto parent = languages_.find(language.substr(0, language.find('-')));
    return parent != languages_.end() ? parent->second : languages_.find("en")->second;
}

bool Catalogue::has(std::string_view language) const {
    return languages_.find(language) != languages_.end();
}

Texts& Catalogue::open(const std::string& language) {
    if (const auto own = languages_.find(language); own != languages_.end()) return own->second;
    return languages_.emplace(language, in(language)).first->second;
}

std::optional<std::vector<std::string>> names_in(const std::string& text, std::string& why) {
    std::vector<std::string> names;
    int sections = 0;
    for (auto at = text.find("{{"); at != text.npos; at = text.find("{{", at)) {
        const auto end = text.find("}}", at);
        auto name = trim(std::string_view{text}.substr(at + 2, end - at - 2));
        if (name.starts_with('>') || name.starts_with('=')) {
            why = "templates of other files, and other braces, are not known here";
            return std::nullopt;
        }
        sections += name.starts_with('#') || name.starts_with('^');
        if (!name.empty() && std::string_view{"#^/&{"}.find(name.front()) != std::string_view::npos)
            name = trim(name.substr(1));
        if (!name.starts_with('!') && std::find(names.begin(), names.end(), name) == names.end())
            names.emplace_back(name);
        if (names.size() > most_names) {
            why = fmt::format("it names more than {} facts", most_names);
            return std::nullopt;
        }
        at = end;
    }
    // The library goes down a section inside of another by calling itself.
    if (sections > most_sections) {
        why = fmt::format("it has more than {} sections", most_sections);
        return std::nullopt;
    }
    if (const mustache::mustache page{text}; !page.is_valid()) {
        why = page.error_message();
        return std::nullopt;
    }
    return names;
}

std::string fact_name(std::string_view label) {
    std::string name;
    for (const char c : to_lower_ascii(label)) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain)
            name += c;
        else if (!name.empty() && name.back() != '_')
            name += '_';
    }
    while (name.ends_with('_')) name.pop_back();
    return name;
}

}  // namespace nudged::alerts
