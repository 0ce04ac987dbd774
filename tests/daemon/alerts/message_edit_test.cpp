// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/message_edit.hpp"

#include "daemon/alerts/answer_link.hpp"
#include "daemon/alerts/dispute.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/alerts/ways.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;
using model::Message;
using std::chrono::days;
using std::chrono::hours;
using warehouse::Severity;
using Strings = std::vector<std::string>;

namespace {

/// A desk where leads are told at once, by a channel that can edit what has arrived.
struct Threads : Ways {
    Threads() { options.routing.rules.push_back({.checks = {"lead.*"}, .at_once = true}); }

    /// What waits has been delivered; with a receipt, or by a channel that gives none.
    void arrive(bool has_receipt = true) {
        world.database().execute(fmt::format("UPDATE outbox SET state = 'delivered', receipt = {} "
                                             "WHERE state = 'pending'",
                                             has_receipt ? "'C0 1.2'" : "NULL"));
    }
    void tell(Instant now = monday) {
        apply(now);
        send_lines(now);
        arrive();
    }
    /// Those findings are found no more.
    void settle(const Strings& deals, Instant now) {
        std::erase_if(evaluation.findings, [&](const auto& one) {
            return std::find(deals.begin(), deals.end(), one.subject.id) != deals.end();
        });
        apply(now);
    }
    std::vector<alerts::MessageEdit> edits(Instant now) {
        auto starts = warehouse::read_thread_starts(world.database(), now - alerts::edited_for);
        return alerts::compose_edits(std::move(starts), world.roster(), options.texts, now);
    }
    /// They are decided; how many those are.
    int edit(Instant now) {
        int decided = 0;
        for (const auto& one : edits(now))
            decided += alerts::enqueue_edit(world.database(), one, now, options);
        return decided;
    }
    std::vector<warehouse::OutboxRow> rows() {
        auto all = warehouse::read_outbox(world.reader());
        std::reverse(all.begin(), all.end());
        return all;
    }
};

/// "mark title: text" of each item.
Strings items(const Message& message) {
    Strings all;
    for (const auto& item : message.sections.at(0).items)
        all.push_back(fmt::format("{} {}: {}", item.mark, item.title, item.text));
    return all;
}

const std::string as_told = "No next step for 5 working days.";

}  // namespace

TEST_CASE("what is told again replies to the message that told it first, thread by thread") {
    Threads desk;
    desk.found("lead.untouched", "acme", "ana");
    desk.apply();
    desk.send_lines();
    const auto first = desk.rows().at(0).key;
    desk.evaluation.findings[0].severity = Severity::high;
    desk.found("lead.untouched", "globex", "ben");
    const auto later = monday + hours{1};
    desk.apply(later);
    SECTION("it has arrived where replies are known, or is on its way") {
        if (GENERATE(true, false)) desk.arrive();
        const auto messages = desk.lines(later);
        REQUIRE(messages.size() == 2);
        CHECK(messages[0].continues.empty());
        CHECK(messages[0].message.sections[0].items[0].title == "globex");
        CHECK(messages[1].continues == first);
        CHECK(messages[1].message.sections[0].items[0].title == "acme");
        desk.send_lines(later);
        CHECK(desk.rows().at(2).continues == first);
        // Globex has a thread of its own from here on.
        desk.arrive();
        for (auto& finding : desk.evaluation.findings) finding.severity = Severity::info;
        desk.apply(later + hours{1});
        for (auto& finding : desk.evaluation.findings) finding.severity = Severity::high;
        desk.apply(later + hours{2});
        const auto again = desk.lines(later + hours{2});
        REQUIRE(again.size() == 1);
        CHECK(again[0].continues == desk.rows().at(1).key);
    }
    SECTION("its channel knows no replies: one message tells all there is") {
        desk.arrive(false);
        const auto messages = desk.lines(later);
        REQUIRE(messages.size() == 1);
        CHECK(messages[0].told.size() == 2);
        CHECK(messages[0].continues.empty());
    }
    SECTION("it was never delivered: the next one begins the thread") {
        desk.world.database().execute("UPDATE outbox SET state = 'dead'");
        desk.send_lines(later);
        desk.arrive();
        REQUIRE(desk.rows().size() == 2);
        CHECK(desk.rows()[1].continues.empty());
        desk.settle({"acme", "globex"}, later + hours{1});
        const auto edits = desk.edits(later + hours{1});
        REQUIRE(edits.size() == 1);
        CHECK(edits[0].start.key == desk.rows()[1].key);
    }
}

TEST_CASE("what is too much for replies at once comes in one message of the day") {
    Threads desk;
    desk.options.routing.teams.emplace_back();
    desk.options.routing.teams[0].name = "North";
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.found("lead.untouched", "acme", "ana");
    desk.tell();
    desk.evaluation.findings[0].severity = Severity::high;
    desk.found("lead.untouched", "globex", "ana");
    desk.apply(monday + hours{1});
    REQUIRE(desk.lines(monday + hours{1}).size() == 2);
    desk.at_once_left = 0;
    const auto messages = desk.lines(monday + hours{1});
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].told.size() == 2);
    CHECK(messages[0].continues.empty());
}

TEST_CASE(
    "a message of several findings says of each what has come of it, and of all in its title") {
    Threads desk;
    for (const char* deal : {"acme", "globex", "initech"})
        desk.found("lead.untouched", deal, "ana");
    desk.tell();
    desk.settle({"globex"}, monday + days{1});
    auto edits = desk.edits(monday + days{1});
    REQUIRE(edits.size() == 1);
    CHECK(edits[0].message.title == "North · just now");
    CHECK(items(edits[0].message) == Strings{"◐ acme: " + as_told,
                                             "✓ globex: Resolved on Tue 24 Nov 2026. " + as_told,
                                             "◐ initech: " + as_told});
    CHECK(edits[0].message.sections[0].items[1].question.empty());
    CHECK_FALSE(edits[0].message.sections[0].items[0].question.empty());
    CHECK(desk.edit(monday + days{1}) == 1);
    CHECK(desk.edit(monday + days{1} + hours{1}) == 0);

    desk.answer(warehouse::AnswerKind::dismissed, monday + days{2});  // acme, the first
    desk.settle({"initech"}, monday + days{2});
    edits = desk.edits(monday + days{2});
    REQUIRE(edits.size() == 1);
    CHECK(edits[0].message.title == "Resolved on Wed 25 Nov 2026: North · just now");
    CHECK(edits[0].message.kind == Message::Kind::resolved);
    CHECK(items(edits[0].message) == Strings{"✓ acme: Dismissed on Wed 25 Nov 2026. " + as_told,
                                             "✓ globex: Resolved on Tue 24 Nov 2026. " + as_told,
                                             "✓ initech: Resolved on Wed 25 Nov 2026. " + as_told});
}

TEST_CASE("two findings about one deal are one item, which is over when both are") {
    Threads desk;
    desk.found("lead.untouched", "acme", "ana");
    desk.found("lead.slow_first_touch", "acme", "ana");
    desk.tell();
    std::erase_if(desk.evaluation.findings,
                  [](const auto& one) { return one.check == "lead.untouched"; });
    desk.apply(monday + hours{1});
    auto edits = desk.edits(monday + hours{1});
    REQUIRE(edits.size() == 1);  // what is noted has changed, what is read has not
    CHECK(items(edits[0].message) == Strings{"◐ acme: " + as_told});
    desk.settle({"acme"}, monday + hours{2});
    edits = desk.edits(monday + hours{2});
    REQUIRE(edits.size() == 1);
    CHECK(items(edits[0].message) == Strings{"✓ acme: Resolved on Mon 23 Nov 2026. " + as_told});
}

TEST_CASE("days are those of the team, and words those of its language") {
    Threads desk;
    auto roster = desk.world.roster();
    roster.teams.at(0).zone = *Zone::find("Pacific/Auckland");
    roster.teams.at(0).language = "de";
    desk.options.texts.open("de").set("thread.resolved", "Erledigt am {{date}}");
    desk.found("lead.untouched", "acme", "ana");
    desk.tell();
    const auto evening = monday + hours{4};  // past midnight in Auckland
    desk.settle({"acme"}, evening);
    const auto edits =
        alerts::compose_edits(warehouse::read_thread_starts(desk.world.database(), monday), roster,
                              desk.options.texts, evening);
    REQUIRE(edits.size() == 1);
    CHECK(edits[0].message.title == "Erledigt am 24 Nov 2026: North · just now");
}

TEST_CASE("links that answer go with what there is nothing left to answer") {
    Message::Item item;
    item.facts = {{"amount", "48000", "https://crm.example/answer/1"},
                  {"", "I am at it", "https://nudged.example/answer/abc.def"},
                  {"", "globex", "https://crm.example/globex"}};
    alerts::remove_links(item);
    REQUIRE(item.facts.size() == 2);
    CHECK(item.facts[0].label == "amount");
    CHECK(item.facts[1].value == "globex");
}

TEST_CASE("praise, what cannot be edited, and what was forgotten stay as they are") {
    Threads desk;
    auto& finding = desk.found("lead.untouched", "acme", "ana");
    SECTION("praise") {
        finding.is_praise = true;
        desk.tell();
    }
    SECTION("a channel that gives no receipts") {
        desk.apply();
        desk.send_lines();
        desk.arrive(false);
    }
    SECTION("somebody in it was forgotten") {
        desk.tell();
        desk.world.database().execute("UPDATE outbox SET message = '{}'");
    }
    SECTION("it was told in the digest") {
        desk.options.routing.rules.clear();
        desk.apply();
        desk.send_digest();
        desk.arrive();
    }
    desk.settle({"acme"}, monday + hours{1});
    CHECK(desk.edits(monday + hours{1}).empty());
}

TEST_CASE("a later edit takes the place of one that waits, and none is decided twice") {
    Threads desk;
    desk.found("lead.untouched", "acme", "ana");
    desk.tell();
    const auto first = desk.rows().at(0);
    desk.answer(warehouse::AnswerKind::acknowledged, monday + hours{1});
    const auto stale = desk.edits(monday + hours{1});
    CHECK(desk.edit(monday + hours{1}) == 1);
    // Somebody who read before that was written does not write it once more.
    CHECK_FALSE(
        alerts::enqueue_edit(desk.world.database(), stale.at(0), monday + hours{2}, desk.options));
    desk.settle({"acme"}, monday + hours{3});
    CHECK(desk.edit(monday + hours{3}) == 1);
    const auto rows = desk.rows();
    REQUIRE(rows.size() == 3);
    CHECK(to_string(rows[1].state) == "superseded");
    CHECK(rows[1].last_reason == "a later edit says more");
    CHECK(to_string(rows[2].state) == "pending");
    for (std::size_t i = 1; i < rows.size(); ++i) {
        CHECK(rows[i].edits == first.key);
        CHECK(rows[i].reason == "edit");
        CHECK(rows[i].channel == first.channel);
        CHECK(rows[i].recipient == first.recipient);
        CHECK(rows[i].target == "C0 1.2");
    }
    const auto message = model::parse_message(rows[2].message);
    CHECK(message.reference == model::parse_message(first.message).reference);
}

TEST_CASE("a correction replies to what it corrects") {
    Threads desk;
    desk.found("lead.untouched", "acme", "ana");
    desk.tell();
    const auto first = desk.rows().at(0).key;
    const auto stored = desk.routed().at(0).stored;
    const alerts::Texts texts;
    CHECK(alerts::enqueue_correction(desk.world.database(), {stored, "", texts, {}},
                                     monday + hours{1}) == 1);
    CHECK(desk.rows().at(1).continues == first);
}
