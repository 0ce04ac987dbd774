// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/dispute.hpp"
#include "daemon/alerts/news.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using std::chrono::days;
using warehouse::AnswerKind;

namespace {

struct Argued : Desk {
    Argued() {
        found("opp.idle", "acme", "ana");
        apply();
    }
    warehouse::StoredFinding stored() {
        auto one = warehouse::read_live_findings(world.database()).at(0);
        one.answer = warehouse::read_answer(world.database(), one.episode.id);
        return one;
    }
    void tell(const std::string& line, const std::string& channel, const std::string& recipient) {
        const auto id = stored().episode.id;
        warehouse::note_telling(world.database(), {&id, 1}, {line, channel, recipient}, monday,
                                "digest");
    }
    void dispute() {
        const auto one = stored();
        warehouse::save_answer(world.database(), one.episode.id,
                               {.kind = AnswerKind::disputed,
                                .facts = facts_of(one.finding, one.episode.seen_at),
                                .at = monday,
                                .by = "ana@example.com",
                                .note = "we met"});
    }
    /// "channel recipient: title" of each message, the oldest first.
    std::vector<std::string> messages() {
        std::vector<std::string> all;
        for (const auto& row : warehouse::read_outbox(world.reader()))
            all.insert(all.begin(), fmt::format("{} {}: {}", row.channel, row.recipient,
                                                model::parse_message(row.message).title));
        return all;
    }
};

}  // namespace

TEST_CASE("who says that a finding is wrong is heard by the manager and the admin") {
    Argued desk;
    const auto one = desk.stored();
    const alerts::Texts texts;
    const std::vector<alerts::Judge> judges{{{"manager", "managers", "max@example.com"}, false},
                                            {{"admin", "ops", ""}, true}};
    CHECK(alerts::enqueue_dispute(desk.world.database(), {one, "ana@example.com", "we met", texts},
                                  judges, monday));
    CHECK(desk.messages() ==
          std::vector<std::string>{"managers max@example.com: ana@example.com says: this is wrong",
                                   "ops : nudged: a finding is disputed"});
    // Others read what the admin's channel says: nobody is named there, and no record.
    const auto to_admin = warehouse::read_outbox(desk.world.reader()).at(0).message;
    for (const auto* word : {"ana", "we met", "acme"})
        CHECK(to_admin.find(word) == std::string::npos);
}

TEST_CASE("what is disputed is silent until somebody has looked, whatever changes") {
    Argued desk;
    desk.dispute();
    auto one = desk.stored();
    const auto north = desk.team();
    const alerts::Listener listener{north.zone, north.calendar, 10};
    CHECK(alerts::decide_news(one, listener, monday + days{30}) == alerts::News::none);
    one.finding.severity = warehouse::Severity::high;
    CHECK(alerts::decide_news(one, listener, monday + days{30}) == alerts::News::none);
    // What goes away meanwhile is still to be looked at.
    desk.evaluation.findings.clear();
    desk.apply(monday + days{1});
    CHECK(warehouse::read_disputed_findings(desk.world.database()).size() == 1);
}

TEST_CASE("a correction reaches everybody who was told, once, where they were told it") {
    Argued desk;
    desk.tell("rep", "mail", "ana@example.com");
    desk.tell("manager", "managers", "max@example.com");
    desk.tell("escalation", "mail", "kim@example.com");
    desk.tell("to max by managers", "managers", "max@example.com");
    const auto one = desk.stored();
    const alerts::Texts texts;
    CHECK(alerts::enqueue_correction(desk.world.database(), {one, "wrong owner", texts, {}},
                                     monday) == 3);
    const std::string title = ": Correction: what was told was wrong";
    auto all = desk.messages();
    std::sort(all.begin(), all.end());
    CHECK(all == std::vector<std::string>{"mail ana@example.com" + title,
                                          "mail kim@example.com" + title,
                                          "managers max@example.com" + title});
}

TEST_CASE("where others read along, a correction names nobody and no record") {
    Argued desk;
    desk.tell("shadow", "ops", "");
    desk.tell("manager", "managers", "max@example.com");
    const auto one = desk.stored();
    const alerts::Texts texts;
    CHECK(alerts::enqueue_correction(desk.world.database(),
                                     {one, "ana had called acme", texts, {"ops"}}, monday) == 2);
    const auto id = one.fingerprint.substr(0, 10);
    for (const auto& row : warehouse::read_outbox(desk.world.reader())) {
        CAPTURE(row.channel);
        const bool is_shared = row.channel == "ops";
        for (const auto& word : {std::string{"acme"}, std::string{"ana"}, one.finding.summary})
            CHECK((row.message.find(word) == std::string::npos) == is_shared);
        CHECK(row.message.find(id) != std::string::npos);
        if (is_shared) CHECK(row.message.find("nudged finding history " + id) != std::string::npos);
    }
}

TEST_CASE("nobody is corrected who was not told") {
    Argued desk;
    const auto one = desk.stored();
    const alerts::Texts texts;
    CHECK(alerts::enqueue_correction(desk.world.database(), {one, "", texts, {}}, monday) == 0);
}
