// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <chrono>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace nudged {

/// An ISO 8601 week, Monday to Sunday.
class IsoWeek {
public:
    static IsoWeek of(std::chrono::local_days day);
    /// "2026-W48"; nullopt for anything else, week 53 of a year without one included.
    static std::optional<IsoWeek> parse(std::string_view text);

    std::chrono::local_days monday() const { return monday_; }
    std::chrono::local_days end() const { return monday_ + std::chrono::days{7}; }  // exclusive
    IsoWeek plus(int weeks) const { return IsoWeek{monday_ + std::chrono::days{7 * weeks}}; }
    int year() const;
    int week() const;
    std::string str() const;

    friend auto operator<=>(const IsoWeek&, const IsoWeek&) = default;

private:
    explicit IsoWeek(std::chrono::local_days monday) : monday_(monday) {}
    std::chrono::local_days monday_;
};

/// Which days one person works: a week pattern, less holidays, less time off. A value.
class WorkCalendar {
public:
    /// Bit 0 is Monday. The default works Monday to Friday and knows no holidays.
    std::bitset<7> week{0b0011111};
    std::bitset<7> half_days;  // of those, worked for half of the day
    std::set<std::chrono::local_days> holidays;
    /// Share of the day that is off, 0.5 or 1.
    std::map<std::chrono::local_days, double> away;

    /// 0, 0.5 or 1.
    double working_share(std::chrono::local_days day) const;
    bool works(std::chrono::local_days day) const { return working_share(day) > 0; }
    /// Working days in [from, until): D(r,w) of sales practice §1 for a week.
    double working_days(std::chrono::local_days from, std::chrono::local_days until) const;
    /// Age in working days: how many worked days d have from < d <= today; 0 when today <= from.
    int working_age(std::chrono::local_days from, std::chrono::local_days today) const;
};

}  // namespace nudged
