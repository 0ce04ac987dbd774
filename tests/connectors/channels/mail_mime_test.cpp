// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/channels/mail/header.hpp"
#include "connectors/channels/mail/mime.hpp"
#include "tests/smtp_receiver/parsed_mail.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::channels::mail;
using tests::parse_mail;

namespace {

Mail mail() {
    Mail mail;
    mail.from = "nudged@example.com";
    mail.from_name = "nudged";
    mail.to = "dana@example.com";
    mail.subject = "North · week 47";
    mail.text = "A line\n.\n..two dots\nFrom here on\n";
    mail.html = "<p>A line</p>\n";
    mail.id = "k1@example.com";
    mail.thread = "t1@example.com";
    mail.list = "brief.nudged.example.com";
    mail.reference = "3f2a91bc";
    mail.date = *parse_instant("2026-11-20T08:15:00Z");
    return mail;
}

}  // namespace

TEST_CASE("a mail reads back as what was written, text first and HTML last") {
    auto written = mail();
    written.reply_to = "sales-ops@example.com";
    written.unsubscribe = "mailto:nudged-off@example.com?subject=off";
    const auto read = parse_mail(compose(written));
    CHECK(read.defects.empty());
    CHECK(read.types ==
          std::vector<std::string>{"multipart/alternative", "text/plain", "text/html"});
    CHECK(read.header("Subject") == written.subject);
    CHECK(read.from_name == "nudged");
    CHECK(read.from == written.from);
    CHECK(read.to == written.to);
    CHECK(read.header("Reply-To") == "sales-ops@example.com");
    CHECK(read.text == written.text);
    CHECK(read.html == written.html);
    CHECK(read.date == "2026-11-20T08:15:00+00:00");
    CHECK(read.header("Message-ID") == "<k1@example.com>");
    CHECK(read.header("In-Reply-To") == "<t1@example.com>");
    CHECK(read.header("References") == "<t1@example.com>");
    CHECK(read.header("MIME-Version") == "1.0");
    CHECK(read.header("Auto-Submitted") == "auto-generated");
    CHECK(read.header("List-Unsubscribe") == "<mailto:nudged-off@example.com?subject=off>");
    CHECK(read.header("List-Id") == "<brief.nudged.example.com>");
    // RFC 8058 wants somebody who takes a POST: nobody stands behind that.
    CHECK(read.header("List-Unsubscribe-Post") == "");
    CHECK(read.header("X-Nudged-Ref") == "3f2a91bc");
    CHECK(read.header("Precedence") == "");
}

TEST_CASE("a mail without HTML is text alone") {
    auto written = mail();
    written.html.clear();
    const auto read = parse_mail(compose(written));
    CHECK(read.types == std::vector<std::string>{"text/plain"});
    CHECK(read.text == written.text);
}

TEST_CASE("a subject that is not plain ASCII is encoded in lines of 76 characters, and read back") {
    struct Case {
        const char* name;
        std::string subject;
        bool encoded;
    };
    const auto c = GENERATE(values<Case>({
        {"plain", "Three deals without a next step", false},
        {"umlauts", "Müller & Söhne", true},
        {"what looks encoded already", "=?utf-8?B?SGVsbG8=?= and =?x", true},
        {"too long for one line", std::string(150, 'a'), true},
        {"long, of three bytes each",
         [] {
             std::string text;
             for (int i = 0; i < 150; ++i) text += "日";
             return text;
         }(),
         true},
        {"long, of four bytes each",
         [] {
             std::string text;
             for (int i = 0; i < 150; ++i) text += "👩";
             return text;
         }(),
         true},
    }));
    DYNAMIC_SECTION(c.name) {
        auto written = mail();
        written.subject = c.subject;
        const auto header = text_header("Subject", c.subject);
        CHECK((header.find("=?UTF-8?B?") != std::string::npos) == c.encoded);
        const auto composed = compose(written);
        const auto read = parse_mail(composed);
        CHECK(read.header("Subject") == c.subject);
        CHECK(read.defects.empty());
        CHECK(read.longest_line <= 76);
    }
}

TEST_CASE("the sender's name is quoted or encoded, whatever is in it") {
    const std::string name = GENERATE(
        as<std::string>{}, "Sales, North", "the \"nudge\" \\ machine", "Größe (Vertrieb)",
        "evil@example.org",
        "=?utf-8?Q?x?=", "a name of the sixty-four characters that a sender may have, yes!");
    auto written = mail();
    written.from_name = name;
    const auto read = parse_mail(compose(written));
    CHECK(read.from_name == name);
    CHECK(read.from == "nudged@example.com");
    CHECK(read.longest_line <= 76);
}

TEST_CASE("a control character in a header is refused, and never mended") {
    const std::string bad = GENERATE(values<std::string>(
        {"x\r\nBcc: eve@example.org", "x\n y", "x\ry", std::string{"x\0y", 3}, "x\x7f"}));
    auto member = GENERATE(&Mail::subject, &Mail::from_name, &Mail::id, &Mail::thread,
                           &Mail::unsubscribe, &Mail::reference, &Mail::to, &Mail::from);
    auto written = mail();
    written.*member = bad;
    try {
        compose(written);
        FAIL("it was composed");
    } catch (const Failure& failure) {
        CHECK(failure.kind() == FailureKind::refused);
        CHECK(std::string{failure.what()}.find("eve") == std::string::npos);
    }
}

TEST_CASE("quoted-printable keeps to lines of 76 characters and hides what mail servers act on") {
    // RFC 2045 §6.7: rules 1, 3 and 5.
    CHECK(quoted_printable("a=b\n") == "a=3Db\r\n");
    CHECK(quoted_printable("café\n") == "caf=C3=A9\r\n");
    CHECK(quoted_printable("end \nend\t\n") == "end=20\r\nend=09\r\n");
    CHECK(quoted_printable(".\n") == "=2E\r\n");
    CHECK(quoted_printable("From x\n") == "=46rom x\r\n");
    CHECK(quoted_printable("\r\n") == "=0D\r\n");
    CHECK(quoted_printable("no end") == "no end=\r\n");
    const auto longest = quoted_printable(std::string(100, '.'));
    // 75 characters and the "=": one that is hidden as =2E, and 72 more.
    CHECK(longest.substr(0, 78) == "=2E" + std::string(72, '.') + "=\r\n");
    CHECK(longest.substr(78, 3) == "=2E");
}

TEST_CASE("a date is told as RFC 5322 wants it") {
    CHECK(mail_date(*parse_instant("2026-11-20T08:15:00Z")) == "Fri, 20 Nov 2026 08:15:00 +0000");
    CHECK(mail_date(*parse_instant("2024-02-29T23:59:59Z")) == "Thu, 29 Feb 2024 23:59:59 +0000");
}
