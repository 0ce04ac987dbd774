// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/team_fields.hpp"

#include "connectors/base/icalendar.hpp"
#include "connectors/base/text.hpp"

#include <fstream>

namespace nudged::config {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

constexpr std::uintmax_t largest_calendar = 4 * 1024 * 1024;

/// A mailbox as CRMs hold it; nullopt when it is none.
std::optional<std::string> parse_email(std::string_view text) {
    const auto at = text.find('@');
    const bool good = at != text.npos && at > 0 && at + 1 < text.size() &&
                      text.find('@', at + 1) == text.npos && clean_line(text) == text &&
                      text.find(' ') == text.npos;
    return good ? std::optional{to_lower_ascii(text)} : std::nullopt;
}

bool add_email(const toml::node& node, std::vector<std::string>& out, const Spot& spot) {
    std::string text;
    if (!Codec<std::string>::read(node, text, spot)) return false;
    auto email = parse_email(text);
    if (email)
        out.push_back(std::move(*email));
    else
        spot.error(node, fmt::format("\"{}\" is no e-mail address: \"{}\"", spot.key, text));
    return email.has_value();
}

}  // namespace

bool Weekdays::read(const toml::node& node, std::bitset<7>& out, const Spot& spot) {
    static const std::vector<std::string> words(weekdays.begin(), weekdays.end());
    const auto* list = node.as_array();
    if (!list) {
        spot.wrong_type(node, "a list", R"(write ["mon", "tue", …])");
        return false;
    }
    std::bitset<7> week;
    for (const auto& element : *list)
        if (const auto day = read_word(element, spot, words)) week.set(*day);
    out = week;
    return true;
}

std::optional<Value> Weekdays::write(const std::bitset<7>& week) {
    std::vector<std::string> words;
    for (std::size_t day = 0; day < weekdays.size(); ++day)
        if (week[day]) words.emplace_back(weekdays[day]);
    return Codec<std::vector<std::string>>::write(words);
}

Shape Weekdays::shape() {
    return Shape::list_of(Shape::one_of({weekdays.begin(), weekdays.end()}));
}

bool WeekPattern::read(const toml::node& node, std::bitset<7>& out, const Spot& spot) {
    if (!Weekdays::read(node, out, spot)) return false;
    if (node.as_array()->empty()) spot.error(node, fmt::format("\"{}\" must name a day", spot.key));
    return true;
}

std::optional<Value> WeekPattern::write(const std::bitset<7>& week) {
    return Weekdays::write(week);
}

bool DaySet::read(const toml::node& node, Days& out, const Spot& spot) {
    std::vector<local_days> list;
    const bool good = Codec<std::vector<local_days>>::read(node, list, spot);
    out = Days(list.begin(), list.end());
    return good;
}

std::optional<Value> DaySet::write(const Days& days) {
    return Codec<std::vector<local_days>>::write({days.begin(), days.end()});
}

std::optional<Complaint> HalfOrWhole::operator()(double share) const {
    if (share == 0.5 || share == 1) return std::nullopt;
    return Complaint{"must be 1, or 0.5 for half days", ""};
}

bool TimeOff::read(const toml::node& node, DaysOff& out, const Spot& spot) {
    constexpr days longest{3'660};
    const auto* list = node.as_array();
    if (!list) {
        spot.wrong_type(node, "a list", "write [{ from = 2026-12-21, to = 2026-12-31 }]");
        return false;
    }
    for (const auto& element : *list) {
        AwayRange range;
        const auto before = spot.reading.problems.items().size();
        Codec<AwayRange>::read(element, range, spot);
        if (spot.reading.problems.items().size() > before) continue;
        if (range.to < range.from)
            spot.error(element, "time off ends before it begins",
                       "\"to\" is the last day off, \"from\" the first");
        else if (range.to - range.from > longest)
            spot.error(element, "time off of more than ten years",
                       "say with \"until\" that somebody has left");
        else
            for (auto day = range.from; day <= range.to; day += days{1}) out[day] = range.share;
    }
    return true;
}

std::optional<Value> TimeOff::write(const DaysOff& off) {
    std::vector<AwayRange> ranges;
    for (const auto& [day, share] : off) {
        if (!ranges.empty() && ranges.back().to + days{1} == day && ranges.back().share == share)
            ranges.back().to = day;
        else
            ranges.push_back({day, day, share});
    }
    std::string text;
    for (const auto& range : ranges) {
        Table table;
        write_fields(range, table);
        text += (text.empty() ? "" : ", ") + render_inline(table);
    }
    return Value::of("[" + text + "]");
}

Shape TimeOff::shape() {
    return Shape::list_of(Codec<AwayRange>::shape());
}

bool CalendarPath::read(const toml::node& node, warehouse::CalendarFile& out, const Spot& spot) {
    if (!Codec<std::string>::read(node, out.path, spot)) return false;
    const auto path = spot.reading.folder / out.path;
    std::error_code none;
    std::ifstream stream;
    if (!std::filesystem::is_directory(path, none)) stream.open(path, std::ios::binary);
    if (!stream.is_open()) {
        spot.error(node,
                   fmt::format("\"{}\" names no file that can be read: {}", spot.key, out.path),
                   "paths begin at the folder of this file");
        return false;
    }
    if (std::filesystem::file_size(path, none) > largest_calendar) {
        spot.error(node, fmt::format("{} is larger than 4 MiB", out.path),
                   "export holidays or time off alone");
        return false;
    }
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    out.days = parse_icalendar(text, out.path, spot.reading.problems);
    return true;
}

std::optional<Value> CalendarPath::write(const warehouse::CalendarFile& file) {
    return file.path.empty() ? std::nullopt : Codec<std::string>::write(file.path);
}

bool MainEmail::read(const toml::node& node, std::vector<std::string>& out, const Spot& spot) {
    return add_email(node, out, spot);
}

std::optional<Value> MainEmail::write(const std::vector<std::string>& emails) {
    return emails.size() == 1 ? Codec<std::string>::write(emails.front()) : std::nullopt;
}

Shape MainEmail::shape() {
    return Shape::text("an e-mail address", "^[^@\\s]+@[^@\\s]+$");
}

bool AllEmails::read(const toml::node& node, std::vector<std::string>& out, const Spot& spot) {
    const auto* list = node.as_array();
    if (!list) {
        spot.wrong_type(node, "a list", "write [ … ]");
        return false;
    }
    bool good = true;
    for (const auto& element : *list) good = add_email(element, out, spot) && good;
    return good;
}

std::optional<Value> AllEmails::write(const std::vector<std::string>& emails) {
    return emails.size() > 1 ? Codec<std::vector<std::string>>::write(emails) : std::nullopt;
}

bool AliasEmail::read(const toml::node& node, std::string& out, const Spot& spot) {
    std::vector<std::string> one;
    if (!add_email(node, one, spot)) return false;
    out = std::move(one.front());
    return true;
}

std::optional<Value> AliasEmail::write(const std::string& email) {
    return email.empty() ? std::nullopt : Codec<std::string>::write(email);
}

bool Manager::read(const toml::node& node, warehouse::RosterPerson& out, const Spot& spot) {
    if (!node.is_string() && !node.is_table()) {
        spot.wrong_type(node, "an e-mail address or a table",
                        "write { name = \"…\", email = \"…\" }");
        return false;
    }
    if (node.is_table()) return Codec<warehouse::RosterPerson>::read(node, out, spot);
    out.place = spot.place(node);
    return add_email(node, out.emails, spot);
}

std::optional<Value> Manager::write(const warehouse::RosterPerson& manager) {
    return Codec<warehouse::RosterPerson>::write(manager);
}

Shape Manager::shape() {
    return Shape::either({MainEmail::shape(), Codec<warehouse::RosterPerson>::shape()});
}

bool Codec<warehouse::UserLink>::read(const toml::node& node, warehouse::UserLink& out,
                                      const Spot& spot) {
    std::string text;
    if (!Codec<std::string>::read(node, text, spot)) return false;
    const auto slash = text.find('/');
    if (slash == text.npos || slash == 0 || slash + 1 == text.size()) {
        spot.error(node, fmt::format("\"{}\" names no user: \"{}\"", spot.key, text),
                   "write \"SOURCE/USER ID\"");
        return false;
    }
    out = {text.substr(0, slash), text.substr(slash + 1)};
    return true;
}

std::optional<Value> Codec<warehouse::UserLink>::write(const warehouse::UserLink& link) {
    return Value::of(quote(link.source + "/" + link.user));
}

}  // namespace nudged::config
