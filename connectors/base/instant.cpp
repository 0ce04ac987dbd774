// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/instant.hpp"

#include <fmt/format.h>

namespace nudged {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Reads a text from its left; every take_ says whether it found what it wants.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool next_is(std::string_view any_of) const {
        return !rest_.empty() && any_of.find(rest_.front()) != any_of.npos;
    }
    bool take(std::string_view any_of) {
        if (!next_is(any_of)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// Exactly `count` digits.
    std::optional<int> take_number(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        int number = 0;
        for (const char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            number = number * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return number;
    }
    std::optional<int> take_number_up_to(std::size_t count, int max) {
        const auto number = take_number(count);
        return number && *number <= max ? number : std::nullopt;
    }

private:
    std::string_view rest_;
};

std::optional<std::chrono::year_month_day> take_date(Scanner& scanner) {
    const auto year = scanner.take_number(4);
    if (!year || !scanner.take("-")) return std::nullopt;
    const auto month = scanner.take_number(2);
    if (!month || !scanner.take("-")) return std::nullopt;
    const auto day = scanner.take_number(2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *year < 1) return std::nullopt;
    return date;
}

/// ".123456" to the millisecond, the rest cut; zero when there is no fraction.
std::optional<milliseconds> take_fraction(Scanner& scanner) {
    if (!scanner.take(".,")) return milliseconds{0};
    int millis = 0;
    int digits = 0;
    while (const auto digit = scanner.take_number(1)) {
        if (digits < 3) millis = millis * 10 + *digit;
        ++digits;
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) millis *= 10;
    return milliseconds{millis};
}

std::optional<milliseconds> take_time(Scanner& scanner) {
    const auto hour = scanner.take_number_up_to(2, 23);
    if (!hour || !scanner.take(":")) return std::nullopt;
    const auto minute = scanner.take_number_up_to(2, 59);
    if (!minute) return std::nullopt;
    milliseconds time = hours{*hour} + minutes{*minute};
    if (!scanner.take(":")) return time;
    const auto second = scanner.take_number_up_to(2, 60);  // 60 is a leap second
    if (!second) return std::nullopt;
    const auto fraction = take_fraction(scanner);
    if (!fraction) return std::nullopt;
    return time + seconds{*second} + *fraction;
}

std::optional<minutes> take_offset(Scanner& scanner) {
    if (scanner.take("Zz")) return minutes{0};
    const bool negative = scanner.next_is("-");
    if (!scanner.take("+-")) return std::nullopt;
    const auto hour = scanner.take_number_up_to(2, 23);
    if (!hour) return std::nullopt;
    scanner.take(":");
    const auto minute = scanner.take_number_up_to(2, 59);
    if (!minute) return std::nullopt;
    const minutes offset = hours{*hour} + minutes{*minute};
    return negative ? -offset : offset;
}

std::string format_day(days since_epoch) {
    const std::chrono::year_month_day date{std::chrono::sys_days{since_epoch}};
    return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()),
                       unsigned(date.day()));
}

}  // namespace

Instant system_now() {
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

std::optional<Instant> parse_instant(std::string_view text) {
    Scanner scanner(text);
    const auto date = take_date(scanner);
    if (!date || !scanner.take("Tt ")) return std::nullopt;
    const auto time = take_time(scanner);
    if (!time) return std::nullopt;
    const auto offset = take_offset(scanner);
    if (!offset || !scanner.at_end()) return std::nullopt;

    using namespace std::chrono_literals;
    const Instant instant = std::chrono::sys_days{*date} + *time - *offset;
    constexpr Instant first = std::chrono::sys_days{1y / 1 / 1};
    constexpr Instant end = std::chrono::sys_days{10000y / 1 / 1};
    if (instant < first || instant >= end) return std::nullopt;
    return instant;
}

std::string format_instant(Instant instant) {
    const auto day = std::chrono::floor<days>(instant);
    const std::chrono::hh_mm_ss time{instant - day};
    auto text = fmt::format("{}T{:02}:{:02}:{:02}", format_day(day.time_since_epoch()),
                            time.hours().count(), time.minutes().count(), time.seconds().count());
    if (time.subseconds().count() != 0) text += fmt::format(".{:03}", time.subseconds().count());
    return text + "Z";
}

std::optional<std::chrono::local_days> parse_date(std::string_view text) {
    Scanner scanner(text);
    const auto date = take_date(scanner);
    if (!date || !scanner.at_end()) return std::nullopt;
    return std::chrono::local_days{*date};
}

std::string format_date(std::chrono::local_days day) {
    return format_day(day.time_since_epoch());
}

}  // namespace nudged
