// SPDX-License-Identifier: Apache-2.0
// Replies and edits on their way through the outbox, with a bot of Slack's at its end.
#include "tests/daemon/runtime/bot_office.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

Reply error(const char* word) {
    return Reply::json(std::string{R"({"ok":false,"error":")"} + word + R"("})");
}

std::int64_t count(const Strings& names, const std::string& name) {
    return std::count(names.begin(), names.end(), name);
}

/// The message "one" has been delivered.
struct Told : BotOffice {
    Told() {
        post("one");
        deliver_all();
        events.clear();
    }
};

}  // namespace

TEST_CASE("a message that continues another replies to it, and shows in the conversation as well") {
    Told office;
    office.post("worse", "one");
    office.post("another");
    office.deliver_all();
    CHECK(office.slack.messages() == Strings{"D0MAX: one", "  ↳ worse", "D0MAX: another"});
    const auto posts = office.slack.requests("chat.postMessage");
    CHECK_THAT(posts.at(1).body, Contains(R"("thread_ts":"1503435956.000001")") &&
                                     Contains(R"("reply_broadcast":true)"));
    CHECK_THAT(posts.at(0).body, !Contains("thread_ts") && !Contains("reply_broadcast"));
    // It knows the conversation: max is looked up once for the first, and known for the last.
    CHECK(office.slack.requests("users.lookupByEmail").size() == 1);
}

TEST_CASE("what continues a message that never arrived, or has another place, stands alone") {
    BotOffice office;
    SECTION("nobody knows whether it arrived") {
        office.slack.answer_next({Reply::text("", 500), Reply::text("", 500)});
        office.post("one");
        office.deliver_all();
        office.now += 40s;
        office.deliver_all();
        CHECK_THAT(office.state_of("one"), Contains("unknown 2"));
    }
    SECTION("it was refused") {
        office.slack.answer_next({error("no_text"), error("no_text")});
        office.post("one");
        office.deliver_all();
        CHECK_THAT(office.state_of("one"), Contains("refused"));
    }
    SECTION("there is none") {}
    office.now += 40s;
    office.post("worse", "one");
    office.deliver_all();
    CHECK(office.slack.messages() == Strings{"D0MAX: worse"});
}

TEST_CASE("a reply follows its first message to no other channel") {
    Told office;
    office.move_to("C0OTHERS");
    office.post("worse", "one");
    office.deliver_all();
    CHECK(office.slack.messages() == Strings{"D0MAX: one", "C0OTHERS: worse"});
    // What stands where it was told can still be edited there.
    office.post("Over: one", "", "one");
    office.deliver_all();
    CHECK(office.slack.messages() == Strings{"D0MAX: Over: one", "C0OTHERS: worse"});
}

TEST_CASE("a reply to what somebody has deleted arrives, and stands alone") {
    Told office;
    office.slack.remove(0);
    office.post("worse", "one");
    CHECK(office.deliver_all() == 1);
    office.now += 10s;
    CHECK(office.deliver_all() == 1);
    CHECK(office.slack.messages().back() == "D0MAX: worse");
    CHECK_THAT(office.state_of("worse"), Contains("delivered 2"));
}

TEST_CASE(
    "a reply of which nobody knows whether it arrived is repeated where it was, and says so") {
    Told office;
    office.slack.answer_next({Reply::text("", 500)});
    office.post("worse", "one");
    office.deliver_all();
    office.now += 40s;
    office.deliver_all();
    CHECK(office.slack.messages() == Strings{"D0MAX: one", "  ↳ worse"});
    CHECK_THAT(office.slack.text_of(1), Contains("possible repeat"));
}

TEST_CASE("an edit changes the message that is there, and posts none") {
    Told office;
    office.post("Over: one", "", "one");
    CHECK(office.deliver_all() == 1);
    CHECK(office.slack.messages() == Strings{"D0MAX: Over: one"});
    CHECK(office.slack.requests("chat.postMessage").size() == 1);
    CHECK(office.state_of("Over: one") == "delivered 1 ");
    CHECK(office.events == Strings{"message.sent"});
    office.restart();
    CHECK(office.deliver_all() == 0);
}

TEST_CASE("an edit without a verdict is sent again until there is one: it cannot double anything") {
    Told office;
    office.slack.answer_next({Reply::text("", 500), Reply::nothing(Reply::Ending::reset),
                              Reply::text("", 502), error("internal_error")});
    office.post("Over: one", "", "one");
    for (int i = 0; i < 5; ++i) {
        CHECK(office.deliver_all() == 1);
        office.now += 5min;
    }
    CHECK(office.slack.messages() == Strings{"D0MAX: Over: one"});
    CHECK_THAT(office.slack.text_of(0), !Contains("possible repeat"));
    const auto edits = office.slack.requests("chat.update");
    REQUIRE(edits.size() == 5);
    for (const auto& edit : edits) CHECK(edit.body == edits[0].body);
    CHECK(office.slack.requests("chat.postMessage").size() == 1);
}

TEST_CASE("a process that dies while it edits leaves an edit that is sent once more") {
    Told office;
    office.post("Over: one", "", "one");
    // The claim of one that died before it had sent, or after it: nobody can tell.
    office.writer().run_blocking([&](warehouse::Database& database) {
        const auto render = [](const warehouse::OutboxRow& row) {
            CHECK(row.target == "D0MAX 1503435956.000001");
            return std::string{R"({"channel":"D0MAX","ts":"1503435956.000001","text":"Over: one",)"
                               R"("blocks":[]})"};
        };
        REQUIRE(warehouse::claim_next(database, "people", office.now, 2min, render));
    });
    office.restart();
    office.now += 2min;
    office.deliver_all();
    office.now += 1min;
    CHECK(office.deliver_all() == 1);
    CHECK(office.slack.messages() == Strings{"D0MAX: Over: one"});
    CHECK(office.slack.requests("chat.postMessage").size() == 1);
    office.now += 1h;
    CHECK(office.deliver_all() == 0);
}

TEST_CASE("an edit that is not taken is given up quietly, and never becomes a message") {
    struct Case {
        const char* word;
        int tries;  // what was refused is tried once more in a poorer form
    };
    const auto c = GENERATE(values<Case>({{"message_not_found", 2},
                                          {"cant_update_message", 2},
                                          {"edit_window_closed", 2},
                                          {"channel_not_found", 2},
                                          {"is_inactive", 2}}));
    DYNAMIC_SECTION(c.word) {
        Told office;
        office.slack.answer_next({error(c.word), error(c.word)});
        office.post("Over: one", "", "one");
        CHECK(office.deliver_all() == c.tries);
        office.post("two");
        CHECK(office.deliver_all() == 1);
        CHECK(office.state_of("Over: one") == fmt::format("superseded {} 200 {}", c.tries, c.word));
        CHECK(office.slack.messages() == Strings{"D0MAX: one", "D0MAX: two"});
        CHECK(count(office.events, "message.edit_given_up") == 1);
        for (const char* loud : {"message.refused", "message.dead", "channel.broken"})
            CHECK(count(office.events, loud) == 0);
        office.writer().run_blocking([&](warehouse::Database& database) {
            CHECK(warehouse::replay_messages(database, {2}, office.now, [](auto) {
                      return 24h;
                  }).replayed == 0);
        });
    }
}

TEST_CASE("a bot that may not edit at all is broken as any other, and what waits expires quietly") {
    Told office;
    office.have_fallback();
    office.slack.answer_next({error("missing_scope")});
    office.post("Over: one", "", "one");
    office.deliver_all();
    CHECK(count(office.events, "channel.broken") == 1);
    office.slack.answer_next({error("missing_scope")});
    office.post("two");
    office.now += 6min;
    office.deliver_all();
    // The message goes by the fallback, the edit is nothing to anybody there.
    CHECK_THAT(office.state_of("two"), Contains("superseded 1"));
    CHECK_THAT(office.state_of("two/by/mail"), Contains("pending"));
    CHECK_THAT(office.state_of("Over: one"), Contains("pending 1"));
    CHECK(office.state_of("Over: one/by/mail") == "unknown to the outbox");
    office.now += 25h;
    office.deliver_all();
    CHECK_THAT(office.state_of("Over: one"), Contains("superseded") && Contains("expired"));
    CHECK(count(office.events, "message.edit_given_up") == 1);
}

TEST_CASE("an edit that comes to nothing again and again keeps no message waiting") {
    Told office;
    office.slack.answer_next({error("update_failed")});
    office.post("Over: one", "", "one");
    office.deliver_all();
    office.now += 1h;
    office.post("two");
    CHECK(office.deliver_all() == 2);
    CHECK(office.slack.messages() == Strings{"D0MAX: Over: one", "D0MAX: two"});
    CHECK(office.slack.methods() == Strings{"users.lookupByEmail", "chat.postMessage",
                                            "chat.update", "chat.postMessage", "chat.update"});
}

TEST_CASE("an edit that a restore held is given up once a later one of the same message is there") {
    Told office;
    office.post("Acknowledged: one", "", "one");
    office.writer().run_blocking(
        [](warehouse::Database& database) { CHECK(warehouse::hold_messages(database) == 1); });
    office.post("Resolved: one", "", "one");
    office.deliver_all();
    office.writer().run_blocking([&](warehouse::Database& database) {
        CHECK(warehouse::release_messages(database, {}, office.now).released == 1);
    });
    office.deliver_all();
    CHECK(office.slack.messages() == Strings{"D0MAX: Resolved: one"});
    CHECK_THAT(office.state_of("Acknowledged: one"),
               Contains("superseded") && Contains("a later edit says more"));
    CHECK(office.slack.requests("chat.update").size() == 1);
}

TEST_CASE("an edit waits as long as Slack asks for") {
    Told office;
    auto too_many = error("ratelimited");
    too_many.status = 429;
    too_many.headers.emplace_back("Retry-After", "30");
    office.slack.answer_next({too_many});
    office.post("Over: one", "", "one");
    office.deliver_all();
    office.now += 29s;
    CHECK(office.deliver_all() == 0);
    office.now += 8s;
    CHECK(office.deliver_all() == 1);
    CHECK(office.slack.messages() == Strings{"D0MAX: Over: one"});
}

TEST_CASE(
    "a channel that has become one that cannot edit drops its edits, and sends replies as new") {
    Told office;
    office.post("Over: one", "", "one");
    office.post("worse", "one");
    office.cannot_edit();
    office.deliver_all();
    CHECK_THAT(office.state_of("Over: one"), Contains("superseded 0") && Contains("cannot edit"));
    CHECK_THAT(office.state_of("worse"), Contains("delivered 1"));
    CHECK(count(office.events, "message.edit_given_up") == 1);
    CHECK(office.slack.messages() == Strings{"D0MAX: one"});
}

TEST_CASE("an edit of what was never delivered is dropped before it is sent") {
    BotOffice office;
    office.post("Over: one", "", "one");
    office.deliver_all();
    CHECK_THAT(office.state_of("Over: one"), Contains("superseded 0") && Contains("not known"));
    CHECK(office.slack.requests("chat.update").empty());
    CHECK(office.slack.requests("chat.postMessage").empty());
}
