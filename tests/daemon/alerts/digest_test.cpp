// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/text.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using model::Message;
using std::chrono::days;
using warehouse::Severity;

namespace {

const Message::Section& section(const alerts::Digest& digest, const std::string& heading) {
    for (const auto& section : digest.message.sections)
        if (section.heading == heading) return section;
    FAIL("no section " + heading);
    return digest.message.sections.front();
}

std::vector<std::string> titles(const alerts::Digest& digest) {
    std::vector<std::string> titles;
    for (const auto& item : section(digest, "Worth a conversation").items)
        titles.push_back(item.title);
    return titles;
}

std::string fact(const Message::Item& item, const std::string& label) {
    for (const auto& fact : item.facts)
        if (fact.label == label) return fact.value;
    return "";
}

}  // namespace

TEST_CASE("a weekly digest says whose it is, how old its data is, and praises first") {
    Desk desk;
    desk.praise("ben", "Dials rose from about 40 to 60.");
    desk.found("opp.no_next_step", "acme", "ana", Severity::high);
    const auto digest = desk.compose();
    const auto& message = digest.message;
    CHECK(message.title == "North · week 2026-W48");
    CHECK(message.subtitle ==
          "Monday 23 November 2026 · 5 working days this week\nData: crm as of 07:55");
    REQUIRE(message.sections.size() == 3);
    CHECK(message.sections[0].heading == "Worth praising");
    CHECK(message.sections[0].items[0].title == "ben");
    CHECK(message.sections[0].items[0].text ==
          "Dials rose from about 40 to 60. What made the difference?");
    CHECK(message.sections[1].heading == "The team");
    CHECK(message.sections[2].heading == "Worth a conversation");
    const auto& item = message.sections[2].items[0];
    CHECK(item.title == "acme");
    CHECK(item.url == "https://crm.example/acme");
    CHECK(item.text == "No next step for 5 working days.");
    CHECK(item.question == "What is the next thing that the customer agreed to?");
    CHECK(fact(item, "owner") == "ana");
    CHECK(fact(item, "last touch") == "2026-11-13");
    CHECK(fact(item, "id") == desk.evaluation.findings[1].fingerprint().substr(0, 10));
    CHECK(message.reference.size() == 8);
}

TEST_CASE("another day's digest is about what is new") {
    Desk desk;
    CHECK(desk.compose(monday + days{1}).message.title == "North · what is new");
}

TEST_CASE("items come by severity, amount and age, at most so many and at most two a rep") {
    Desk desk;
    desk.options.digest.max_items = 4;
    desk.found("opp.idle", "a1", "ana", Severity::high);
    desk.found("opp.idle", "a2", "ana", Severity::high);
    desk.found("opp.idle", "a3", "ana", Severity::high);
    desk.found("opp.idle", "b1", "ben");
    desk.found("opp.idle", "c1", "cleo");
    desk.found("opp.idle", "b2", "ben");
    const auto digest = desk.compose();
    CHECK(titles(digest) == std::vector<std::string>{"a1", "a2", "b1", "c1"});
    CHECK(section(digest, "Worth a conversation").more ==
          "and 2 more; to list them: nudged evaluate");
}

TEST_CASE("what is left out of one rep's is listed by that rep") {
    Desk desk;
    for (const char* deal : {"a1", "a2", "a3"}) desk.found("opp.idle", deal, "ana");
    CHECK(section(desk.compose(), "Worth a conversation").more ==
          "and 1 more; to list them: nudged evaluate --owner ana@example.com");
}

TEST_CASE("one deal is one item, whatever is found about it") {
    Desk desk;
    desk.found("opp.past_close", "acme", "ana", Severity::high).summary =
        "Still open after 9 days.";
    desk.found("opp.idle", "acme", "ana").summary = "No call for 12 working days.";
    const auto digest = desk.compose();
    CHECK(titles(digest) == std::vector<std::string>{"acme"});
    const auto& item = section(digest, "Worth a conversation").items[0];
    CHECK(item.text == "Still open after 9 days.");
    CHECK(fact(item, "also") == "No call for 12 working days.");
}

TEST_CASE("accounts without a next step are one item a rep") {
    Desk desk;
    for (int i = 1; i <= 7; ++i) {
        auto& finding = desk.found("acct.no_next_step", "account " + std::to_string(i), "ana");
        finding.subject.type = "account";
    }
    desk.found("acct.no_next_step", "lonely", "ben").subject.type = "account";
    const auto digest = desk.compose();
    CHECK(titles(digest) == std::vector<std::string>{"ana", "lonely"});
    const auto& item = section(digest, "Worth a conversation").items[0];
    CHECK(item.text == "7 accounts have no next step.");
    REQUIRE(item.facts.size() == 7);  // five names, the number of the others, the id
    CHECK(item.facts[4].value == "account 5");
    CHECK(item.facts[5].value == "and 2 more");
    CHECK(section(digest, "Worth a conversation").more == "");
}

TEST_CASE("what was told is not told again, but counted, until it becomes worse") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    REQUIRE(desk.enqueue(desk.compose()) == alerts::Enqueued::queued);

    const auto tuesday = monday + days{1};
    desk.apply(tuesday);
    auto digest = desk.compose(tuesday);
    CHECK_FALSE(digest.has_news);
    CHECK(titles(digest).empty());
    CHECK(digest.message.footer.starts_with(
        "1 earlier finding is still open; to list it: nudged finding list\n"));

    desk.evaluation.findings[0].severity = Severity::high;
    desk.apply(tuesday);
    digest = desk.compose(tuesday);
    CHECK(digest.has_news);
    CHECK(titles(digest) == std::vector<std::string>{"acme"});
    CHECK(desk.enqueue(digest, tuesday) == alerts::Enqueued::queued);

    // Up and down and up again is no news.
    desk.evaluation.findings[0].severity = Severity::attention;
    desk.apply(tuesday);
    desk.evaluation.findings[0].severity = Severity::high;
    desk.apply(tuesday);
    CHECK_FALSE(desk.compose(tuesday + days{1}).has_news);
}

TEST_CASE("praise is told once too") {
    Desk desk;
    desk.praise("ben", "Dials rose.");
    desk.apply();
    desk.enqueue(desk.compose());
    const auto digest = desk.compose(monday + days{1});
    CHECK_FALSE(digest.has_news);
    CHECK(digest.message.sections[0].heading == "The team");
    CHECK(digest.message.footer.find("earlier") == std::string::npos);
}

TEST_CASE("the footer says what was held back and why") {
    Desk desk;
    desk.evaluation.held = {{"opp.idle", "crm", "crm has not answered since Tue 14:10"},
                            {"opp.no_next_step", "crm", "crm has not answered since Tue 14:10"}};
    CHECK(
        desk.compose().message.footer ==
        "On hold: crm has not answered since Tue 14:10. Not judged meanwhile: opp.idle, "
        "opp.no_next_step.\n"
        "How do we know? The rule and the rows behind an item: nudged explain ID\n"
        "To answer one: nudged finding ack ID, snooze ID --until DATE, dismiss ID --reason known");
}

TEST_CASE("another team's findings stay out of the digest") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana").team = "South";
    const auto digest = desk.compose();
    CHECK_FALSE(digest.has_news);
    CHECK(titles(digest).empty());
}

TEST_CASE("what others can read names neither a person nor a record") {
    Desk desk;
    desk.shared = true;
    desk.praise("ben", "Dials rose from 40 to 60.");
    desk.found("opp.idle", "acme", "ana", Severity::high);
    checks::ScorecardRep rep;
    rep.name = "cleo";
    rep.team = "North";
    desk.scorecard.reps = {rep};
    const auto text = channels::render_text(desk.compose().message);
    for (const char* name : {"ana", "ben", "cleo", "acme", "Dials"}) {
        CAPTURE(name, text);
        // "manager" holds "ana", so names are looked for as words.
        CHECK((" " + text).find(std::string{" "} + name) == std::string::npos);
    }
    CHECK(text.find("1 new, 0 still open from before") != std::string::npos);
}

TEST_CASE("nothing in a digest's own words blames, shouts or orders") {
    Desk desk;
    desk.options.digest.max_items = 1;
    desk.praise("ben", "Dials rose.");
    for (int i = 0; i < 9; ++i) {
        const auto number = std::to_string(i);
        desk.found("opp.idle", "deal " + number, "ana", Severity::high);
        desk.found("acct.no_next_step", "account " + number, "cleo").subject.type = "account";
    }
    desk.evaluation.held = {{"opp.idle", "crm", "crm is behind"}};
    for (const bool shared : {false, true}) {
        desk.shared = shared;
        const auto text = channels::render_text(desk.compose().message);
        for (const char* word :
             {"fail", "bad", "lazy", "poor", "violation", "compliant", "offender", "worst",
              "naughty", "excuse", "unacceptable", "must", "!"}) {
            CAPTURE(word, text);
            CHECK(text.find(word) == std::string::npos);
        }
    }
}
