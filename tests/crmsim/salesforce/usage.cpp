// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/usage.hpp"

#include "tests/crmsim/json.hpp"
#include "tests/crmsim/salesforce/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::salesforce {
namespace {

using std::chrono::hours;

/// What an org without a limit still announces.
constexpr std::int64_t announced = 115'000;

}  // namespace

void Usage::count(Instant now) {
    if (per_day_ > 0 && used(now) >= per_day_)
        throw refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
    add(1, now);
}

void Usage::add(std::int64_t calls, Instant now) {
    hours_[std::chrono::floor<hours>(now)] += calls;
}

void Usage::add_header(loopback::Reply& reply, Instant now) {
    reply.headers.emplace_back("Sforce-Limit-Info",
                               fmt::format("api-usage={}/{}", used(now), most()));
}

loopback::Reply Usage::limits(Instant now) {
    loopback::JsonWriter json;
    const auto limit = [&](std::string_view name, std::int64_t max, std::int64_t remaining) {
        json.key(name);
        json.StartObject();
        json.member("Max", max);
        json.member("Remaining", remaining);
        json.EndObject();
    };
    json.StartObject();
    limit("DailyApiRequests", most(), std::max<std::int64_t>(0, most() - used(now)));
    limit("DailyBulkV2QueryJobs", 10'000, 10'000);
    limit("DailyBulkV2QueryFileStorageMB", 976'562, 976'562);
    limit("ConcurrentAsyncGetReportInstances", 200, 200);
    json.EndObject();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

std::int64_t Usage::used(Instant now) {
    std::erase_if(hours_, [&](const auto& hour) { return hour.first + hours{24} <= now; });
    std::int64_t sum = 0;
    for (const auto& [hour, calls] : hours_) sum += calls;
    return sum;
}

std::int64_t Usage::most() const {
    return per_day_ > 0 ? per_day_ : announced;
}

}  // namespace nudged::crmsim::salesforce
