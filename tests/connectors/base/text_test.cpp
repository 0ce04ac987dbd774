// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/secret.hpp"
#include "connectors/base/text.hpp"

#include <catch2/catch.hpp>

#include <type_traits>

using namespace nudged;

TEST_CASE("trimming takes ASCII white space from both ends and cuts no UTF-8") {
    CHECK(trim("  a b\t\r\n") == "a b");
    CHECK(trim(" \t ").empty());
    CHECK(trim("").empty());
    CHECK(trim("\u00A0é\u3000") == "\u00A0é\u3000");
}

TEST_CASE("lower case is for ASCII letters only") {
    CHECK(to_lower_ascii("Ana.BERG@Example.COM") == "ana.berg@example.com");
    CHECK(to_lower_ascii("ÄÖ[Z]") == "ÄÖ[z]");
}

TEST_CASE("the nearest known word is offered only for what looks like a typo of it") {
    const std::vector<std::string> keys{"grace", "horizon", "enabled", "urgent_close", "at", "as"};
    CHECK(nearest("grcae", keys) == "grace");       // two neighbours swapped: one edit
    CHECK(nearest("horizn", keys) == "horizon");    // one letter missing
    CHECK(nearest("enabledd", keys) == "enabled");  // one too many
    CHECK(nearest("Enabled", keys) == "enabled");   // another case
    CHECK(nearest("urgent-close", keys) == "urgent_close");
    CHECK(nearest("urgentclosing", keys) == "urgent_close");  // 4 edits in 13 letters
    CHECK(nearest("aat", keys) == "at");
    CHECK(nearest("banana", keys).empty());
    CHECK(nearest("x", keys).empty());
    CHECK(nearest("", keys).empty());
    CHECK(nearest(std::string(5000, 'g'), keys).empty());
}

TEST_CASE("a value of a CRM becomes one clean line") {
    struct Case {
        const char* name;
        std::string text;
        std::string clean;
    };
    const auto c = GENERATE(values<Case>({
        {"line feeds and runs of white space", " Acme\r\n\r\n  renewal\t2026 ",
         "Acme renewal 2026"},
        {"control characters", std::string("a\x00\x1b[31mb\x7f", 9), "a [31mb"},
        {"a C1 control, NEL", "a\u0085b", "a b"},
        {"a bidi override", "file\u202Egpj.exe", "file gpj.exe"},
        {"a bidi isolate", "\u2067abc\u2069", "abc"},
        {"a line separator", "a\u2028b", "a b"},
        {"a no-break space", "a\u00A0\u00A0b", "a b"},
        {"letters of all lengths stay", "é€𝄞 שלום", "é€𝄞 שלום"},
        {"a byte that begins nothing", "a\x80z", "a\uFFFDz"},
        {"a sequence cut short", "a\xE2\x82", "a\uFFFD\uFFFD"},
        {"an overlong slash", "\xC0\xAF", "\uFFFD\uFFFD"},
        {"a surrogate", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
        {"past the last code point", "\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
        {"nothing but space", " \n ", ""},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(clean_line(c.text) == c.clean);
        CHECK(clean_line(c.clean) == c.clean);
    }
}

TEST_CASE("shortening counts code points and ends in an ellipsis") {
    CHECK(shorten("renewal", 7) == "renewal");
    CHECK(shorten("renewal", 6) == "renew…");
    CHECK(shorten("€€€€", 3) == "€€…");
    CHECK(shorten("€€€", 3) == "€€€");
    CHECK(shorten("ab", 1) == "…");
    CHECK(shorten("ab", 0).empty());
    CHECK(shorten("", 5).empty());
}

TEST_CASE("what people type when they have nothing to say is a placeholder") {
    for (const auto* text : {"", "  ", "TBD", " tba ", "n/a", "N/A", "none", "x", "XX", "xxxx", ".",
                             "...", "-", "——", "?", "Test", "asdf", "123", "111"}) {
        CAPTURE(text);
        CHECK(is_placeholder(text));
    }
    for (const auto* text : {"call Ana", "ab", "abab", "no", "next step: demo", "5", "é", "1234"}) {
        CAPTURE(text);
        CHECK_FALSE(is_placeholder(text));
    }
}

TEST_CASE("a fingerprint is the first half of SHA-256") {
    // FIPS 180-4's example "abc", and the empty text.
    CHECK(fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223");
    CHECK(fingerprint("") == "e3b0c44298fc1c149afbf4c8996fb924");
}

TEST_CASE("splitting keeps empty parts") {
    using Parts = std::vector<std::string_view>;
    CHECK(split("a.b", '.') == Parts{"a", "b"});
    CHECK(split(".a.", '.') == Parts{"", "a", ""});
    CHECK(split("", '.') == Parts{""});
}

TEST_CASE("a secret can be neither formatted nor compared by accident") {
    STATIC_REQUIRE_FALSE(fmt::is_formattable<Secret>::value);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string>);
    STATIC_REQUIRE_FALSE(std::equality_comparable<Secret>);
    CHECK(Secret{"token"}.reveal() == "token");
    CHECK(Secret{}.empty());
}
