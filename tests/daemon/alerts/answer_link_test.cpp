// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/answer_link.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using alerts::LinkAction;
using alerts::LinkSigner;
using std::chrono::days;

namespace {

const std::string acme = "0123456789abcdef0123456789abcdef";

LinkSigner signer(const std::string& key = "k1") {
    return {key, "https://nudged.example.com", days{14}};
}

std::string token(const LinkSigner& by, LinkAction action = LinkAction::acknowledge) {
    const auto url = by.url(by.claim(action, acme, 2, "max@example.com", monday));
    const std::string begin = "https://nudged.example.com/answer/";
    REQUIRE(url.starts_with(begin));
    return url.substr(begin.size());
}

}  // namespace

TEST_CASE("a link says again what it was made for") {
    for (const auto action : {LinkAction::acknowledge, LinkAction::snooze, LinkAction::dispute}) {
        const auto claim = signer().open(token(signer(), action), monday + days{13});
        REQUIRE(claim);
        CHECK(claim->action == action);
        CHECK(claim->fingerprint == acme);
        CHECK(claim->episode == 2);
        CHECK(claim->person == "max@example.com");
        CHECK(claim->expires_at == monday + days{14});
    }
}

TEST_CASE("a link works until its time is over") {
    CHECK(signer().open(token(signer()), monday + days{14} - std::chrono::seconds{1}));
    CHECK_FALSE(signer().open(token(signer()), monday + days{14}));
}

TEST_CASE("no byte of a link can be another, and no other key makes one") {
    const auto good = token(signer());
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto forged = good;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        CAPTURE(i);
        CHECK_FALSE(signer().open(forged, monday));
    }
    CHECK_FALSE(signer().open(token(signer("k2")), monday));
    for (const std::string& text : {std::string{}, std::string{"."}, std::string{"a.b"},
                                    good.substr(0, good.find('.')), std::string(5000, 'a') + "."})
        CHECK_FALSE(signer().open(text, monday));
}

TEST_CASE("items that name a finding get their links, for the one whom the message is for") {
    model::Message message;
    message.recipient = "max@example.com";
    auto& item = message.sections.emplace_back().items.emplace_back();
    item.facts.push_back({"id", acme.substr(0, 10), ""});
    const std::map<std::string, alerts::Linked> by_id{{acme.substr(0, 10), {acme, 2}}};
    const auto by = signer();
    alerts::Texts texts;

    SECTION("a manager may answer everything") {
        alerts::add_links(message, {by, by_id, texts, monday}, alerts::MayAnswer::everything);
        REQUIRE(item.facts.size() == 4);
        CHECK(item.facts[1].value == "I am at it");
        CHECK(item.facts[3].value == "This is wrong");
    }
    SECTION("in the words of the message's language") {
        texts.set("link.acknowledge", "Ich kümmere mich");
        alerts::add_links(message, {by, by_id, texts, monday}, alerts::MayAnswer::everything);
        REQUIRE(item.facts.size() == 4);
        CHECK(item.facts[1].value == "Ich kümmere mich");
    }
    SECTION("a rep may say that it is wrong, and silences nothing") {
        alerts::add_links(message, {by, by_id, texts, monday}, alerts::MayAnswer::that_it_is_wrong);
        REQUIRE(item.facts.size() == 2);
        CHECK(item.facts[1].value == "This is wrong");
    }
    SECTION("nobody in particular has none") {
        message.recipient.clear();
        alerts::add_links(message, {by, by_id, texts, monday}, alerts::MayAnswer::everything);
        CHECK(item.facts.size() == 1);
    }
    SECTION("an id that is nobody's has none") {
        const std::map<std::string, alerts::Linked> none;
        alerts::add_links(message, {by, none, texts, monday}, alerts::MayAnswer::everything);
        CHECK(item.facts.size() == 1);
    }
}
