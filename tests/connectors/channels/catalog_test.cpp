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

template <typename Options>
ChannelOptions of(const char* kind, Options kind_options) {
    ChannelOptions options;
    options.name = "managers";
    options.kind = kind;
    options.kind_options = std::move(kind_options);
    return options;
}

ChannelOptions teams(const std::string& url) {
    return of("teams", channels::TeamsOptions{Secret{url}});
}
ChannelOptions workflow(const std::string& url) {
    return of("slack_workflow", channels::SlackWorkflowOptions{Secret{url}});
}
ChannelOptions bot(const std::string& token, const std::string& channel,
                   const std::string& api_url = "https://slack.com/api") {
    return of("slack_bot", channels::SlackBotOptions{Secret{token}, channel, api_url});
}
ChannelOptions chat(const std::string& url, const std::string& format) {
    return of("google_chat", channels::GoogleChatOptions{Secret{url}, format, ""});
}
ChannelOptions webhook(const std::string& url, const std::string& secret,
                       const std::string& old_secret = {}) {
    return of("webhook",
              channels::WebhookOptions{Secret{url}, Secret{secret}, Secret{old_secret}, false});
}
ChannelOptions alertmanager(const std::string& url, std::map<std::string, std::string> labels) {
    channels::AlertmanagerOptions options;
    options.url = url;
    options.labels = std::move(labels);
    return of("alertmanager", options);
}
ChannelOptions command(std::vector<std::string> command, std::chrono::seconds timeout) {
    return of("command", channels::CommandOptions{std::move(command), timeout});
}

const std::string good_key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

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
        {"a flow", teams("https://x.api.powerplatform.example/invoke?sig=s3cr3t"), true},
        {"a flow on any host", teams("https://flows.example/s3cr3t"), true},
        {"a retired connector", teams("https://x.webhook.office.com/webhookb2/s3cr3t"), false},
        {"a flow's old host", teams("https://p.westus.logic.azure.com/s3cr3t"), false},
        {"a flow over http", teams("http://flows.example/s3cr3t"), false},
        {"a flow with a placeholder", teams("https://flows.example/{x}/s3cr3t"), false},
        {"a workflow", workflow("https://hooks.slack.example/triggers/T0/s3cr3t"), true},
        {"a webhook for a workflow", workflow("https://hooks.slack.example/services/s3cr3t"),
         false},
        {"a bot for people", bot("xoxb-1-s3cr3t", ""), true},
        {"a bot for a channel", bot("xoxb-1-s3cr3t", "C0123456789"), true},
        {"a bot whose token rotates", bot("xoxe.xoxb-1-s3cr3t", ""), true},
        {"a person's token", bot("xoxp-1-s3cr3t", ""), false},
        {"a bot for a channel's name", bot("xoxb-1-s3cr3t", "#sales"), false},
        {"a bot in the clear", bot("xoxb-1-s3cr3t", "", "http://slack.example/api"), false},
        {"a space", chat("https://chat.example/v1/spaces/A/messages?key=s3cr3t", "card"), true},
        {"a space in another format", chat("https://chat.example/s3cr3t", "html"), false},
        {"a signed webhook", webhook("https://hooks.example/s3cr3t", good_key), true},
        {"two keys", webhook("https://hooks.example/s3cr3t", good_key, good_key), true},
        {"no key", webhook("https://hooks.example/", "s3cr3t"), false},
        {"no old key", webhook("https://hooks.example/", good_key, "s3cr3t"), false},
        {"a private webhook", webhook("https://10.0.0.1/s3cr3t", good_key), false},
        {"Alertmanager", alertmanager("http://localhost:9093", {{"severity", "info"}}), true},
        {"Alertmanager and its path", alertmanager("https://am.example/api/v2/alerts", {}), false},
        {"Alertmanager in the clear", alertmanager("http://am.example", {}), false},
        {"a label that is none", alertmanager("https://am.example", {{"a-b", "c"}}), false},
        {"a label of ours", alertmanager("https://am.example", {{"subject", "c"}}), false},
        {"a program", command({"/bin/true"}, std::chrono::seconds{30}), true},
        {"a program of PATH", command({"true"}, std::chrono::seconds{90}), true},
        {"no program", command({}, std::chrono::seconds{30}), false},
        {"a relative program", command({"bin/x"}, std::chrono::seconds{30}), false},
        {"a program that takes longer than its lease", command({"true"}, std::chrono::minutes{2}),
         false},
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
