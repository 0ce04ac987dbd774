// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/calendar.hpp"

#include "connectors/base/instant.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged {
namespace {

using std::chrono::days;
using std::chrono::local_days;

unsigned days_since_monday(local_days day) {
    return std::chrono::weekday{day}.iso_encoding() - 1;
}

/// 4 January is always in week 1 (ISO 8601).
local_days first_monday(int year) {
    const local_days fourth{std::chrono::year{year} / 1 / 4};
    return fourth - days{days_since_monday(fourth)};
}

}  // namespace

IsoWeek IsoWeek::of(local_days day) {
    return IsoWeek{day - days{days_since_monday(day)}};
}

std::optional<IsoWeek> IsoWeek::parse(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 8 || text.substr(4, 2) != "-W") return std::nullopt;
    std::string digits{text.substr(0, 4)};
    digits += text.substr(6);
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    const int year = std::stoi(digits.substr(0, 4));
    const int week = std::stoi(digits.substr(4));
    if (year < 1 || week < 1) return std::nullopt;
    const IsoWeek parsed = IsoWeek{first_monday(year)}.plus(week - 1);
    if (parsed.year() != year) return std::nullopt;
    return parsed;
}

int IsoWeek::year() const {
    // A week belongs to the year that its Thursday is in.
    return int(std::chrono::year_month_day{monday_ + days{3}}.year());
}

int IsoWeek::week() const {
    return static_cast<int>((monday_ - first_monday(year())).count() / 7 + 1);
}

std::string IsoWeek::str() const {
    return fmt::format("{:04}-W{:02}", year(), week());
}

double WorkCalendar::working_share(local_days day) const {
    const auto weekday = days_since_monday(day);
    if (!week[weekday] || holidays.contains(day)) return 0;
    const double whole = half_days[weekday] ? 0.5 : 1;
    const auto off = away.find(day);
    return off == away.end() ? whole : std::max(0.0, whole - off->second);
}

double WorkCalendar::working_days(local_days from, local_days until) const {
    double sum = 0;
    for (auto day = from; day < until; day += days{1}) sum += working_share(day);
    return sum;
}

int WorkCalendar::working_age(local_days from, local_days today) const {
    int age = 0;
    for (auto day = from + days{1}; day <= today; day += days{1}) age += works(day);
    return age;
}

}  // namespace nudged
