// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/channels/mail/html.hpp"
#include "connectors/channels/mail/mime.hpp"
#include "connectors/channels/mail/render.hpp"
#include "connectors/channels/text.hpp"
#include "tests/connectors/channels/mail_bench.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::channels::mail;

namespace {

std::vector<std::string> addresses(const Payload& payload) {
    std::vector<std::string> all;
    for (const auto& recipient : payload.to) all.push_back(recipient.address);
    return all;
}

}  // namespace

TEST_CASE("a message becomes a mail with its title as the subject, as text and as HTML") {
    const auto payload = parse_payload(render(tests::brief(), {"dana@example.com"}));
    CHECK(payload.subject == "North · week 2026-W47");
    CHECK(payload.text == channels::render_text(tests::brief()));
    CHECK(payload.html == render_html(tests::brief()));
    CHECK(payload.reference == "3f2a91bc");
    CHECK(addresses(payload) == std::vector<std::string>{"dana@example.com"});
    CHECK_FALSE(payload.to[0].may_have_it);
}

TEST_CASE("without addresses of its own a channel's mails go to the person they are for") {
    auto message = tests::brief();
    message.recipient = "eve@example.com";
    CHECK(addresses(parse_payload(render(message, {}))) ==
          std::vector<std::string>{"eve@example.com"});
    CHECK(addresses(parse_payload(render(message, {"a@example.com", "b@example.com"}))) ==
          std::vector<std::string>{"a@example.com", "b@example.com"});
    CHECK(parse_payload(render(tests::brief(), {})).to.empty());
}

TEST_CASE("a message that may be a repeat says so, in text and in HTML") {
    auto message = tests::brief();
    message.possible_repeat = true;
    const auto payload = parse_payload(render(message, {"dana@example.com"}));
    CHECK(payload.to[0].may_have_it);
    CHECK(payload.text.find("possible repeat") == std::string::npos);
    CHECK(repeated_text(payload.text) == channels::render_text(message));
    CHECK(payload.html.find("possible repeat") == std::string::npos);
    const auto html = repeated_html(payload.html);
    CHECK(html.find("possible repeat: it is not known") != std::string::npos);
    CHECK(html.find(repeat_mark) == std::string::npos);
}

TEST_CASE("what would make a mail longer than clients show is left out, and its number told") {
    auto message = tests::brief();
    const auto item = message.sections[2].items[0];
    for (int i = 0; i < 500; ++i) message.sections[2].items.push_back(item);
    for (int i = 0; i < 500; ++i) message.sections[1].rows.push_back({"Zoë", "1 / 2", "3 / 4"});
    const auto payload = parse_payload(render(message, {}));
    CHECK(quoted_printable(payload.text).size() + quoted_printable(payload.html).size() <=
          max_mail_bytes);
    CHECK(payload.text.find("more, left out for length") != std::string::npos);
    CHECK(payload.html.find("more, left out for length") != std::string::npos);
    // The first praise is still there.
    CHECK(payload.text.find("52 dials a day") != std::string::npos);
}

TEST_CASE("a title of any length makes a subject of at most 150 characters, and none makes one") {
    auto message = tests::brief();
    message.title = std::string(100'000, 'x');
    const auto subject = parse_payload(render(message, {})).subject;
    CHECK(subject == std::string(149, 'x') + "…");
    message.title.clear();
    CHECK(parse_payload(render(message, {})).subject == "nudged");
}

TEST_CASE("a mail that was refused is tried once more as short text without HTML") {
    auto message = tests::brief();
    for (int i = 0; i < 400; ++i) message.sections[1].rows.push_back({"Zoë", "1 / 2", "3 / 4"});
    const auto full = render(message, {"dana@example.com"});
    const auto simple = simplify(full);
    REQUIRE(simple);
    const auto payload = parse_payload(*simple);
    CHECK(payload.html.empty());
    CHECK(payload.text.size() <= 20'010);
    CHECK(payload.subject == "North · week 2026-W47");
    CHECK(addresses(payload) == std::vector<std::string>{"dana@example.com"});
    CHECK_FALSE(simplify(*simple));
}

TEST_CASE("a stored mail that is none is told as such") {
    CHECK_THROWS_AS(parse_payload("{}"), Failure);
    CHECK_THROWS_AS(parse_payload("no JSON"), Failure);
    CHECK_THROWS_AS(parse_payload(R"({"to":[{"address":1}]})"), Failure);
}
