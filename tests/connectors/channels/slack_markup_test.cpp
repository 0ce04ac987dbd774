// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/mrkdwn.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace nudged::channels::slack;

namespace {
const std::string zwsp = "\u200B";
}

TEST_CASE("exactly three characters are escaped for Slack, and each once") {
    CHECK(escape("a & b < c > d") == "a &amp; b &lt; c &gt; d");
    CHECK(escape("&lt;!channel&gt;") == "&amp;lt;!channel&amp;gt;");
    CHECK(escape("\"quotes\" 'and' | # @ !") == "\"quotes\" 'and' | # @ !");
}

TEST_CASE("mentions of every kind are text") {
    for (const char* mention :
         {"<!channel>", "<!here>", "<!everyone>", "<@U012AB>", "<!subteam^S1>", "<#C1>",
          "<https://evil.example|Acme>", "<mailto:a@b.example>", "<!date^1^{date}|x>"}) {
        const auto escaped = escape_mrkdwn(mention);
        CAPTURE(escaped);
        CHECK(escaped.find('<') == escaped.npos);
        CHECK(escaped.find('>') == escaped.npos);
    }
}

TEST_CASE("markup at a word's edge is broken by a zero-width space, and within a word kept") {
    struct Case {
        const char* raw;
        std::string shown;
    };
    const auto c = GENERATE(values<Case>({
        {"*bold*", "*" + zwsp + "bold*" + zwsp},
        {"_x_", "_" + zwsp + "x_" + zwsp},
        {"~gone~ `code`", "~" + zwsp + "gone~" + zwsp + " `" + zwsp + "code`" + zwsp},
        {"snake_case_name", "snake_case_name"},
        {"3*4", "3*4"},
        {"**", "*" + zwsp + "*" + zwsp},
        {"a* b", "a*" + zwsp + " b"},
    }));
    DYNAMIC_SECTION(c.raw) {
        CHECK(escape_mrkdwn(c.raw) == c.shown);
    }
}

TEST_CASE("no value can close a code fence") {
    CHECK(escape_code("a```b") == "a`" + zwsp + "`" + zwsp + "`" + zwsp + "b");
    CHECK(escape_code("*as it is*") == "*as it is*");
}

TEST_CASE("a link is made of http and https only, and its parts cannot break it") {
    struct Case {
        const char* name;
        std::string url;
        std::string shown;
    };
    const auto c = GENERATE(values<Case>({
        {"plain", "https://crm.example/deal/7", "<https://crm.example/deal/7|Acme>"},
        {"query", "https://crm.example/?a=1&b=2", "<https://crm.example/?a=1&amp;b=2|Acme>"},
        {"brackets, bars and spaces", "https://crm.example/a|b> c<d",
         "<https://crm.example/a%7Cb%3E%20c%3Cd|Acme>"},
        {"line break", "https://crm.example/\n<!channel>",
         "<https://crm.example/%0A%3C!channel%3E|Acme>"},
        {"script", "javascript:alert(1)", "Acme"},
        {"mail", "mailto:a@example.com", "Acme"},
        {"nothing", "", "Acme"},
        {"too long", "https://crm.example/" + std::string(700, 'x'), "Acme"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(link(c.url, escape_label("Acme")) == c.shown);
    }
    CHECK(link("https://crm.example/", escape_label("A|B <x>")) ==
          "<https://crm.example/|A/B &lt;x&gt;>");
}
