// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <atomic>
#include <utility>
#include <vector>

using namespace nudged::tests;
using Catch::Contains;

namespace {

constexpr auto manifest = R"(
[request.users]
get = "/users"
records = "/data"
[request.tasks]
get = "/tasks"
records = "/data"
[stream.user]
request = "users"
[stream.user.map]
name = "/name"
[stream.task]
request = "tasks"
[stream.task.map]
subject = "/title"
)";

using Headers = std::vector<std::pair<std::string, std::string>>;

/// An installation whose one CRM has a list of users and one of tasks, and answers with these
/// headers: the first to the one that is asked for first.
class LimitSite {
public:
    explicit LimitSite(std::vector<Headers> headers)
        : headers_(std::move(headers)), server_([this](const Request&) {
              auto reply = Reply::json(R"({"data":[{"id":1,"title":"call back","name":"Ana"}]})");
              reply.headers.insert(reply.headers.end(), headers_.at(asked_).begin(),
                                   headers_.at(asked_).end());
              ++asked_;
              return reply;
          }) {
        site_.add_source(manifest, server_.url(""));
        site_.add_team("http://127.0.0.1:1/services/x");  // or its absence is warned of
    }
    Finished test(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"source", "test", "small"});
        return site_.nudged(std::move(more));
    }

private:
    std::vector<Headers> headers_;
    std::atomic<std::size_t> asked_ = 0;
    Site site_;
    HttpServer server_;  // the last: its thread uses the others
};

const std::vector<Headers> telling{
    {{"X-RateLimit-Limit", "100"}, {"X-RateLimit-Remaining", "99"}, {"X-Trace", "abc"}},
    {{"X-RateLimit-Remaining", "98"}, {"Daily-Quota", "5000"}},
};
const std::vector<Headers> silent{{{"X-Trace", "abc"}}, {}};

}  // namespace

TEST_CASE("source test shows what the CRM's answers said last of its limits") {
    const auto tested = LimitSite(telling).test();
    CAPTURE(tested.output);
    CHECK(tested.status == 0);
    CHECK_THAT(tested.output, Contains("limits, as the CRM told them last\n"
                                       "  x-ratelimit-limit: 100\n"
                                       "  x-ratelimit-remaining: 98\n"
                                       "  daily-quota: 5000\n"
                                       "2 of 2 streams answered\n"));
    CHECK_THAT(tested.output, !Contains("x-trace"));
}

TEST_CASE("source test says nothing of limits where the CRM says nothing of them") {
    const auto tested = LimitSite(silent).test();
    CAPTURE(tested.output);
    CHECK(tested.status == 0);
    CHECK_THAT(tested.output, Contains("2 of 2 streams answered\n") && !Contains("limit"));
}

TEST_CASE("source test gives programs the limits by the names of their headers") {
    const auto limits = [](const std::vector<Headers>& headers) {
        const auto tested = LimitSite(headers).test({"--json"});
        CAPTURE(tested.output);
        rapidjson::Document json;
        json.Parse(tested.output.c_str());
        REQUIRE(json.IsObject());
        REQUIRE(json["limits"].IsObject());
        std::string text;
        for (const auto& one : json["limits"].GetObject())
            text += std::string{one.name.GetString()} + "=" + one.value.GetString() + " ";
        return text;
    };
    CHECK(limits(telling) == "x-ratelimit-limit=100 x-ratelimit-remaining=98 daily-quota=5000 ");
    CHECK(limits(silent).empty());
}
