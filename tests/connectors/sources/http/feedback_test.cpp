// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/feedback.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::sources;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_instant("2026-11-20T12:00:00Z");  // 1,795,176,000 s

Told told(const LimiterFeedback& feedback, const std::string& name, const std::string& value) {
    return read_feedback(feedback, {{name, value}}, noon);
}

}  // namespace

TEST_CASE("a structured header tells what remains, of how many, and when it comes back") {
    LimiterFeedback feedback;
    feedback.remaining = HeaderValue{"ratelimit", "remaining"};
    feedback.limit = HeaderValue{"ratelimit", "limit"};
    feedback.reset = HeaderValue{"ratelimit", "reset"};
    const auto one = told(feedback, "ratelimit", "limit=100, remaining=0, reset=0.7");
    CHECK(one.limit == 100);
    CHECK(one.is_used_up());
    CHECK(one.reset == 700ms);
    const auto other =
        told(feedback, "ratelimit", "\"default\"; limit=\"100\" ;remaining=50;reset=5");
    CHECK(other.remaining == 50);
    CHECK_FALSE(other.is_used_up());
    CHECK(other.reset == 5s);
}

TEST_CASE("used of total is read from its member") {
    LimiterFeedback feedback;
    feedback.used_of = HeaderValue{"sforce-limit-info", "api-usage"};
    const auto one =
        told(feedback, "sforce-limit-info", "api-usage=18/15000, per-app-api-usage=17/250");
    CHECK(one.used == 18);
    CHECK(one.limit == 15000);
    CHECK(one.remaining == 14982);
}

TEST_CASE("a reset is a wait or a point in time") {
    LimiterFeedback feedback;
    feedback.reset = HeaderValue{"reset", ""};
    CHECK(told(feedback, "reset", "41873").reset == 41873s);
    feedback.reset_form = ResetForm::epoch_s;
    CHECK(told(feedback, "reset", "1795176030").reset == 30s);
    CHECK(told(feedback, "reset", "1795175999").reset == 0s);
    feedback.reset_form = ResetForm::epoch_ms;
    CHECK(told(feedback, "reset", "1795176000250").reset == 250ms);
}

TEST_CASE("what is no sensible number is not there") {
    LimiterFeedback feedback;
    feedback.remaining = HeaderValue{"left", ""};
    feedback.reset = HeaderValue{"left", ""};
    for (const char* value : {"", "many", "-1", "nan", "inf", "1e400", "0x10", "5 of 9", "12,5",
                              "99999999999999999999999999999999999999999999999999999999 "}) {
        INFO(value);
        CHECK_FALSE(told(feedback, "left", value).reset);
    }
    for (const char* value : {"=", "=,;=", "remaining", "remaining=", ",,,,", "remaining==1"}) {
        feedback.remaining->member = "remaining";
        CHECK_FALSE(told(feedback, "left", value).remaining);
    }
    CHECK_FALSE(told(feedback, "other", "7").reset);
}
