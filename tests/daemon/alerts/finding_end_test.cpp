// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/finding_end.hpp"

#include "connectors/channels/document.hpp"
#include "daemon/warehouse/outbox_ends.hpp"
#include "tests/daemon/alerts/ways.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;
using model::Message;
using std::chrono::hours;
using warehouse::OutboxRow;
using Strings = std::vector<std::string>;

namespace {

const Instant later = monday + hours{3};

/// A desk whose digest goes to a channel that keeps account of what it was told.
struct Account : Ways {
    Account() {
        for (const char* deal : {"acme", "globex"}) found("opp.past_close", deal, "ana");
    }

    /// The day's digest is decided; it waits.
    void decide() {
        apply();
        send_digest();
    }
    /// What waits is sent as it would be, of at most so many bytes, and comes to that.
    void send(const std::string& state = "delivered", std::size_t max_bytes = 20'000) {
        for (const auto& row : rows()) {
            if (row.state != warehouse::OutboxState::pending) continue;
            const auto payload =
                channels::render_document(model::parse_message(row.message), max_bytes);
            world.database()
                .prepare("UPDATE outbox SET state = ?2, payload = ?3 WHERE id = ?1")
                .bind(1, row.id)
                .bind(2, std::string_view{state})
                .bind(3, std::string_view{payload})
                .run();
        }
    }
    /// Findings of those deals are found no more; how many messages that makes.
    int settle(const Strings& deals, Instant now = later) {
        std::erase_if(evaluation.findings, [&](const auto& one) {
            return std::find(deals.begin(), deals.end(), one.subject.id) != deals.end();
        });
        return take_up(now);
    }
    int take_up(Instant now) {
        const auto changes = apply(now);
        return alerts::enqueue_ends(world.database(), changes, {channels, world.roster(), options},
                                    now);
    }
    std::vector<OutboxRow> rows() {
        auto all = warehouse::read_outbox(world.reader());
        std::reverse(all.begin(), all.end());
        return all;
    }
    /// What the next claim would find of the last row: its state, and its items' titles.
    std::string last() {
        warehouse::trim_next_end(world.database(), "managers");
        const auto row = rows().back();
        std::string text{to_string(row.state)};
        const auto message = model::parse_message(row.message);
        for (const auto& item : message.sections.at(0).items)
            text += " " + item.title;
        return text;
    }

    std::set<std::string> channels{"managers"};
};

}  // namespace

TEST_CASE("what is resolved is told where it was told, finding by finding, by the same id") {
    Account desk;
    desk.decide();
    desk.send();
    CHECK(desk.settle({"acme"}) == 1);
    const auto rows = desk.rows();
    REQUIRE(rows.size() == 2);
    const auto& row = rows[1];
    CHECK(row.channel == "managers");
    CHECK(row.recipient == "max@example.com");
    CHECK(row.reason == "resolved");
    CHECK(row.continues == rows[0].key);
    CHECK(warehouse::is_end(row));
    const auto message = model::parse_message(row.message);
    CHECK(message.kind == Message::Kind::resolved);
    CHECK(message.title == "Resolved on Mon 23 Nov 2026: acme");
    CHECK(message.decided_at == later);
    REQUIRE(message.sections.at(0).items.size() == 1);
    const auto& item = message.sections[0].items[0];
    CHECK(item.text == "Resolved on Mon 23 Nov 2026. No next step for 5 working days.");
    CHECK(item.question.empty());
    REQUIRE(item.findings.size() == 1);
    CHECK(item.findings[0].is_over);
    CHECK(item.findings[0].check == "opp.past_close");
    std::string id;
    for (const auto& section : model::parse_message(rows[0].message).sections)
        for (const auto& told : section.items)
            if (told.title == "acme") id = told.findings.at(0).id;
    CHECK(id.size() == 32);
    CHECK(item.findings[0].id == id);
    CHECK(desk.last() == "pending acme");

    // Both in one go are one message, under the title of the one that told them.
    CHECK(desk.settle({"globex"}, later + hours{1}) == 1);
    CHECK(desk.rows().size() == 3);
    CHECK(desk.settle({}, later + hours{2}) == 0);
}

TEST_CASE("several that one message told are resolved in one message") {
    Account desk;
    desk.decide();
    desk.send();
    CHECK(desk.settle({"acme", "globex"}) == 1);
    CHECK_THAT(model::parse_message(desk.rows().back().message).title,
               Contains("Resolved on Mon 23 Nov 2026: North"));
    CHECK(desk.last() == "pending acme globex");
}

TEST_CASE("a channel that keeps no account hears nothing of an end") {
    Account desk;
    desk.channels = {"another"};
    desk.decide();
    desk.send();
    CHECK(desk.settle({"acme"}) == 0);
    CHECK(desk.rows().size() == 1);
}

TEST_CASE("nobody hears of the end of what they were not told") {
    Account desk;
    SECTION("it was in no message") {
        desk.apply();
        CHECK(desk.settle({"acme"}) == 0);
    }
    SECTION("the message has not been sent, nor will it be") {
        desk.decide();
        REQUIRE(desk.settle({"acme"}) == 1);
        CHECK(desk.last() == "pending acme");  // behind the one before it
        const auto* state = GENERATE("superseded", "dead", "refused", "held");
        desk.world.database().execute(
            fmt::format("UPDATE outbox SET state = '{}' WHERE reason = 'digest'", state));
        CHECK(desk.last() == "superseded acme");
        CHECK(desk.rows().back().last_reason == "what it is the end of was never told here");
    }
    SECTION("the message has been given up before") {
        desk.decide();
        desk.send("dead");
        CHECK(desk.settle({"acme"}) == 0);
    }
    SECTION("the message arrived without its items") {
        desk.decide();
        desk.send("delivered", 0);
        CHECK(desk.settle({"acme"}) == 0);
    }
    SECTION("the message arrives, by the end of it with one of them only") {
        desk.decide();
        REQUIRE(desk.settle({"acme", "globex"}) == 1);
        const auto told = model::parse_message(desk.rows()[0].message);
        std::string globex;
        for (const auto& section : told.sections)
            for (const auto& item : section.items)
                if (item.title == "globex") globex = item.findings.at(0).id;
        desk.world.database().execute(fmt::format(
            "UPDATE outbox SET state = 'delivered', payload = '{}' WHERE reason = 'digest'",
            globex));
        CHECK(desk.last() == "pending globex");
    }
    SECTION("somebody in it was forgotten") {
        desk.decide();
        desk.send();
        desk.world.database().execute("UPDATE outbox SET message = '{}', payload = NULL");
        CHECK(desk.settle({"acme"}) == 0);
    }
}

TEST_CASE("what went by a fallback is over there, and not where it never arrived") {
    Account desk;
    desk.decide();
    desk.world.database().execute(
        "INSERT INTO outbox (key, channel, recipient, reason, message, payload, state, created_at, "
        "due_at, expires_at) SELECT key || '/by/spare', 'spare', recipient, reason, message, "
        "message, 'delivered', created_at, due_at, expires_at FROM outbox");
    desk.world.database().execute(
        "UPDATE outbox SET state = 'superseded' WHERE channel = 'managers'");
    SECTION("which keeps account") {
        desk.channels.insert("spare");
        CHECK(desk.settle({"acme"}) == 1);
        const auto row = desk.rows().back();
        CHECK(row.channel == "spare");
        CHECK(row.continues == desk.rows()[1].key);
    }
    SECTION("which keeps none") {
        CHECK(desk.settle({"acme"}) == 0);
    }
}

TEST_CASE("what arrived last is continued; what waits still may never arrive") {
    Account desk;
    desk.decide();
    desk.send();
    const auto first = desk.rows()[0].key;
    desk.options.repeat_after = 1;
    const auto day = monday + std::chrono::days{1};
    desk.apply(day);
    desk.send_digest(day);
    REQUIRE(desk.rows().size() == 2);
    const bool has_arrived = GENERATE(false, true);
    if (has_arrived) desk.send();
    const auto second = desk.rows()[1].key;
    REQUIRE(desk.settle({"acme"}, day + hours{1}) == 1);
    CHECK(desk.rows().back().continues == (has_arrived ? second : first));
}

TEST_CASE("what is back within its episode is told as open again, with its question") {
    Account desk;
    desk.decide();
    desk.send();
    desk.settle({"acme"});
    desk.send();
    desk.found("opp.past_close", "acme", "ana");
    CHECK(desk.take_up(later + hours{1}) == 1);
    const auto row = desk.rows().back();
    CHECK(row.reason == "reopened");
    const auto message = model::parse_message(row.message);
    CHECK(message.kind == Message::Kind::nudge);
    CHECK(message.title == "Open again since Mon 23 Nov 2026: acme");
    const auto& item = message.sections.at(0).items.at(0);
    CHECK(item.question == "What is the next thing that the customer agreed to?");
    CHECK_FALSE(item.findings.at(0).is_over);
    CHECK(desk.last() == "pending acme");
}

TEST_CASE("the end and the word of it are one: neither stands without the other") {
    Account desk;
    desk.decide();
    desk.send();
    {
        warehouse::Savepoint part{desk.world.database()};
        CHECK(desk.settle({"acme"}) == 1);
    }  // rolled back, as when the process is killed before the commit
    CHECK(desk.rows().size() == 1);
    CHECK(desk.state_of("opp.past_close", "acme") == "notified 1");
}

TEST_CASE("of one rep's accounts each is over by itself") {
    Account desk;
    for (const char* account : {"initech", "hooli"}) {
        auto& finding = desk.found("acct.no_next_step", account, "ben");
        finding.subject.type = "account";
    }
    desk.decide();
    desk.send();
    CHECK(desk.settle({"hooli"}) == 1);
    const auto item = model::parse_message(desk.rows().back().message).sections.at(0).items.at(0);
    CHECK(item.title == "hooli");
    CHECK(item.url == "https://crm.example/hooli");
}
