// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/quota.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;

namespace {

Instant at(const char* text) {
    return *parse_instant(text);
}

}  // namespace

TEST_CASE("our share of a rolling quota comes back with the span, at most a part of it later") {
    net::Quota quota({.capacity = 100, .per = 24h, .midnight = {}, .share = 0.2, .reserve = 0.1});
    const auto start = at("2026-11-20T08:10:00Z");
    quota.spend(15, start);
    quota.spend(5, start + 6h);
    CHECK(quota.missing(0, start + 6h) == 0ms);
    // 20 of 100 are ours. What was spent in the hour from 8 counts until 9 the next day.
    CHECK(quota.missing(1, start + 7h) == 24h + 50min - 7h);
    CHECK(quota.missing(1, at("2026-11-21T09:00:00Z")) == 0ms);
    CHECK(quota.missing(16, at("2026-11-21T09:00:00Z")) == 6h);  // 5 still count, until 15
}

TEST_CASE("what can wait goes while no more than a part of our share is used up") {
    net::Quota quota({.capacity = 100, .per = 24h, .midnight = {}, .share = 0.2, .reserve = 0.1});
    const auto start = at("2026-11-20T08:10:00Z");
    quota.spend(4, start);
    quota.spend(6, start + 2h);
    CHECK(quota.missing(0, start + 2h, 0.5) == 0ms);
    quota.spend(1, start + 3h);
    // Eleven of ten: those four count until 9 the next day.
    CHECK(quota.missing(0, start + 3h, 0.5) == 24h + 50min - 3h);
    CHECK(quota.missing(0, start + 3h) == 0ms);
}

TEST_CASE("a quota for the day comes back at midnight where the account is") {
    net::Quota quota({.capacity = 10,
                      .per = 24h,
                      .midnight = Zone::find("Europe/Berlin"),
                      .share = 1,
                      .reserve = 0.1});
    const auto noon = at("2026-11-20T12:00:00Z");  // 13:00 in Berlin
    quota.spend(10, noon);
    CHECK(quota.missing(1, noon) == 11h);
    CHECK(quota.missing(1, noon + 11h) == 0ms);
}

TEST_CASE("what costs more than our whole share goes when nothing else counts") {
    net::Quota quota({.capacity = 10, .per = 24h, .midnight = {}, .share = 0.2, .reserve = 0.1});
    const auto start = at("2026-11-20T08:00:00Z");
    CHECK(quota.missing(5, start) == 0ms);
    quota.spend(5, start);
    CHECK(quota.missing(5, start) == 25h);
}

TEST_CASE("what all have used closes a quota before its last part, which is the others'") {
    net::Quota quota({.capacity = 1, .per = 24h, .midnight = {}, .share = 0.2, .reserve = 0.1});
    const auto start = at("2026-11-20T08:00:00Z");
    quota.note(13'499, 15'000, {}, start);  // 15,000 less a tenth are 13,500
    CHECK(quota.missing(1, start) == 0ms);
    quota.note(13'500, 15'000, {}, start);
    CHECK(quota.missing(1, start) == 1h);  // one request then finds out
    CHECK(quota.missing(1, start + 1h) == 0ms);
    quota.note(15'000, 15'000, 30min, start + 1h);
    CHECK(quota.missing(1, start + 1h) == 30min);
    quota.close(2h, start + 1h);
    CHECK(quota.missing(1, start + 1h) == 2h);
}

TEST_CASE("a limit that the far end tells takes the place of the stated one") {
    net::Quota quota({.capacity = 10, .per = 24h, .midnight = {}, .share = 0.2, .reserve = 0.1});
    const auto start = at("2026-11-20T08:00:00Z");
    quota.spend(2, start);
    CHECK(quota.missing(1, start) > 0ms);
    quota.note({}, 20, {}, start);  // a fifth of 20 are 4
    CHECK(quota.missing(2, start) == 0ms);
    CHECK(quota.missing(3, start) > 0ms);
}

TEST_CASE("more is in the book than was spent, a hundredth of our share ahead") {
    const net::QuotaOptions options{
        .capacity = 10'000, .per = 24h, .midnight = Zone::utc(), .share = 0.2, .reserve = 0.1};
    const auto noon = at("2026-11-20T12:00:00Z");
    const auto midnight = at("2026-11-21T00:00:00Z");
    net::Quota quota(options);
    net::QuotaCharges book;  // 2000 are ours, a hundredth are 20
    int written = 0;
    double spent = 0;
    while (quota.missing(3, noon) == 0ms) {
        if (const auto charge = quota.charge_for(3, noon)) {
            book[charge->first] = charge->second;
            quota.note_charged(*charge);
            ++written;
        }
        quota.spend(3, noon);
        spent += 3;
        REQUIRE(book[midnight] >= spent);
        REQUIRE(book[midnight] <= spent + 20);
    }
    CHECK(spent == 1998);
    CHECK(written == 111);  // each time for six requests of 3
    CHECK(book.size() == 1);

    net::Quota restarted(options);
    restarted.restore(book);
    CHECK(restarted.missing(3, noon) == 12h);
    CHECK(restarted.missing(3, midnight) == 0ms);
}

TEST_CASE("restarting again and again spends no more than our share") {
    const net::QuotaOptions options{
        .capacity = 1000, .per = 24h, .midnight = {}, .share = 0.2, .reserve = 0.1};
    auto now = at("2026-11-20T12:00:00Z");
    net::QuotaCharges book;
    int spent = 0;
    for (int start = 0; start < 500; ++start, now += 1min) {
        net::Quota quota(options);
        quota.restore(book);
        if (quota.missing(1, now) > 0ms) continue;
        if (const auto charge = quota.charge_for(1, now)) book[charge->first] = charge->second;
        quota.spend(1, now);
        ++spent;  // and then it crashes
    }
    CHECK(spent == 100);  // each start is charged with 2 of the 200
}

TEST_CASE("a limit that was told before a restart is asked for again by one request") {
    const net::QuotaOptions options{
        .capacity = 100, .per = 24h, .midnight = {}, .share = 0.2, .reserve = 0.1};
    const auto now = at("2026-11-20T12:00:00Z");
    net::Quota quota(options);
    quota.restore({{now + 20h, 500}});  // 20 are ours by what is stated: more had been told
    CHECK(quota.missing(1, now) == 0ms);
    quota.spend(1, now);
    CHECK(quota.missing(1, now) > 0ms);
    quota.note({}, 5'000, {}, now);
    CHECK(quota.missing(499, now) == 0ms);
    CHECK(quota.missing(500, now) > 0ms);
}
