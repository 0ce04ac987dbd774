// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/channels/catalog.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using channels::ChannelOptions;

namespace {

ChannelOptions slack(const std::string& url) {
    ChannelOptions options;
    options.name = "managers";
    options.kind = "slack";
    options.kind_options = channels::SlackOptions{Secret{url}};
    return options;
}

ChannelOptions file(const std::string& path, const std::string& format) {
    ChannelOptions options;
    options.name = "log";
    options.kind = "file";
    options.kind_options = channels::FileOptions{path, format};
    return options;
}

}  // namespace

TEST_CASE("options that cannot work are told with a remedy, and never with the secret") {
    struct Case {
        const char* name;
        ChannelOptions options;
        bool good;
    };
    const auto c = GENERATE(values<Case>({
        {"a webhook", slack("https://hooks.slack.example/services/T0/B0/s3cr3t"), true},
        {"plain http on this machine", slack("http://127.0.0.1:9/services/s3cr3t"), true},
        {"plain http elsewhere", slack("http://hooks.slack.example/services/s3cr3t"), false},
        {"a workflow's trigger", slack("https://hooks.slack.example/triggers/s3cr3t"), false},
        {"no URL at all", slack("s3cr3t"), false},
        {"a file", file("/var/log/nudged/digests.txt", "text"), true},
        {"lines of JSON", file("/var/log/nudged/digests.jsonl", "json"), true},
        {"a relative path", file("digests.txt", "text"), false},
        {"no path", file("", "text"), false},
        {"an unknown format", file("/tmp/x", "xml"), false},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto* kind = channels::find_kind(c.options.kind);
        REQUIRE(kind != nullptr);
        Diagnostics problems;
        kind->check(c.options, problems);
        CHECK(problems.has_errors() != c.good);
        for (const auto& problem : problems.items()) {
            CHECK(problem.what.find(c.options.name) != std::string::npos);
            CHECK_FALSE(problem.remedy.empty());
            CHECK(problem.str().find("s3cr3t") == std::string::npos);
        }
        boost::asio::io_context loop;
        net::HttpClient http(loop.get_executor());
        if (c.good) {
            CHECK(kind->make(c.options, http) != nullptr);
        } else {
            try {
                kind->make(c.options, http);
                FAIL("it was made");
            } catch (const Failure& failure) {
                CHECK(failure.kind() == FailureKind::needs_person);
                CHECK(std::string{failure.what()}.find("s3cr3t") == std::string::npos);
            }
        }
    }
}

TEST_CASE(
    "a webhook whose secret has not been read is not judged, but nothing can be sent with it") {
    Diagnostics problems;
    channels::find_kind("slack")->check(slack(""), problems);
    CHECK_FALSE(problems.has_errors());
    boost::asio::io_context loop;
    net::HttpClient http(loop.get_executor());
    CHECK_THROWS_AS(channels::find_kind("slack")->make(slack(""), http), Failure);
}

TEST_CASE("a kind that does not ship is not found") {
    CHECK(channels::find_kind("pigeon") == nullptr);
}
