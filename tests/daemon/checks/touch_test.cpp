// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/touches.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;
using warehouse::Touch;
using warehouse::TouchLink;

TEST_CASE("an e-mail keeps a deal from being idle, unless nobody wrote or nobody got it") {
    // The tenth working day before Friday 20 November is 6 November, the ninth is the 9th.
    struct Case {
        const char* name;
        void (*write)(Draft& mail);
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"sent nine days ago", [](Draft&) {}, 0},
        {"sent ten days ago", [](Draft& mail) { mail.at(noon(2026y / 11 / 6)); }, 1},
        {"that came in", [](Draft& mail) { mail.direction("inbound").set("status", "received"); },
         0},
        {"that bounced", [](Draft& mail) { mail.set("status", "bounced"); }, 1},
        {"that is a draft", [](Draft& mail) { mail.set("status", "draft"); }, 1},
        {"out of office",
         [](Draft& mail) { mail.direction("inbound").subject("Out of Office: until Monday"); }, 1},
        {"a bounce as a message of its own",
         [](Draft& mail) { mail.direction("inbound").subject("Undeliverable: your offer"); }, 1},
        {"of an integration's user", [](Draft& mail) { mail.set("owner", "robot"); }, 1},
        {"that is gone", [](Draft& mail) { mail.deleted(); }, 1},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.options.integration_users = {"crm/robot"};
        office.deal("Acme").account("acme").stage("s1");
        c.write(office.world.email("e")
                    .owner("ana")
                    .opportunity("Acme")
                    .direction("outbound")
                    .subject("Offer")
                    .at(noon(2026y / 11 / 9)));
        const auto findings = office.find("opp.idle");
        REQUIRE(findings.size() == c.raised);
        if (findings.empty()) return;
        CHECK(findings[0].evidence[2].label == "last e-mail");
        CHECK(findings[0].summary.starts_with("No call, no meeting, no e-mail and no change"));
    }
}

TEST_CASE("a newsletter is no touch: one subject to ten contacts within ten minutes") {
    const int contacts = GENERATE(9, 10);
    Office office;
    office.deal("Acme").account("acme");
    for (int i = 0; i < contacts; ++i)
        office.world.email(fmt::format("e{}", i))
            .owner("ana")
            .account(i == 0 ? "acme" : "other")
            .contact(fmt::format("k{}", i))
            .direction("outbound")
            .subject("News of November")
            .at(noon(2026y / 11 / 18) + std::chrono::seconds{30 * i});
    CHECK(office.find("opp.idle").size() == (contacts == 10 ? 1 : 0));
}

TEST_CASE("a source whose e-mails are behind holds what rests on silence") {
    Office office;
    office.deal("Acme");
    office.world.mark_complete(Entity::email, friday - 7h);
    for (const auto* check : {"opp.idle", "opp.no_next_step", "acct.no_next_step"}) {
        CAPTURE(check);
        office.world.account("a").owner("ana").created(noon(2026y / 1 / 1));
        const auto evaluation = office.evaluate(check);
        CHECK(evaluation.findings.empty());
        REQUIRE(evaluation.held.size() == 1);
        CHECK(evaluation.held[0].reason ==
              "crm's e-mails were last complete at 2026-11-20T05:00:00Z");
    }
}

TEST_CASE("what was written to a deal that was merged away counts for the one that is left") {
    Office office;
    office.deal("kept").account("acme");
    office.deal("part").account("acme");
    office.world.email("e")
        .owner("ana")
        .opportunity("part")
        .direction("outbound")
        .at(noon(2026y / 11 / 18));
    // By its own records alone the deal that is kept would be idle; its part is a deal of its own.
    const auto before = office.find("opp.idle");
    REQUIRE(before.size() == 1);
    CHECK(before[0].subject.id == "kept");
    office.world.merge(Entity::opportunity, "part", "kept", noon(2026y / 11 / 19));
    CHECK(office.find("opp.idle").empty());
    // Nobody asks about the part any more, and before the merge it is as it was.
    CHECK(office.find("opp.no_next_step", noon(2026y / 11 / 19) + 1h).size() == 0);
    office.world.task("t").owner("ana").opportunity("part").due_on(day(2026y / 11 / 25));
    CHECK(office.find("opp.no_next_step").empty());
}

TEST_CASE(
    "what is planned for an account that was merged away is planned for the one that is left") {
    Office office;
    office.world.account("kept").owner("ana").created(noon(2026y / 1 / 1));
    office.world.account("part").owner("ana").created(noon(2026y / 1 / 1));
    office.world.account("gone").owner("ana").created(noon(2026y / 1 / 1));
    office.world.task("t").owner("ana").account("gone").due_on(day(2026y / 12 / 25));
    CHECK(office.find("acct.no_next_step").size() == 2);  // kept and part
    office.world.merge(Entity::account, "gone", "part", noon(2026y / 11 / 18));
    office.world.merge(Entity::account, "part", "kept", noon(2026y / 11 / 19));
    CHECK(office.find("acct.no_next_step").empty());
}

TEST_CASE("two records that were merged into each other do not hang a run") {
    Office office;
    office.deal("a");
    office.world.merge(Entity::opportunity, "b", "c", noon(2026y / 11 / 18));
    office.world.merge(Entity::opportunity, "c", "b", noon(2026y / 11 / 19));
    CHECK(office.find("opp.idle").size() == 1);
}

TEST_CASE("a thread is the same whatever stands before its subject") {
    CHECK(warehouse::thread_of("Re: AW: Fwd: Offer ") == "offer");
    CHECK(warehouse::thread_of("Offer") == "offer");
    CHECK(warehouse::thread_of("Reply needed") == "reply needed");
}

namespace {

/// A call of the plain list beside the warehouse.
struct PlainCall {
    std::string account, deal;  // either may be empty
    Instant at;
    bool counts = true;
};

}  // namespace

TEST_CASE("the last touches of all records at once are those of a plain walk over every call") {
    World world{friday};
    std::mt19937 random{20261120};
    const auto pick = [&](int below) { return static_cast<int>(random() % below); };
    std::vector<PlainCall> calls;
    for (int i = 0; i < 400; ++i) {
        PlainCall call;
        if (pick(4) > 0) call.account = fmt::format("a{}", pick(20));
        if (pick(3) == 0) call.deal = fmt::format("d{}", pick(20));
        call.at = friday - std::chrono::minutes{i * 97 - 4000};  // some are to come
        auto& draft = world.call(fmt::format("c{}", i)).owner("ana").at(call.at);
        if (!call.account.empty()) draft.account(call.account);
        if (!call.deal.empty()) draft.opportunity(call.deal);
        const int kind = pick(6);
        if (kind == 0) draft.planned();
        if (kind == 1) draft.deleted();
        call.counts = kind > 1 && call.at <= friday;
        calls.push_back(call);
    }
    std::vector<warehouse::RecordKey> accounts, deals;
    for (int i = 0; i < 22; ++i) {
        accounts.push_back({"crm", fmt::format("a{}", i)});
        deals.push_back({"crm", fmt::format("d{}", i)});
    }
    const auto expect = [&](const auto& is_of) {
        std::map<std::string, Instant> last;
        for (const auto& call : calls)
            if (const auto id = is_of(call); call.counts && !id.empty())
                last[id] = std::max(last[id], call.at);
        return last;
    };
    const auto found = [&](TouchLink link, const auto& keys) {
        std::map<std::string, Instant> last;
        for (const auto& [key, signs] :
             warehouse::read_last_signs(world.reader(), link, keys, {}, friday))
            if (signs.touches.call) last[key.id] = signs.touches.call->at;
        return last;
    };
    CHECK(found(TouchLink::account, accounts) ==
          expect([](const PlainCall& call) { return call.account; }));
    CHECK(found(TouchLink::opportunity, deals) ==
          expect([](const PlainCall& call) { return call.deal; }));
    CHECK(found(TouchLink::account_alone, accounts) ==
          expect([](const PlainCall& call) { return call.deal.empty() ? call.account : ""; }));
}
