// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono;

namespace {

// Fri, 20 Nov 2026 08:15:00 GMT
const Instant now = sys_days{2026y / 11 / 20} + 8h + 15min;

net::HttpResponse with(const char* name, std::string value) {
    net::HttpResponse response;
    response.headers = {{name, std::move(value)}};
    return response;
}

}  // namespace

TEST_CASE("Retry-After is read as seconds or as a date") {
    struct Case {
        const char* value;
        std::optional<milliseconds> wait;
    };
    const auto c = GENERATE(values<Case>({
        {"120", 120s},
        {" 120 ", 120s},
        {"0", 0s},
        {"-5", 0s},
        {"Fri, 20 Nov 2026 08:16:30 GMT", 90s},
        {"Friday, 20-Nov-26 08:16:30 GMT", 90s},
        {"Fri Nov 20 08:16:30 2026", 90s},
        {"Fri, 20 Nov 2026 08:00:00 GMT", 0s},
        {"99999999999999999999", hours{24} * 366},
        {"soon", std::nullopt},
        {"", std::nullopt},
    }));
    CAPTURE(c.value);
    CHECK(with("retry-after", c.value).retry_after(now) == c.wait);
}

TEST_CASE("an answer without Retry-After or Date says nothing of time") {
    const auto response = with("content-type", "text/html");
    CHECK_FALSE(response.retry_after(now).has_value());
    CHECK_FALSE(response.date().has_value());
}

TEST_CASE("the server's clock is read from Date") {
    CHECK(with("date", "Fri, 20 Nov 2026 08:15:00 GMT").date() == now);
    CHECK_FALSE(with("date", "yesterday evening").date().has_value());
}

TEST_CASE("of a header that comes twice the first value counts") {
    net::HttpResponse response;
    response.headers = {{"x-a", "1"}, {"x-b", "2"}, {"x-a", "3"}};
    CHECK(response.header("x-a") == "1");
    CHECK(response.header("x-c").empty());
}
