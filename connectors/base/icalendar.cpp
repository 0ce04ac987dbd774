// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/icalendar.hpp"

#include "connectors/base/instant.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace nudged {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr int last_year = 2099;
constexpr days longest_event{366};
constexpr int most_periods = 10'000;       // of a duration: beyond this any is too long
constexpr std::size_t most_days = 50'000;  // told by one file, those told twice included

/// A line with those that continue it; where it begins.
struct Line {
    int number = 0;
    std::string text;
};

/// RFC 5545 §3.1: a line that begins with a space or a tab continues the one before.
std::vector<Line> unfold(std::string_view text) {
    std::vector<Line> lines;
    int number = 0;
    for (auto part : split(text, '\n')) {
        ++number;
        if (part.ends_with('\r')) part.remove_suffix(1);
        const bool continues = part.starts_with(' ') || part.starts_with('\t');
        if (continues && !lines.empty())
            lines.back().text += part.substr(1);
        else if (!part.empty())
            lines.push_back({number, std::string{part}});
    }
    return lines;
}

/// NAME;PARAMETER=VALUE:VALUE. Name and parameters in upper case.
struct Property {
    int line = 0;
    std::string name;
    std::string parameters;
    std::string value;
};

std::string upper(std::string_view text) {
    std::string result{text};
    for (auto& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

std::optional<Property> parse_property(const Line& line) {
    bool is_quoted = false;
    for (std::size_t at = 0; at < line.text.size(); ++at) {
        if (line.text[at] == '"') is_quoted = !is_quoted;
        if (is_quoted || line.text[at] != ':') continue;
        const auto head = upper(line.text.substr(0, at));
        const auto semicolon = head.find(';');
        return Property{line.number, head.substr(0, semicolon),
                        semicolon == head.npos ? "" : head.substr(semicolon),
                        std::string{trim(std::string_view{line.text}.substr(at + 1))}};
    }
    return std::nullopt;
}

std::optional<int> parse_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// "20261126"
std::optional<local_days> parse_day(std::string_view text) {
    if (text.size() != 8) return std::nullopt;
    return parse_date(
        fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
}

/// "P3D", "P2W"
std::optional<days> parse_duration(std::string_view text) {
    if (text.size() < 3 || text.front() != 'P') return std::nullopt;
    const auto number = parse_number(text.substr(1, text.size() - 2));
    if (!number || *number < 1) return std::nullopt;
    const int periods = std::min(*number, most_periods);
    if (text.back() == 'D') return days{periods};
    if (text.back() == 'W') return days{7 * periods};
    return std::nullopt;
}

/// Every year on the day of its start, or on the nth weekday of a month.
struct Yearly {
    int interval = 1;
    std::optional<int> count;
    std::optional<local_days> until;
    std::optional<unsigned> month;
    std::optional<unsigned> day_of_month;
    std::optional<std::chrono::weekday> weekday;
    int nth = 0;  // from the end when negative
};

std::optional<std::chrono::weekday> parse_weekday(std::string_view text) {
    constexpr std::array<std::string_view, 7> names{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    const auto* found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) return std::nullopt;
    return std::chrono::weekday{static_cast<unsigned>(found - names.begin())};
}

/// "4TH", "-1MO"
bool read_nth(std::string_view text, Yearly& rule) {
    if (text.size() < 3) return false;
    const auto nth = parse_number(text.substr(0, text.size() - 2));
    rule.weekday = parse_weekday(text.substr(text.size() - 2));
    if (!nth || *nth == 0 || *nth < -5 || *nth > 5) return false;
    rule.nth = *nth;
    return rule.weekday.has_value();
}

bool read_part(std::string_view name, std::string_view value, Yearly& rule) {
    const auto number = parse_number(value);
    const bool is_positive = number && *number > 0;
    if (name == "FREQ") return value == "YEARLY";
    if (name == "WKST") return true;  // says nothing of a rule by years
    if (name == "INTERVAL" && is_positive) return rule.interval = *number, true;
    if (name == "COUNT" && is_positive) return rule.count = *number, true;
    if (name == "UNTIL") return (rule.until = parse_day(value.substr(0, 8))).has_value();
    if (name == "BYMONTH" && is_positive && *number <= 12)
        return rule.month = static_cast<unsigned>(*number), true;
    if (name == "BYMONTHDAY" && is_positive && *number <= 31)
        return rule.day_of_month = static_cast<unsigned>(*number), true;
    return name == "BYDAY" && read_nth(value, rule);
}

/// nullopt for a rule that says something else.
std::optional<Yearly> parse_rule(std::string_view text) {
    Yearly rule;
    bool is_yearly = false;
    for (const auto part : split(text, ';')) {
        const auto equals = part.find('=');
        if (equals == part.npos) return std::nullopt;
        const auto name = upper(part.substr(0, equals));
        if (!read_part(name, upper(part.substr(equals + 1)), rule)) return std::nullopt;
        is_yearly = is_yearly || name == "FREQ";
    }
    if (!is_yearly || (rule.weekday && (!rule.month || rule.day_of_month))) return std::nullopt;
    return rule;
}

/// The day on which the rule falls in a year; nullopt in a year without one, such as 29 February.
std::optional<local_days> day_in(const Yearly& rule, local_days start, std::chrono::year year) {
    const std::chrono::year_month_day first{start};
    const auto month = rule.month ? std::chrono::month{*rule.month} : first.month();
    if (!rule.weekday) {
        const auto day = rule.day_of_month ? std::chrono::day{*rule.day_of_month} : first.day();
        const auto date = year / month / day;
        return date.ok() ? std::optional{local_days{date}} : std::nullopt;
    }
    const auto begins = local_days{year / month / 1};
    const auto ends = local_days{year / month / std::chrono::last} + days{1};
    const auto ahead = *rule.weekday - std::chrono::weekday{begins};
    const auto back = std::chrono::weekday{ends - days{1}} - *rule.weekday;
    const auto day = rule.nth > 0 ? begins + ahead + days{7 * (rule.nth - 1)}
                                  : ends - days{1} - back - days{7 * (-rule.nth - 1)};
    return day >= begins && day < ends ? std::optional{day} : std::nullopt;
}

/// One VEVENT on its way.
struct Event {
    int line = 0;
    std::optional<local_days> start{}, end{};
    std::optional<days> duration{};
    std::optional<Yearly> rule{};
    bool is_cancelled = false;
    bool is_bad = false;
};

class Parser {
public:
    Parser(const std::string& file, Diagnostics& problems) : file_(file), problems_(problems) {}

    std::set<local_days> parse(std::string_view text) {
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        bool has_calendar = false;
        for (const auto& line : unfold(text)) {
            const auto property = parse_property(line);
            if (!property) {
                error(line.number, "is no line of an iCalendar file",
                      "a line is NAME:VALUE, and one that continues it begins with a space");
                return days_;
            }
            has_calendar = has_calendar ||
                           (property->name == "BEGIN" && upper(property->value) == "VCALENDAR");
            take(*property);
        }
        if (!has_calendar)
            error(1, "is no iCalendar file: it has no BEGIN:VCALENDAR",
                  "export the calendar as .ics");
        else if (!open_.empty())
            error(1, fmt::format("ends within {}", open_.back()), "export it once more");
        return days_;
    }

private:
    void error(int line, std::string what, std::string remedy) {
        problems_.error({file_, line, 0}, std::move(what), std::move(remedy));
    }

    void take(const Property& property) {
        const auto value = upper(property.value);
        if (property.name == "BEGIN") {
            open_.push_back(value);
            if (value == "VEVENT") event_ = Event{.line = property.line};
        } else if (property.name == "END") {
            if (!open_.empty() && open_.back() == value) open_.pop_back();
            if (value == "VEVENT") add_event();
        } else if (!open_.empty() && open_.back() == "VEVENT") {
            take_of_event(property);
        }
    }

    /// A date; with a time of day it is an appointment, and no day off.
    std::optional<local_days> read_day(const Property& property) {
        const auto day = parse_day(property.value);
        if (day) return day;
        event_.is_bad = true;
        error(property.line, fmt::format("{} is no whole day", property.name),
              "only all-day events are understood: " + property.name + ";VALUE=DATE:20261126");
        return std::nullopt;
    }

    void take_of_event(const Property& property) {
        if (property.name == "DTSTART") event_.start = read_day(property);
        if (property.name == "DTEND") event_.end = read_day(property);
        if (property.name == "DURATION") event_.duration = parse_duration(upper(property.value));
        if (property.name == "DURATION" && !event_.duration)
            refuse(property, "DURATION is not in days or weeks", "write DTEND;VALUE=DATE instead");
        if (property.name == "STATUS") event_.is_cancelled = upper(property.value) == "CANCELLED";
        if (property.name == "RRULE") event_.rule = parse_rule(property.value);
        if (property.name == "RRULE" && !event_.rule)
            refuse(property, "this RRULE is not understood",
                   "only yearly ones are, by date or by BYMONTH=11;BYDAY=4TH; list the days as "
                   "events of their own");
        if (property.name == "RDATE" || property.name == "EXDATE" ||
            property.name == "RECURRENCE-ID")
            refuse(property, property.name + " is not understood",
                   "list the days as events of their own");
    }

    void refuse(const Property& property, std::string what, std::string remedy) {
        event_.is_bad = true;
        error(property.line, std::move(what), std::move(remedy));
    }

    void add_event() {
        if (event_.is_bad || event_.is_cancelled) return;
        if (!event_.start) {
            error(event_.line, "this event has no DTSTART", "give it DTSTART;VALUE=DATE");
            return;
        }
        const auto length =
            event_.end ? *event_.end - *event_.start : event_.duration.value_or(days{1});
        if (length < days{1} || length > longest_event) {
            error(event_.line,
                  length < days{1} ? "this event ends before it begins"
                                   : "this event takes more than a year",
                  "DTEND is the day after the last one");
            return;
        }
        if (!event_.rule) return add_days(*event_.start, length);
        add_yearly(*event_.start, length, *event_.rule);
    }

    void add_yearly(local_days start, days length, const Yearly& rule) {
        int count = 0;
        const std::chrono::year_month_day first{start};
        const int interval = std::min(rule.interval, last_year);
        for (int year = int(first.year()); year <= last_year; year += interval) {
            const auto day = day_in(rule, start, std::chrono::year{year});
            if (!day || *day < start) continue;
            if ((rule.until && *day > *rule.until) || (rule.count && count == *rule.count)) return;
            ++count;
            add_days(*day, length);
            if (told_ > most_days) return;
        }
    }

    void add_days(local_days start, days length) {
        told_ += static_cast<std::size_t>(length.count());
        if (told_ > most_days) {
            if (!is_full_)
                error(event_.line, fmt::format("this file tells more than {} days", most_days),
                      "leave out events of the past, and those that repeat for no end");
            is_full_ = true;
            return;
        }
        for (auto day = start; day < start + length; day += days{1}) days_.insert(day);
    }

    const std::string& file_;
    Diagnostics& problems_;
    std::vector<std::string> open_;
    Event event_;
    std::set<local_days> days_;
    std::size_t told_ = 0;
    bool is_full_ = false;
};

}  // namespace

std::set<local_days> parse_icalendar(std::string_view text, const std::string& file,
                                     Diagnostics& problems) {
    return Parser{file, problems}.parse(text);
}

}  // namespace nudged
