// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/decimal.hpp"

#include <catch2/catch.hpp>

using nudged::Decimal;

namespace {

std::string canonical(const std::string& text) {
    const auto number = Decimal::parse(text);
    return number ? number->str() : "none";
}

Decimal number(const char* text) {
    return Decimal::parse(text).value();
}

}  // namespace

TEST_CASE("a decimal has one canonical text") {
    struct Case {
        const char* written;
        const char* canonical;
    };
    const auto c = GENERATE(values<Case>({
        {"48000", "48000"},
        {"48000.00", "48000"},
        {"1250.50", "1250.5"},
        {"-0.25", "-0.25"},
        {"-.25", "-0.25"},
        {"5.", "5"},
        {"+7", "7"},
        {"007", "7"},
        {"0", "0"},
        {"-0.000", "0"},
        {"1.25e3", "1250"},
        {"1.25E+3", "1250"},
        {"125e-2", "1.25"},
        {"0e999999999999999999999", "0"},
        {"1e17", "100000000000000000"},
        {"1e-18", "0.000000000000000001"},
        {"1e-99999999999999999999", "0"},
        {"0.1", "0.1"},
        {"999999999999999999", "999999999999999999"},
    }));
    DYNAMIC_SECTION(c.written) {
        CHECK(canonical(c.written) == c.canonical);
        CHECK(canonical(c.canonical) == c.canonical);
    }
}

TEST_CASE("what is no number, or too large for 18 digits, is no decimal") {
    for (const auto* text : {"",
                             "-",
                             "+",
                             ".",
                             "abc",
                             "1,5",
                             "1 000",
                             " 1",
                             "1 ",
                             "1.2.3",
                             "1e",
                             "1e+",
                             "1e1.5",
                             "e5",
                             "--1",
                             "1e++5",
                             "0x10",
                             "NaN",
                             "Infinity",
                             "1000000000000000000",
                             "1e18",
                             "1e99999999999999999999",
                             "999999999999999999.5"}) {
        CAPTURE(text);
        CHECK(canonical(text) == "none");
    }
}

TEST_CASE("a fraction that is too long is rounded half to even") {
    // 60 digits of 1/6: the 18th is raised by the 6 after it.
    CHECK(canonical("0.1" + std::string(59, '6')) == "0.166666666666666667");
    // 60 digits of 1/3.
    CHECK(canonical("0." + std::string(60, '3')) == "0.333333333333333333");
    // Exactly half: the even neighbour; anything after the half: up.
    CHECK(canonical("0.0000000000000000025") == "0.000000000000000002");
    CHECK(canonical("0.0000000000000000035") == "0.000000000000000004");
    CHECK(canonical("0.00000000000000000250000000001") == "0.000000000000000003");
    CHECK(canonical("0.0000000000000000005") == "0");
    CHECK(canonical("0.0000000000000000006") == "0.000000000000000001");
    CHECK(canonical("0.00000000000000000009") == "0");
    // Digits before the point leave less room behind it: 15 + 3.
    CHECK(canonical("123456789012345.67891") == "123456789012345.679");
    CHECK(canonical("-123456789012345.67891") == "-123456789012345.679");
    // A carry through all the digits.
    CHECK(canonical("0." + std::string(60, '9')) == "1");
    CHECK(canonical("99." + std::string(60, '9')) == "100");
}

TEST_CASE("decimals compare by value") {
    CHECK(number("1.50") == number("1.5"));
    CHECK(number("0.1") < number("0.11"));
    CHECK(number("-2") < number("-1.999"));
    CHECK(number("999999999999999999") > number("0.000000000000000001"));
    CHECK(number("-0") == Decimal{});
    CHECK(Decimal{48'000} == number("48e3"));
    CHECK(number("-3").is_negative());
    CHECK(number("0.00").is_zero());
}

TEST_CASE("a sum is exact or does not exist") {
    CHECK(number("0.1").plus(number("0.2"))->str() == "0.3");
    CHECK(number("1250.5").plus(number("-1250.5"))->str() == "0");
    CHECK(number("9.99").plus(number("0.01"))->str() == "10");
    CHECK_FALSE(number("999999999999999999").plus(number("1")).has_value());
    CHECK_FALSE(number("123456789012345678").plus(number("0.5")).has_value());
    CHECK(number("99999999999999999.5").plus(number("0.5"))->str() == "100000000000000000");
}

TEST_CASE("a decimal is as near to a double as a double can be") {
    CHECK(number("0.1").to_double() == 0.1);
    CHECK(number("-1250.5").to_double() == -1250.5);
    CHECK(number("48000").to_double() == 48000.0);
}
