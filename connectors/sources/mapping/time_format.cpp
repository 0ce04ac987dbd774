// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/time_format.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::sources {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> weekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};

constexpr bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// What a directive that is short for others stands for; empty for the others.
constexpr std::string_view expansion_of(char directive) {
    switch (directive) {
    case 'F': return "%Y-%m-%d";
    case 'T': return "%H:%M:%S";
    case 'R': return "%H:%M";
    case 'D': return "%m/%d/%y";
    default: return {};
    }
}

/// Reads one text by one format. Each take_ function moves past what it took.
class TimeReader {
public:
    explicit TimeReader(std::string_view text) : rest_(text) {}

    bool take(std::string_view format);
    bool at_end() const { return rest_.empty(); }
    std::optional<ParsedTime> result() const;

private:
    bool take_directive(char directive);
    bool take_number(std::size_t max_digits, int low, int high, int& into);
    bool take_seconds();
    bool take_half();
    bool take_offset();
    template <std::size_t N>
    bool take_name(const std::array<std::string_view, N>& names, int& index);
    void skip_space();

    std::string_view rest_;
    int year_ = 0;
    int month_ = 1;
    int day_ = 1;
    int day_of_year_ = 0;  // 0: not given
    int hour_ = 0;
    int minute_ = 0;
    int second_ = 0;
    int millis_ = 0;
    std::optional<bool> afternoon_;
    std::optional<minutes> offset_;
};

void TimeReader::skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
}

bool TimeReader::take(std::string_view format) {
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (is_space(format[i])) {
            skip_space();
        } else if (format[i] == '%' && i + 1 < format.size()) {
            if (!take_directive(format[++i])) return false;
        } else {
            if (rest_.empty() || rest_.front() != format[i]) return false;
            rest_.remove_prefix(1);
        }
    }
    return true;
}

bool TimeReader::take_directive(char directive) {
    if (const auto longer = expansion_of(directive); !longer.empty()) return take(longer);
    int ignored = 0;
    switch (directive) {
    case 'Y':
        // Exactly four digits: "12.1.26" by "%d.%m.%Y" is a mistake, not the year 26.
        if (rest_.size() < 4 || !is_digit(rest_[1]) || !is_digit(rest_[2]) || !is_digit(rest_[3]))
            return false;
        return take_number(4, 1, 9999, year_);
    case 'y':
        if (!take_number(2, 0, 99, year_)) return false;
        year_ += year_ < 69 ? 2000 : 1900;
        return true;
    case 'm': return take_number(2, 1, 12, month_);
    case 'd':
    case 'e': skip_space(); return take_number(2, 1, 31, day_);
    case 'j': return take_number(3, 1, 366, day_of_year_);
    case 'b':
    case 'B':
    case 'h':
        if (!take_name(months, month_)) return false;
        ++month_;
        return true;
    case 'a':
    case 'A': return take_name(weekdays, ignored);
    case 'H':
    case 'k': skip_space(); return take_number(2, 0, 23, hour_);
    case 'I':
    case 'l': skip_space(); return take_number(2, 1, 12, hour_);
    case 'M': return take_number(2, 0, 59, minute_);
    case 'S': return take_seconds();
    case 'p': return take_half();
    case 'z': return take_offset();
    case 'n':
    case 't': skip_space(); return true;
    case '%':
        if (!rest_.starts_with('%')) return false;
        rest_.remove_prefix(1);
        return true;
    default: return false;
    }
}

bool TimeReader::take_number(std::size_t max_digits, int low, int high, int& into) {
    std::size_t digits = 0;
    int number = 0;
    while (digits < max_digits && digits < rest_.size() && is_digit(rest_[digits]))
        number = number * 10 + (rest_[digits++] - '0');
    if (digits == 0 || number < low || number > high) return false;
    rest_.remove_prefix(digits);
    into = number;
    return true;
}

bool TimeReader::take_seconds() {
    if (!take_number(2, 0, 59, second_)) return false;
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1]))
        return true;
    rest_.remove_prefix(1);
    int weight = 100;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), weight /= 10)
        millis_ += (rest_.front() - '0') * weight;
    return true;
}

bool TimeReader::take_half() {
    if (rest_.size() < 2) return false;
    const std::string half = to_lower_ascii(rest_.substr(0, 2));
    if (half != "am" && half != "pm") return false;
    afternoon_ = half == "pm";
    rest_.remove_prefix(2);
    return true;
}

bool TimeReader::take_offset() {
    if (rest_.starts_with('Z') || rest_.starts_with('z')) {
        rest_.remove_prefix(1);
        offset_ = minutes{0};
        return true;
    }
    if (rest_.empty() || (rest_.front() != '+' && rest_.front() != '-')) return false;
    const int sign = rest_.front() == '-' ? -1 : 1;
    rest_.remove_prefix(1);
    int hour = 0;
    int minute = 0;
    if (!take_number(2, 0, 23, hour)) return false;
    if (rest_.starts_with(':')) {
        rest_.remove_prefix(1);
        if (!take_number(2, 0, 59, minute)) return false;
    } else if (!rest_.empty() && is_digit(rest_.front()) && !take_number(2, 0, 59, minute)) {
        return false;
    }
    offset_ = sign * (hours{hour} + minutes{minute});
    return true;
}

template <std::size_t N>
bool TimeReader::take_name(const std::array<std::string_view, N>& names, int& index) {
    for (std::size_t i = 0; i < N; ++i) {
        for (const auto length : {names[i].size(), std::size_t{3}}) {
            if (to_lower_ascii(rest_.substr(0, length)) != names[i].substr(0, length)) continue;
            rest_.remove_prefix(length);
            index = static_cast<int>(i);
            return true;
        }
    }
    return false;
}

std::optional<ParsedTime> TimeReader::result() const {
    using namespace std::chrono;
    local_days date;
    if (day_of_year_ > 0) {
        date = local_days{std::chrono::year{year_} / January / 1} + days{day_of_year_ - 1};
        if (year_month_day{date}.year() != std::chrono::year{year_}) return std::nullopt;
    } else {
        const auto calendar = std::chrono::year{year_} / month_ / day_;
        if (!calendar.ok()) return std::nullopt;
        date = local_days{calendar};
    }
    int hour = hour_;
    if (afternoon_) {
        if (hour_ < 1 || hour_ > 12) return std::nullopt;
        hour = hour_ % 12 + (*afternoon_ ? 12 : 0);
    }
    ParsedTime parsed;
    parsed.local = date + hours{hour} + minutes{minute_} + seconds{second_} + milliseconds{millis_};
    parsed.offset = offset_;
    return parsed;
}

}  // namespace

std::optional<Instant> ParsedTime::instant(const Zone& zone) const {
    using namespace std::chrono;
    const Instant result =
        offset ? Instant{local.time_since_epoch() - *offset} : zone.instant(local);
    if (result < sys_days{year{1} / 1 / 1} || result >= sys_days{year{10000} / 1 / 1})
        return std::nullopt;
    return result;
}

std::optional<ParsedTime> parse_time(std::string_view text, std::string_view format) {
    TimeReader reader{text};
    if (!reader.take(format) || !reader.at_end()) return std::nullopt;
    return reader.result();
}

std::string format_problem(std::string_view format) {
    constexpr std::string_view known = "YymdejbBhaAHkIlMSpzFTRDnt%";
    std::string seen;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') continue;
        if (i + 1 == format.size()) return "ends in a lone %";
        const char directive = format[++i];
        if (known.find(directive) == std::string_view::npos)
            return fmt::format("has the unknown directive %{}", directive);
        seen += directive;
    }
    const auto has = [&](std::string_view any) {
        return seen.find_first_of(any) != std::string::npos;
    };
    const bool year = has("YyFD");
    const bool day = has("jFD") || (has("mbBh") && has("de"));
    if (!year || !day) return "does not name a whole date (year, month and day)";
    if (has("Il") != has("p")) return "needs %I and %p together";
    return {};
}

bool names_time_of_day(std::string_view format) {
    for (std::size_t i = 0; i + 1 < format.size(); ++i)
        if (format[i] == '%' && std::string_view{"HkIlTR"}.find(format[++i]) != format.npos)
            return true;
    return false;
}

namespace {

/// "2026-11-20T08:15:00Z" and "2026-11-20T08:15:00.123Z", as most CRMs write every time; nullopt
/// for all else, whatever it may be.
std::optional<ParsedTime> parse_usual(std::string_view text) {
    using namespace std::chrono;
    constexpr std::string_view whole = "0000-00-00T00:00:00Z";
    constexpr std::string_view fraction = "0000-00-00T00:00:00.000Z";
    const auto layout = text.size() == whole.size() ? whole : fraction;
    if (text.size() != layout.size()) return std::nullopt;
    const auto is_digit = [](char c) { return '0' <= c && c <= '9'; };
    for (std::size_t i = 0; i < text.size(); ++i)
        if (layout[i] == '0' ? !is_digit(text[i]) : text[i] != layout[i]) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
        return value;
    };
    const year_month_day date{year{number(0, 4)}, month(static_cast<unsigned>(number(5, 2))),
                              day(static_cast<unsigned>(number(8, 2)))};
    const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!date.ok() || number(0, 4) < 1 || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    ParsedTime parsed;
    parsed.local = local_days{date} + hours{hour} + minutes{minute} + seconds{second};
    if (layout == fraction) parsed.local += milliseconds{number(20, 3)};
    parsed.offset = minutes{0};
    return parsed;
}

}  // namespace

std::optional<ParsedTime> parse_iso(std::string_view text) {
    if (const auto usual = parse_usual(text)) return usual;
    if (text.size() == 10) return parse_time(text, "%F");
    if (text.size() < 16 || (text[10] != 'T' && text[10] != 't' && text[10] != ' '))
        return std::nullopt;
    TimeReader reader{text};
    const std::string separator(1, text[10]);
    const bool has_seconds = text.size() > 16 && text[16] == ':';
    if (!reader.take("%F") || !reader.take(separator) || !reader.take(has_seconds ? "%T" : "%R"))
        return std::nullopt;
    if (!reader.at_end() && !reader.take(" %z")) return std::nullopt;
    if (!reader.at_end()) return std::nullopt;
    return reader.result();
}

}  // namespace nudged::sources
