// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/delivery_policy.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using channels::Outcome;
using runtime::decide_verdict;

namespace {

const Instant now = parse_instant("2026-11-20T08:00:00Z").value();

/// A channel whose forms can be told apart, and that has no poorer form.
class Plain : public channels::Channel {
public:
    std::string render(const model::Message& message) const override {
        return message.title + (message.possible_repeat ? ", perhaps again" : "");
    }
    std::optional<std::string> simplify(const std::string&) const override { return std::nullopt; }
    channels::asio::awaitable<channels::SendOutcome> send(const std::string&,
                                                          const std::string&) override {
        co_return channels::SendOutcome{};
    }
    channels::Pace pace() const override { return {}; }
};

warehouse::OutboxRow row() {
    warehouse::OutboxRow row;
    model::Message message;
    message.title = "hello";
    row.message = model::to_json(message);
    row.payload = "hello";
    return row;
}

channels::SendOutcome outcome(Outcome kind, std::optional<std::chrono::milliseconds> wait = {}) {
    channels::SendOutcome outcome;
    outcome.outcome = kind;
    outcome.retry_after = wait;
    return outcome;
}

/// How long the channel rests after this outcome with so many failures before it.
std::chrono::milliseconds pause(const channels::SendOutcome& outcome, int failures, double luck) {
    warehouse::ChannelState before;
    before.failures = failures;
    const auto verdict = decide_verdict(row(), outcome, before, Plain{}, now, luck);
    return verdict.channel.paused_until.value_or(now) - now;
}

}  // namespace

TEST_CASE("our own back-off is spread over all of [0, 2 s · 2^n], and never under a second") {
    // The n-th failure in a row: 2 s · 2^(n - 1), so 2, 4, 8, 16 s.
    const auto failed = outcome(Outcome::transient);
    CHECK(pause(failed, 0, 0.999) == 1'998ms);
    CHECK(pause(failed, 1, 0.5) == 2s);
    CHECK(pause(failed, 3, 0.75) == 12s);
    CHECK(pause(failed, 3, 0) == 1s);
}

TEST_CASE("a kind of channel has a back-off of its own, and bears longer waits") {
    const auto mail = channels::find_kind("smtp")->patience;
    const auto limits = runtime::limits_within({}, mail);
    warehouse::ChannelState before;
    before.failures = 1;
    const auto wait = [&](const channels::SendOutcome& came, const runtime::DeliveryLimits& of) {
        const auto verdict = decide_verdict(row(), came, before, Plain{}, now, 0.5, of);
        return *verdict.channel.paused_until - now;
    };
    // Half of 60 s · 2.
    CHECK(wait(outcome(Outcome::transient), limits) == 60s);
    CHECK(limits.backoff_cap == 2h);
    const auto hook = runtime::limits_within({}, channels::find_kind("webhook")->patience);
    CHECK(wait(outcome(Outcome::transient), hook) == 5s);
    // What is asked for, and a tenth on top.
    CHECK(wait(outcome(Outcome::throttled, 20h), hook) == 22h);
    CHECK(wait(outcome(Outcome::throttled, 20h), {}) == 66min);
    CHECK(wait(outcome(Outcome::transient), runtime::limits_within({}, std::nullopt)) == 2s);
}

TEST_CASE("after five failures in a row one message goes each five minutes") {
    CHECK(pause(outcome(Outcome::transient), 4, 0.1) == 5min);
    CHECK(pause(outcome(Outcome::ambiguous), 4, 0.1) == 5min);
    CHECK(pause(outcome(Outcome::transient), 400, 0.1) == 5min);
}

TEST_CASE("what the far end asks for is kept to, from a second to an hour, and a fifth on top") {
    CHECK(pause(outcome(Outcome::throttled, 30s), 0, 0) == 30s);
    CHECK(pause(outcome(Outcome::throttled, 30s), 0, 0.5) == 33s);
    CHECK(pause(outcome(Outcome::throttled, 0s), 0, 0) == 1s);
    CHECK(pause(outcome(Outcome::throttled, 24h), 0, 0) == 1h);
    CHECK(pause(outcome(Outcome::throttled), 0, 0.5) ==
          1'100ms);  // said nothing: 1 s, a tenth on top
    CHECK(pause(outcome(Outcome::transient, 60s), 0, 0.5) == 60s);  // longer than our own
}

TEST_CASE("being throttled is no failure, and any answer about the message mends the channel") {
    warehouse::ChannelState before;
    before.failures = 3;
    before.broken_since = now - 1h;
    before.paused_until = now - 1s;
    const auto after = [&](Outcome kind) {
        return decide_verdict(row(), outcome(kind, 1s), before, Plain{}, now, 0.5).channel;
    };
    CHECK(after(Outcome::throttled).failures == 3);
    CHECK(after(Outcome::throttled).broken_since == before.broken_since);
    CHECK(after(Outcome::refused_destination).broken_since == before.broken_since);
    for (const auto kind : {Outcome::delivered, Outcome::accepted, Outcome::refused_payload}) {
        CHECK(after(kind).failures == 0);
        CHECK_FALSE(after(kind).broken_since);
        CHECK_FALSE(after(kind).paused_until);
    }
    CHECK(after(Outcome::delivered).last_success_at == now);
    CHECK_FALSE(after(Outcome::refused_payload).last_success_at);
}

TEST_CASE("only a try without a verdict changes what is sent the next time") {
    const auto payload = [](Outcome kind) {
        return decide_verdict(row(), outcome(kind, 1s), {}, Plain{}, now, 0.5).message.payload;
    };
    CHECK(payload(Outcome::ambiguous) == "hello, perhaps again");
    CHECK_FALSE(payload(Outcome::transient));
    CHECK_FALSE(payload(Outcome::throttled));
    CHECK_FALSE(payload(Outcome::refused_destination));
}

TEST_CASE(
    "without a verdict, a far end that knows repeats gets the same bytes until there is one") {
    struct Knowing : Plain {
        bool knows_repeats() const override { return true; }
    };
    auto tried = row();
    tried.ambiguous = 1;  // which would be the last try elsewhere
    const auto verdict =
        decide_verdict(tried, outcome(Outcome::ambiguous), {}, Knowing{}, now, 0.5);
    CHECK(verdict.message.state == warehouse::OutboxState::pending);
    CHECK_FALSE(verdict.message.payload);
    CHECK_FALSE(verdict.message.is_ambiguous);
    CHECK(verdict.message.outcome == "ambiguous");
    CHECK(verdict.channel.failures == 1);
    // The first failure in a row: 2 s · 2^0, of which luck takes half.
    CHECK(verdict.channel.paused_until == now + 1s);
}

TEST_CASE("what a try left over takes the payload's place, whatever the try came to") {
    const auto after = [](Outcome kind) {
        auto tried = outcome(kind);
        tried.left = "the rest";
        return decide_verdict(row(), tried, {}, Plain{}, now, 0.5).message;
    };
    for (const auto kind :
         {Outcome::throttled, Outcome::transient, Outcome::ambiguous, Outcome::refused_destination})
        CHECK(after(kind).payload == "the rest");
    // There is no poorer form of it.
    CHECK_FALSE(after(Outcome::refused_payload).payload);
    CHECK(after(Outcome::refused_payload).state == warehouse::OutboxState::refused);
}

TEST_CASE("an edit is sent again until there is a verdict, and is given up quietly by a refusal") {
    auto edit = row();
    edit.edits = "one";
    edit.target = "C0 1.2";
    edit.ambiguous = 1;
    const auto after = [&](Outcome kind) {
        return decide_verdict(edit, outcome(kind), {}, Plain{}, now, 0.5).message;
    };
    CHECK(after(Outcome::ambiguous).state == warehouse::OutboxState::pending);
    CHECK_FALSE(after(Outcome::ambiguous).payload);
    CHECK_FALSE(after(Outcome::ambiguous).is_ambiguous);
    CHECK(after(Outcome::refused_payload).state == warehouse::OutboxState::superseded);
    CHECK(after(Outcome::delivered).state == warehouse::OutboxState::delivered);
}

TEST_CASE("a receipt is kept with the verdict, and known to what is rendered after it") {
    auto tried = outcome(Outcome::delivered);
    tried.receipt = "C0 1.2";
    CHECK(decide_verdict(row(), tried, {}, Plain{}, now, 0.5).message.receipt == "C0 1.2");
    struct Naming : Plain {
        std::string render(const model::Message& message) const override {
            return message.thread + "|" + message.replaces;
        }
    };
    auto reply = row();
    reply.thread = "C0 1.2";
    CHECK(runtime::render_stored(Naming{}, reply, now, false) == "C0 1.2|");
    // Where nobody knows whether it arrived, the next try replies there, too.
    CHECK(decide_verdict(reply, outcome(Outcome::ambiguous), {}, Naming{}, now, 0.5)
              .message.payload == "C0 1.2|");
}

TEST_CASE("an hour of nothing but failure is as good as a refusal; failures with nothing tried in "
          "between are no row") {
    warehouse::ChannelState before;
    before.failures = 4;
    before.failing_since = now - 1h;
    before.paused_until = now - 1s;
    const auto after = [&](Outcome kind) {
        return decide_verdict(row(), outcome(kind, 1s), before, Plain{}, now, 0.5).channel;
    };
    for (const auto kind : {Outcome::transient, Outcome::ambiguous, Outcome::throttled}) {
        CHECK(after(kind).broken_since == now);
        CHECK(after(kind).failing_since == now - 1h);
    }
    SECTION("not with fewer than five, but for waits that were asked for") {
        before.failures = 3;
        CHECK_FALSE(after(Outcome::transient).broken_since);
        CHECK(after(Outcome::throttled).broken_since == now);
    }
    SECTION("not a minute before") {
        before.failing_since = now - 59min;
        CHECK_FALSE(after(Outcome::transient).broken_since);
    }
    SECTION("not where nothing was sent for an hour") {
        before.paused_until = now - 1h;
        CHECK_FALSE(after(Outcome::transient).broken_since);
        CHECK(after(Outcome::transient).failing_since == now);
    }
    SECTION("not from a time that is yet to come, as a clock that was set leaves it") {
        before.failing_since = now + 1h;
        CHECK(after(Outcome::transient).failing_since == now);
    }
    SECTION("any answer about a message ends it, and a refusal is one of another kind") {
        CHECK_FALSE(after(Outcome::refused_payload).failing_since);
        CHECK_FALSE(after(Outcome::refused_destination).failing_since);
        CHECK(after(Outcome::refused_destination).broken_since == now);
    }
}
