// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/round.hpp"
#include "tests/smtp_receiver/parsed_mail.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::channels::mail;
using channels::Outcome;

namespace {

Payload to(const std::vector<std::string>& addresses) {
    Payload payload;
    for (const auto& address : addresses) payload.to.push_back({address, false});
    payload.subject = "North";
    payload.text = "text\n";
    payload.html = "<p>text</p><!--repeat-->\n";
    payload.reference = "3f2a91bc";
    return payload;
}

Verdict of_one(Outcome outcome, std::optional<std::chrono::milliseconds> wait = {}) {
    Verdict verdict;
    verdict.outcome.outcome = outcome;
    verdict.outcome.reason = "550 5.1.1";
    verdict.outcome.retry_after = wait;
    verdict.concerns_all = false;
    return verdict;
}

Verdict of_all(Outcome outcome) {
    auto verdict = of_one(outcome);
    verdict.concerns_all = true;
    return verdict;
}

/// "a b?" of those that are left, those marked that may have it.
std::string left_of(const channels::SendOutcome& outcome) {
    if (!outcome.left) return "nothing said";
    std::string all;
    for (const auto& recipient : parse_payload(*outcome.left).to)
        all += (all.empty() ? "" : " ") + recipient.address + (recipient.may_have_it ? "?" : "");
    return all;
}

}  // namespace

TEST_CASE("what came of each address sums up to one outcome, and nobody gets a mail twice") {
    struct Case {
        const char* name;
        std::vector<Verdict> came;
        Outcome outcome;
        std::string left;
    };
    const auto c = GENERATE(values<Case>({
        {"all took it",
         {of_all(Outcome::accepted), of_all(Outcome::accepted), of_all(Outcome::accepted)},
         Outcome::accepted,
         "nothing said"},
        {"one takes no mail",
         {of_all(Outcome::accepted), of_one(Outcome::refused_destination),
          of_all(Outcome::accepted)},
         Outcome::accepted,
         "nothing said"},
        {"one is greylisted",
         {of_all(Outcome::accepted), of_one(Outcome::transient), of_all(Outcome::accepted)},
         Outcome::transient,
         "b"},
        {"one is greylisted, one takes no mail",
         {of_one(Outcome::transient), of_one(Outcome::refused_destination),
          of_all(Outcome::accepted)},
         Outcome::transient,
         "a"},
        {"nobody takes mail",
         {of_one(Outcome::refused_destination), of_one(Outcome::refused_destination),
          of_one(Outcome::refused_destination)},
         Outcome::refused_destination,
         "nothing said"},
        {"the server goes away after the first",
         {of_all(Outcome::accepted), of_all(Outcome::transient)},
         Outcome::transient,
         "b c"},
        {"nobody knows of the second",
         {of_all(Outcome::accepted), of_all(Outcome::ambiguous)},
         Outcome::transient,  // the third has to get its mail whatever became of the second
         "b? c"},
        {"nobody knows of the first", {of_all(Outcome::ambiguous)}, Outcome::transient, "a? b c"},
        {"nobody knows of the last",
         {of_all(Outcome::accepted), of_all(Outcome::accepted), of_all(Outcome::ambiguous)},
         Outcome::ambiguous,
         "c?"},
        {"the mail is refused",
         {of_all(Outcome::refused_payload)},
         Outcome::refused_payload,
         "nothing said"},
        {"the mail is refused to the second",
         {of_all(Outcome::accepted), of_all(Outcome::refused_payload)},
         Outcome::refused_payload,
         "b c"},
        {"the login is refused",
         {of_all(Outcome::refused_destination)},
         Outcome::refused_destination,
         "nothing said"},
    }));
    DYNAMIC_SECTION(c.name) {
        Round round(to({"a", "b", "c"}), true);
        for (const auto& verdict : c.came) {
            REQUIRE(round.next() != nullptr);
            round.add(verdict);
        }
        CHECK(round.next() == nullptr);
        const auto outcome = round.conclude();
        CHECK(to_string(outcome.outcome) == to_string(c.outcome));
        CHECK(left_of(outcome) == c.left);
    }
}

TEST_CASE("an address of which nobody knows twice is let go, and the others still get theirs") {
    auto payload = to({"a", "b"});
    payload.to[0].may_have_it = true;
    Round round(payload, true);
    round.add(of_all(Outcome::ambiguous));
    CHECK(round.conclude().outcome == Outcome::transient);
    CHECK(left_of(round.conclude()) == "b");
    Round last(payload, true);
    last.add(of_all(Outcome::accepted));
    last.add(of_all(Outcome::ambiguous));
    CHECK(last.conclude().outcome == Outcome::ambiguous);
    CHECK(left_of(last.conclude()) == "b?");
    // Alone it is the row that counts how often nobody knew.
    payload.to.pop_back();
    Round alone(payload, true);
    alone.add(of_all(Outcome::ambiguous));
    CHECK(alone.conclude().outcome == Outcome::ambiguous);
}

TEST_CASE("the longest wait of the addresses that are left counts") {
    using namespace std::chrono_literals;
    Round round(to({"a", "b"}), true);
    round.add(of_one(Outcome::transient, 60min));
    round.add(of_one(Outcome::transient, 5min));
    CHECK(round.conclude().retry_after == 60min);
}

TEST_CASE("an address of one message alone breaks no channel") {
    Round round(to({"a"}), false);
    round.add(of_one(Outcome::refused_destination));
    CHECK(to_string(round.conclude().outcome) == "refused_payload");
}

TEST_CASE("a mail to nobody is refused with a reason") {
    Round round(to({}), false);
    CHECK(round.next() == nullptr);
    CHECK(to_string(round.conclude().outcome) == "refused_payload");
    CHECK(round.conclude().reason.find("nobody") != std::string::npos);
}

TEST_CASE("of several addresses the refused ones are numbered, and only while others get theirs") {
    Round round(to({"a", "b", "c"}), true);
    round.add(of_all(Outcome::accepted));
    round.add(of_one(Outcome::refused_destination));
    round.add(of_one(Outcome::transient));
    REQUIRE(round.refusals().size() == 1);
    CHECK(round.refusals()[0].number == 2);
    CHECK(round.refusals()[0].reason == "550 5.1.1");
    Round alone(to({"a"}), true);
    alone.add(of_one(Outcome::refused_destination));
    CHECK(alone.refusals().empty());
}

TEST_CASE("a mail's Message-ID is the same on every try, and another for each address") {
    channels::MailOptions options;
    options.from = "nudged@sales.example.com";
    auto payload = to({"a@example.com", "b@example.com"});
    payload.series = "brief/North";
    payload.list = "brief";
    const auto read = [&](std::size_t recipient, const std::string& key, const char* when) {
        auto chosen = payload.to[recipient];
        chosen.may_have_it = std::string_view{when} > "2026-11-21";
        return tests::parse_mail(compose_for(payload, chosen, options, key, *parse_instant(when)));
    };
    const auto first = read(0, "k1", "2026-11-20T08:15:00Z");
    const auto again = read(0, "k1", "2026-11-22T08:15:00Z");
    const auto other = read(1, "k1", "2026-11-20T08:15:00Z");
    const auto next = read(0, "k2", "2026-11-20T08:15:00Z");
    CHECK(first.header("Message-ID") == again.header("Message-ID"));
    CHECK(first.header("Message-ID") != other.header("Message-ID"));
    CHECK(first.header("Message-ID") != next.header("Message-ID"));
    CHECK(first.header("Message-ID").ends_with("@sales.example.com>"));
    CHECK(first.header("References") == next.header("References"));
    CHECK(first.header("In-Reply-To") == first.header("References"));
    CHECK(first.header("References").ends_with("@sales.example.com>"));
    CHECK(first.header("References") != first.header("Message-ID"));
    CHECK(first.header("List-Id") == "<brief.nudged.sales.example.com>");
    payload.series = "brief/South";
    CHECK(read(0, "k3", "2026-11-20T08:15:00Z").header("References") != first.header("References"));
    payload.series.clear();
    const auto alone = read(0, "k4", "2026-11-20T08:15:00Z");
    CHECK(alone.header("References").empty());
    CHECK(alone.header("In-Reply-To").empty());
    CHECK(first.text == "text\n");
    CHECK(again.text.find("possible repeat") != std::string::npos);
    CHECK(again.html.find("possible repeat") != std::string::npos);
}
