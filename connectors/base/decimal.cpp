// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nudged {
namespace {

__extension__ using Wide = __int128;  // holds the product of two numbers of 18 digits

constexpr int max_digits = 18;
constexpr int max_places = 18;

constexpr std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A number as it was written, nothing lost: digits * 10^exponent.
struct Written {
    bool negative = false;
    std::string digits;  // without leading zeros; empty for zero
    long exponent = 0;
};

std::optional<long> parse_exponent(std::string_view text) {
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    if (text.empty() || text.front() == '+') return std::nullopt;
    long exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (end != text.data() + text.size()) return std::nullopt;
    // Far past anything that fits, near enough to zero to add to.
    constexpr long far = 1'000'000'000;
    if (error == std::errc::result_out_of_range) return text.front() == '-' ? -far : far;
    return std::clamp(exponent, -far, far);
}

std::optional<Written> scan(std::string_view text) {
    Written number;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        number.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    bool any_digit = false;
    bool after_point = false;
    std::size_t at = 0;
    for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !after_point)); ++at) {
        if (text[at] == '.') {
            after_point = true;
            continue;
        }
        any_digit = true;
        if (after_point) --number.exponent;
        if (text[at] != '0' || !number.digits.empty()) number.digits += text[at];
    }
    if (!any_digit) return std::nullopt;
    if (at < text.size()) {
        if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
        const auto exponent = parse_exponent(text.substr(at + 1));
        if (!exponent) return std::nullopt;
        number.exponent += *exponent;
    }
    while (!number.digits.empty() && number.digits.back() == '0') {
        number.digits.pop_back();
        ++number.exponent;
    }
    return number;
}

/// Whether cutting `tail` off a number must raise its last kept digit: half to even.
bool rounds_up(std::string_view tail, bool kept_is_odd) {
    if (tail.empty() || tail.front() != '5') return !tail.empty() && tail.front() > '5';
    const bool exactly_half = tail.find_first_not_of('0', 1) == tail.npos;
    return !exactly_half || kept_is_odd;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
    const auto number = scan(text);
    if (!number) return std::nullopt;
    if (number->digits.empty()) return Decimal{};

    const long count = static_cast<long>(number->digits.size());
    const long before_point = count + number->exponent;
    if (before_point > max_digits) return std::nullopt;
    // A fraction may be as long as the digits before the point leave room for.
    const long room = std::min<long>(max_places, max_digits - std::max<long>(before_point, 0));
    const long places = std::clamp<long>(-number->exponent, 0, room);
    const long kept = before_point + places;  // digits that stay; negative: far below the last one
    if (kept < 0) return Decimal{};

    Decimal result;
    for (long i = 0; i < kept; ++i)
        result.mantissa_ = result.mantissa_ * 10 +
                           (i < count ? number->digits[static_cast<std::size_t>(i)] - '0' : 0);
    if (kept < count) {
        const auto tail = std::string_view{number->digits}.substr(static_cast<std::size_t>(kept));
        if (rounds_up(tail, result.mantissa_ % 2 != 0)) ++result.mantissa_;
    }
    result.places_ = static_cast<std::uint8_t>(places);
    while (result.places_ > 0 && result.mantissa_ % 10 == 0) {
        result.mantissa_ /= 10;
        --result.places_;
    }
    if (result.mantissa_ >= power_of_ten(max_digits)) return std::nullopt;
    if (number->negative) result.mantissa_ = -result.mantissa_;
    return result;
}

std::string Decimal::str() const {
    std::string text = std::to_string(mantissa_);
    if (places_ == 0) return text;
    const std::size_t sign = mantissa_ < 0 ? 1 : 0;
    if (text.size() - sign <= places_) text.insert(sign, places_ + 1 - (text.size() - sign), '0');
    text.insert(text.size() - places_, 1, '.');
    return text;
}

double Decimal::to_double() const {
    return static_cast<double>(mantissa_) / std::pow(10.0, places_);
}

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
    int places = std::max(places_, other.places_);
    Wide sum = Wide{mantissa_} * power_of_ten(places - places_) +
               Wide{other.mantissa_} * power_of_ten(places - other.places_);
    for (; places > 0 && sum % 10 == 0; --places) sum /= 10;
    const Wide limit = power_of_ten(max_digits);
    if (sum >= limit || sum <= -limit) return std::nullopt;
    Decimal result{static_cast<std::int64_t>(sum)};
    result.places_ = static_cast<std::uint8_t>(places);
    return result;
}

std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) {
    const int places = std::max(left.places_, right.places_);
    const Wide a = Wide{left.mantissa_} * power_of_ten(places - left.places_);
    const Wide b = Wide{right.mantissa_} * power_of_ten(places - right.places_);
    if (a == b) return std::strong_ordering::equal;
    return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
}

}  // namespace nudged
