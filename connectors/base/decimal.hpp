// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nudged {

/// An exact decimal number, for money. At most 18 significant digits and 18 places; never passes
/// through a double. Canonical text has no exponent, no leading zeros and no trailing zeros of its
/// fraction ("1250.5", "-0.25", "48000"); it is what the warehouse stores.
class Decimal {
public:
    Decimal() = default;
    explicit Decimal(std::int64_t whole) : mantissa_(whole) {}
    /// Accepts a sign, digits, one point and an exponent ("1.25e3"), as JSON and CSV write numbers.
    /// nullopt when it is no number or does not fit; longer fractions than fit are rounded
    /// half-even (a CRM's probability of 60 digits is a number all the same).
    static std::optional<Decimal> parse(std::string_view text);

    std::string str() const;
    double to_double() const;
    bool is_zero() const { return mantissa_ == 0; }
    bool is_negative() const { return mantissa_ < 0; }

    /// nullopt when the sum does not fit.
    std::optional<Decimal> plus(const Decimal& other) const;

    friend std::strong_ordering operator<=>(const Decimal& left, const Decimal& right);
    friend bool operator==(const Decimal& left, const Decimal& right) {
        return (left <=> right) == std::strong_ordering::equal;
    }

private:
    std::int64_t mantissa_ = 0;
    std::uint8_t places_ = 0;  // value = mantissa / 10^places; normalized: no trailing zeros
};

}  // namespace nudged
