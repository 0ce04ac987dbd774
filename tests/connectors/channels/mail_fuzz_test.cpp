// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/channel.hpp"
#include "connectors/channels/mail/html.hpp"
#include "connectors/channels/mail/render.hpp"
#include "connectors/channels/mail/round.hpp"
#include "connectors/channels/values.hpp"
#include "tests/connectors/channels/mail_bench.hpp"
#include "tests/smtp_receiver/parsed_mail.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <regex>

using namespace nudged;
using namespace nudged::channels::mail;
using model::Message;

namespace {

constexpr std::array<const char*, 38> pieces{"\r\nBcc: eve@evil.example\r\n",
                                             "\r\n\r\n<script>alert(1)</script>",
                                             "\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n",
                                             "\nFrom eve\n",
                                             "=?utf-8?B?SGVsbG8=?=",
                                             "=?utf-8?q?x",
                                             "?=",
                                             "<script src=//evil.example/x.js></script>",
                                             "<img src=x onerror=alert(1)>",
                                             "<a href=\"https://evil.example\">Acme</a>",
                                             "\" onmouseover=\"alert(1)",
                                             "' style='x",
                                             "</td></tr></table>",
                                             "<!--repeat-->",
                                             "<!--",
                                             "]]>",
                                             "</style><style>@import 'x'",
                                             "&lt;script&gt;",
                                             "&#60;b&#62;",
                                             "&amp;",
                                             "https://evil.example/x",
                                             "www.evil.example",
                                             "eve@evil.example",
                                             "javascript:alert(1)",
                                             "--=_boundary--",
                                             ".",
                                             "=",
                                             "=3D",
                                             "\t",
                                             "\x1b[2J",
                                             "\x7f",
                                             "\u202E",
                                             "\u2028",
                                             "👩‍💻",
                                             "日本語",
                                             "\xff\xc3",
                                             "\xed\xa0\x80",
                                             "Acme "};

class Fuzz {
public:
    explicit Fuzz(unsigned seed) : random_(seed) {}

    std::string text() {
        std::string text;
        for (auto left = pick(7); left > 0; --left) text += pieces[pick(pieces.size())];
        if (pick(60) == 0) text += std::string(100'000, "<.=x\n"[pick(5)]);
        if (pick(8) == 0) text += '\0';
        return text;
    }
    std::string url() {
        constexpr std::array<const char*, 5> starts{"https://crm.example/", "http://crm.example/?",
                                                    "javascript:", "data:text/html,",
                                                    "//crm.example/"};
        return starts[pick(starts.size())] + text();
    }
    Message message() {
        Message message;
        message.title = text();
        message.subtitle = text();
        for (auto sections = pick(4); sections > 0; --sections) {
            auto& section = message.sections.emplace_back();
            section.heading = text();
            section.text = text();
            for (auto items = pick(5); items > 0; --items) {
                Message::Item item{text(), text(), url(), text(), text(), {}};
                for (auto facts = pick(4); facts > 0; --facts)
                    item.facts.push_back({text(), text(), url()});
                section.items.push_back(std::move(item));
            }
            section.columns = {text(), text()};
            for (auto rows = pick(4); rows > 0; --rows) section.rows.push_back({text(), text()});
            section.more = text();
        }
        message.footer = text();
        message.reference = text();
        return message;
    }

private:
    std::size_t pick(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_);
    }
    std::mt19937 random_;
};

channels::MailOptions options() {
    channels::MailOptions options;
    options.from = "nudged@example.com";
    return options;
}

const std::set<std::string> our_tags{"html",  "head", "meta", "title", "style", "body",
                                     "table", "tr",   "td",   "th",    "h1",    "h2",
                                     "p",     "a",    "br",   "span",  "div",   "wbr"};
const std::set<std::string> our_attributes{
    "align", "aria-hidden", "border", "cellpadding", "cellspacing", "charset", "class", "content",
    "href",  "lang",        "name",   "role",        "style",       "valign",  "width"};
const std::set<std::string> our_headers{
    "Date",         "From",         "To",           "Subject",        "Message-ID",
    "In-Reply-To",  "References",   "MIME-Version", "Auto-Submitted", "X-Auto-Response-Suppress",
    "X-Nudged-Ref", "Content-Type", "List-Id"};

bool is_within(const std::set<std::string>& some, const std::set<std::string>& all) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

/// What is wrong with a mail made of hostile values; "" when nothing is.
std::string fault_of(const tests::ParsedMail& mail, const Payload& payload) {
    std::set<std::string> headers;
    for (const auto& [name, value] : mail.headers)
        if (!headers.insert(name).second) return "a header twice: " + name;
    if (!is_within(headers, our_headers)) return "a header that is not ours";
    if (!mail.defects.empty()) return "a defect: " + mail.defects[0];
    if (mail.bare_ends > 0) return "a bare CR or LF";
    if (mail.longest_line > 78) return "a line that is too long";
    if (mail.to != "dana@example.com") return "another recipient";
    if (mail.header("Subject") != payload.subject) return "another subject";
    if (mail.text != payload.text) return "another text";
    if (mail.html != payload.html) return "another HTML";
    if (!is_within(mail.tags, our_tags)) return "a tag that is not ours";
    if (!is_within(mail.attributes, our_attributes)) return "an attribute that is not ours";
    if (mail.comments != std::vector<std::string>{"repeat"}) return "a comment that is not ours";
    for (const auto& link : mail.links)
        if (!link.starts_with("https://crm.example/") && !link.starts_with("http://crm.example/"))
            return "a link that is not ours: " + link;
    static const std::regex live("(https?:|javascript:|data:)/?/?[a-z]|www\\.[a-z]|[a-z]@[a-z]|"
                                 "evil\\.example");
    for (const auto& run : mail.runs)
        if (std::regex_search(run, live)) return "text that a client makes a link of: " + run;
    for (const auto* character : {"\u202E", "\u2028", "\x1b", "\x7f", "\r", "\t"})
        if ((mail.header("Subject") + mail.text).find(character) != std::string::npos)
            return "a control character";
    return {};
}

}  // namespace

TEST_CASE("no hostile value breaks a mail's headers or parts, or becomes markup or a link") {
    Fuzz fuzz(20261120);
    std::vector<Payload> payloads;
    std::vector<std::string> mails;
    std::vector<std::string> titles;
    for (int round = 0; round < 400; ++round) {
        const auto message = fuzz.message();
        payloads.push_back(parse_payload(render(message, {"dana@example.com"})));
        mails.push_back(compose_for(payloads.back(), payloads.back().to[0], options(), "key",
                                    *parse_instant("2026-11-20T08:15:00Z")));
        titles.push_back(channels::value(message.title, 100));
        REQUIRE(mails.back().size() <= max_mail_bytes + 10'000);
    }
    const auto read = tests::parse_mails(mails);
    for (std::size_t i = 0; i < mails.size(); ++i) {
        CAPTURE(i, payloads[i].subject, payloads[i].html);
        REQUIRE(fault_of(read[i], payloads[i]) == "");
        // What a person reads is the value, whatever it was made of.
        if (!titles[i].empty() && !titles[i].ends_with("…")) REQUIRE(read[i].heading == titles[i]);
    }
}

TEST_CASE("a hundred thousand characters in every place make a mail within the limits") {
    const std::string character = GENERATE("<", "x", "日", "\n", ".", "\xff");
    Message message;
    for (int i = 0; i < 100'000; ++i) message.title += character;
    message.subtitle = message.footer = message.reference = message.title;
    const Message::Item item{message.title, message.title, "https://crm.example/" + message.title,
                             message.title, message.title, {{message.title, message.title, ""}}};
    for (int i = 0; i < 60; ++i)
        message.sections.push_back({message.title,
                                    message.title,
                                    {item, item},
                                    {message.title},
                                    {{message.title}},
                                    message.title});
    const auto payload = parse_payload(render(message, {"dana@example.com"}));
    const auto mail = compose_for(payload, payload.to[0], options(), "key", Instant{});
    CHECK(mail.size() <= max_mail_bytes);
    CHECK(fault_of(tests::parse_mail(mail), payload) == "");
}
