// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/html.hpp"
#include "connectors/channels/mail/mime.hpp"
#include "tests/connectors/channels/mail_bench.hpp"
#include "tests/smtp_receiver/parsed_mail.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::channels::mail;

namespace {

tests::ParsedMail read(const model::Message& message) {
    Mail mail;
    mail.from = "nudged@example.com";
    mail.to = "dana@example.com";
    mail.id = "k1@example.com";
    mail.text = "text\n";
    mail.html = render_html(message);
    return tests::parse_mail(compose(mail));
}

std::string joined(const tests::ParsedMail& mail) {
    std::string all;
    for (const auto& run : mail.runs) all += run;
    return all;
}

}  // namespace

TEST_CASE("the HTML says all that the message does, praise first") {
    const auto mail = read(tests::brief());
    const auto text = joined(mail);
    std::size_t last = 0;
    for (const auto* part :
         {"North · week 2026-W47", "5 working days", "Worth praising", "↗ ", "Ana Díaz",
          "52 dials a day", "Team", "Meetings", "260 / 250", "Worth a conversation",
          "Acme & Sons renewal", "31 Mar → 30 Apr", "What has to happen", "amount: € 120,000",
          "and 3 more: nudged evaluate --owner ana@example.com", "Held back: nothing.",
          "ref 3f2a91bc"}) {
        CAPTURE(part);
        const auto at = text.find(part, last);
        CHECK(at != std::string::npos);
        if (at != std::string::npos) last = at;
    }
}

TEST_CASE("the links are the message's own, and nothing is fetched") {
    const auto mail = read(tests::brief());
    CHECK(mail.links == std::vector<std::string>{"https://crm.example/users/7?a=1&b=2",
                                                 "https://crm.example/deals/1",
                                                 "https://crm.example/deals/1/history"});
    CHECK(mail.tags == std::set<std::string>{"html", "head", "meta", "title", "style", "body",
                                             "table", "tr", "td", "th", "h1", "h2", "p", "a", "br",
                                             "span", "div", "wbr"});
    CHECK(mail.html.find("url(") == std::string::npos);
    CHECK(mail.html.find("@import") == std::string::npos);
}

TEST_CASE("a dark screen and a phone are provided for") {
    const auto html = render_html(tests::brief());
    CHECK(html.find("<meta name=\"color-scheme\" content=\"light dark\">") != std::string::npos);
    CHECK(html.find("@media (prefers-color-scheme:dark)") != std::string::npos);
    CHECK(html.find("max-width:600px") != std::string::npos);
    CHECK(html.find("width=device-width") != std::string::npos);
}

TEST_CASE("a cell of part and whole has a bar of characters, and no other cell has") {
    model::Message message;
    auto& section = message.sections.emplace_back();
    section.columns = {"Dials"};
    const auto bars = [&](const std::string& cell) {
        section.rows = {{cell}};
        std::string bar;
        for (const auto& run : read(message).runs)
            if (run.starts_with("▰") || run.starts_with("▱")) bar += run;
        return bar;
    };
    CHECK(bars("0 / 250") == "▱▱▱▱▱");
    CHECK(bars("125 / 250") == "▰▰▰▱▱");
    CHECK(bars("240 / 250") == "▰▰▰▰▰");
    CHECK(bars("900 / 250") == "▰▰▰▰▰");
    CHECK(bars("1 / 0") == "");
    CHECK(bars("-1 / 5") == "");
    CHECK(bars("soon / 5") == "");
    CHECK(bars("7") == "");
}

TEST_CASE("a value is never markup") {
    CHECK(escape_html("<script>&\"'") == "&lt;script&gt;&amp;&quot;&#39;");
}

TEST_CASE("what a client would make a link of is parted, and figures are not") {
    CHECK(escape_html("evil.example") == "evil.<wbr>example");
    CHECK(escape_html("ana@example.com") == "ana@<wbr>example.<wbr>com");
    CHECK(escape_html("https://x") == "https:<wbr>//x");
    CHECK(escape_html("3.5 of 10, 08:15. End") == "3.5 of 10, 08:15. End");
}

TEST_CASE("a URL is a link only to http and https, and stays inside its quotes") {
    CHECK(escape_url("https://crm.example/a?b=1&c=2#d") == "https://crm.example/a?b=1&amp;c=2#d");
    CHECK(escape_url("https://x/\"><script>'") == "https://x/%22%3E%3Cscript%3E%27");
    CHECK(escape_url("https://x/\r\n é") == "https://x/%0D%0A%20%C3%A9");
    for (const auto* url : {"javascript:alert(1)", "data:text/html,x", "//x", "x", "", " https://x",
                            "vbscript:x", "mailto:x@example.com"})
        CHECK(escape_url(url) == "");
    CHECK(escape_url("https://x/" + std::string(2'001, 'a')) == "");
}
