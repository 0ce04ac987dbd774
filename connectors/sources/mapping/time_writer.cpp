// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/time_writer.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::sources {
namespace {

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

/// One time, taken apart once for all directives.
struct Parts {
    int year = 0;
    unsigned month = 1;
    unsigned day = 1;
    unsigned weekday = 0;
    long day_of_year = 1;
    long hour = 0;
    long minute = 0;
    long second = 0;
    long milli = 0;
    long offset = 0;  // minutes east of UTC
};

Parts parts_of(Instant instant, const Zone& zone) {
    using namespace std::chrono;
    const auto local = zone.local_time(instant);
    const auto date = floor<days>(local);
    const year_month_day calendar{date};
    const hh_mm_ss clock{floor<milliseconds>(local - date)};
    return {
        .year = int{calendar.year()},
        .month = unsigned{calendar.month()},
        .day = unsigned{calendar.day()},
        .weekday = weekday{date}.c_encoding(),
        .day_of_year = (date - local_days{calendar.year() / January / 1}).count() + 1,
        .hour = clock.hours().count(),
        .minute = clock.minutes().count(),
        .second = clock.seconds().count(),
        .milli = clock.subseconds().count(),
        .offset =
            duration_cast<minutes>(local.time_since_epoch() - instant.time_since_epoch()).count()};
}

std::string written(char directive, const Parts& at) {
    const long hour12 = at.hour % 12 == 0 ? 12 : at.hour % 12;
    switch (directive) {
    case 'Y': return fmt::format("{:04}", at.year);
    case 'y': return fmt::format("{:02}", at.year % 100);
    case 'm': return fmt::format("{:02}", at.month);
    case 'd': return fmt::format("{:02}", at.day);
    case 'e': return fmt::format("{:2}", at.day);
    case 'j': return fmt::format("{:03}", at.day_of_year);
    case 'B': return std::string{months.at(at.month - 1)};
    case 'b':
    case 'h': return std::string{months.at(at.month - 1).substr(0, 3)};
    case 'A': return std::string{weekdays.at(at.weekday)};
    case 'a': return std::string{weekdays.at(at.weekday).substr(0, 3)};
    case 'H': return fmt::format("{:02}", at.hour);
    case 'k': return fmt::format("{:2}", at.hour);
    case 'I': return fmt::format("{:02}", hour12);
    case 'l': return fmt::format("{:2}", hour12);
    case 'M': return fmt::format("{:02}", at.minute);
    case 'S': return fmt::format("{:02}", at.second);
    case 'L': return fmt::format("{:03}", at.milli);
    case 'p': return at.hour < 12 ? "AM" : "PM";
    case 'z':
        return fmt::format("{}{:02}{:02}", at.offset < 0 ? '-' : '+', std::abs(at.offset) / 60,
                           std::abs(at.offset) % 60);
    case 'F': return fmt::format("{:04}-{:02}-{:02}", at.year, at.month, at.day);
    case 'T': return fmt::format("{:02}:{:02}:{:02}", at.hour, at.minute, at.second);
    case 'R': return fmt::format("{:02}:{:02}", at.hour, at.minute);
    case 'D': return fmt::format("{:02}/{:02}/{:02}", at.month, at.day, at.year % 100);
    case 'n': return "\n";
    case 't': return "\t";
    default: return "%";
    }
}

}  // namespace

std::string write_time(Instant instant, std::string_view format, const Zone& zone) {
    const auto parts = parts_of(instant, zone);
    std::string text;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] == '%' && i + 1 < format.size())
            text += written(format[++i], parts);
        else
            text += format[i];
    }
    return text;
}

std::string writing_problem(std::string_view format) {
    constexpr std::string_view known = "YymdejbBhaAHkIlMSLpzFTRDnt%";
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') continue;
        if (i + 1 == format.size()) return "ends in a lone %";
        if (known.find(format[++i]) == std::string_view::npos)
            return fmt::format("has the unknown directive %{}", format[i]);
    }
    return {};
}

}  // namespace nudged::sources
