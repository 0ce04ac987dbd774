// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/catalog.hpp"
#include "daemon/config/channel_fields.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/daemon_fields.hpp"
#include "daemon/config/route_fields.hpp"
#include "daemon/config/source_fields.hpp"
#include "daemon/config/team_fields.hpp"
#include "tests/daemon/config/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <regex>
#include <sstream>

using namespace nudged;
using tests::Site;
namespace fs = std::filesystem;

namespace {

const fs::path shipped = fs::path{NUDGED_SOURCE_DIR} / "config";
const std::vector<std::string> main_files{"nudged.toml", "teams.toml",    "routes.toml",
                                          "kpis.toml",   "criteria.toml", "checks.toml"};

std::string read(const std::string& name) {
    const auto text = tests::read_file((shipped / name).string());
    REQUIRE_FALSE(text.empty());
    return text;
}

/// "#key = …" and "#[table]" are settings that are switched off; "# …" explains.
std::string switched_on(const std::string& text) {
    std::istringstream lines(text);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        // "#:schema …" is for editors.
        const bool off = line.size() > 1 && line[0] == '#' && line[1] != ' ' && line[1] != ':';
        result += (off ? line.substr(1) : line) + "\n";
    }
    return result;
}

/// The last part of every key of a struct, and of the structs in it.
template <typename T>
void add_all_keys(std::set<std::string>& keys);

template <typename T>
struct Inner {
    using type = T;
};
template <typename T>
struct Inner<std::vector<T>> {
    using type = T;
};
template <typename T>
struct Inner<std::map<std::string, T>> {
    using type = T;
};

template <typename Struct, typename Member, typename Code, typename... Rules>
void add_row(const config::Field<Struct, Member, Code, Rules...>& row,
             std::set<std::string>& keys) {
    const std::string key{row.key};
    keys.insert(key.substr(key.rfind('.') + 1));
    using In = typename Inner<Member>::type;
    // A route may have routes in it: their keys are the same.
    if constexpr (config::Bound<In> && !std::is_same_v<In, Struct>) add_all_keys<In>(keys);
}

template <typename T>
void add_all_keys(std::set<std::string>& keys) {
    std::apply([&](const auto&... row) { (add_row(row, keys), ...); }, config::fields<T>);
}

template <typename... Ts>
void check_documented(const std::string& text) {
    std::set<std::string> keys;
    (add_all_keys<Ts>(keys), ...);
    for (const auto& key : keys) {
        CAPTURE(key);
        CHECK(std::regex_search(text, std::regex("(^|[\\s.{\\[#])" + key + "(\\s*=|\\])")));
    }
}

}  // namespace

TEST_CASE("every key is explained in the files that ship") {
    check_documented<config::DaemonOptions, alerts::AlertOptions, config::Config>(
        read("nudged.toml"));
    check_documented<checks::CheckOptions>(read("checks.toml"));
    check_documented<config::KpiFile>(read("kpis.toml"));
    check_documented<config::CriteriaFile>(read("criteria.toml"));
    check_documented<warehouse::Roster, config::AwayRange>(read("teams.toml"));
    check_documented<alerts::RoutingOptions>(read("routes.toml"));
    check_documented<config::SourceFile, sources::HttpSourceOptions>(
        read("sources.d/hubspot.toml.example"));
    check_documented<config::SourceFile, sources::CsvSourceOptions>(
        read("sources.d/csv.toml.example"));
    check_documented<config::ChannelFile, channels::SlackOptions>(
        read("channels.d/slack.toml.example"));
    check_documented<config::ChannelFile, channels::FileOptions>(
        read("channels.d/file.toml.example"));
    check_documented<config::ChannelFile, channels::SlackWorkflowOptions>(
        read("channels.d/slack_workflow.toml.example"));
    check_documented<config::ChannelFile, channels::SlackBotOptions>(
        read("channels.d/slack_bot.toml.example"));
    check_documented<config::ChannelFile, channels::TeamsOptions>(
        read("channels.d/teams.toml.example"));
    check_documented<config::ChannelFile, channels::WebhookOptions>(
        read("channels.d/webhook.toml.example"));
    check_documented<config::ChannelFile, channels::GoogleChatOptions>(
        read("channels.d/google_chat.toml.example"));
    check_documented<config::ChannelFile, channels::AlertmanagerOptions>(
        read("channels.d/alertmanager.toml.example"));
    check_documented<config::ChannelFile, channels::CommandOptions>(
        read("channels.d/command.toml.example"));
    check_documented<config::ChannelFile, channels::SmtpOptions, channels::TokenOptions,
                     channels::MailOptions>(read("channels.d/mail.toml.example"));
    check_documented<config::ChannelFile, channels::GraphOptions, channels::MailOptions>(
        read("channels.d/graph.toml.example"));
}

TEST_CASE("each kind of channel has its example, which works once its secrets are there") {
    Site site;
    site.remove("channels.d/dana.toml");  // an example has that name, too
    const auto secret = [&](const std::string& name, const std::string& text) {
        ::chmod(site.write(name, text + "\n").c_str(), 0600);
        return site.path(name);
    };
    const std::map<std::string, std::string> secrets{
        {"slack-dana.url", secret("slack", "https://hooks.slack.com/services/T0/B0/x")},
        {"slack-workflow.url", secret("workflow", "https://hooks.slack.com/triggers/T0/1/x")},
        {"slack-bot.token", secret("bot", "xoxb-1-x")},
        {"slack-bot.app-token", secret("app", "xapp-1-A1-1-x")},
        {"teams-dana.url", secret("teams", "https://x.powerplatform.com/invoke?sig=x")},
        {"google-chat-dana.url", secret("chat", "https://chat.googleapis.com/v1/spaces/A?key=k")},
        {"alertmanager.token", secret("token", "t")},
        {"webhook.url", secret("hook", "https://hooks.example.com/nudged")},
        {"webhook.secret", secret("key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")},
        {"webhook.old-secret", secret("old", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")},
    };
    const auto any_secret = secret("any", "s3cr3t");
    std::size_t kinds = 0;
    for (const auto& entry : fs::directory_iterator(shipped / "channels.d")) {
        auto text = switched_on(tests::read_file(entry.path().string()));
        for (const auto& [name, path] : secrets)
            text = std::regex_replace(text, std::regex("/etc/nudged/" + name), path);
        text = std::regex_replace(text, std::regex("/etc/nudged/[a-z.-]+"), any_secret);
        site.write("channels.d/" + entry.path().stem().string(), text);
        ++kinds;
    }
    const auto config = site.good();
    std::set<std::string> seen;
    for (const auto& channel : config.channels) {
        seen.insert(channel.kind);
        if (channel.kind == "command")
            CHECK(std::get<channels::CommandOptions>(channel.kind_options).timeout ==
                  channels::CommandOptions{}.timeout);
        if (channel.kind == "alertmanager")
            CHECK(std::get<channels::AlertmanagerOptions>(channel.kind_options).keep_for ==
                  channels::AlertmanagerOptions{}.keep_for);
    }
    for (const auto& kind : channels::catalog()) {
        CAPTURE(kind.name);
        CHECK(seen.contains(std::string{kind.name}));
    }
    CHECK(kinds >= channels::catalog().size());
}

TEST_CASE("what ships is idle: no source, no team, nothing wrong") {
    const auto loaded = config::load(shipped / "nudged.toml");
    INFO(loaded.problems.str());
    REQUIRE(loaded.config);
    CHECK(loaded.config->sources.empty());
    CHECK(loaded.config->channels.empty());
    CHECK(loaded.config->roster.teams.empty());
    CHECK(loaded.config->checks.kpis.empty());
}

TEST_CASE("the settings that ship switched off show the defaults") {
    Site site;
    tests::Variable runtime{"RUNTIME_DIRECTORY", "/run/nudged"};  // as under systemd
    for (const auto* name :
         {"teams.toml", "kpis.toml", "sources.d/exports.toml", "channels.d/dana.toml"})
        site.remove(name);
    site.write("nudged.toml", "");
    const auto defaults = config::show(*site.load().config);
    for (const auto* name : {"nudged.toml", "checks.toml"})
        site.write(name, switched_on(read(name)));
    const auto loaded = site.load();
    INFO(loaded.problems.str());
    REQUIRE(loaded.config);
    CHECK(config::show(*loaded.config) == defaults);
}

TEST_CASE("the examples that ship work once they are switched on") {
    Site site;
    for (const auto* name : {"sources.d/exports.toml", "channels.d/dana.toml"}) site.remove(name);
    for (const auto& name : main_files) site.write(name, switched_on(read(name)));
    site.write("nudged.toml", "state_dir = \"state\"\nmanifest_dir = \"" NUDGED_SOURCE_DIR
                              "/connectors/manifests\"\n");
    ::chmod(site.write("token", "pat-1\n").c_str(), 0600);
    ::chmod(site.write("url", "https://hooks.slack.com/services/T0/B0/x\n").c_str(), 0600);
    const auto calls =
        site.write("calls.csv", "agent;started;title;comment;length;result;team;changed_at\n");
    const auto install = [&](const std::string& name) {
        auto text = switched_on(read(name + ".example"));
        text =
            std::regex_replace(text, std::regex("/etc/nudged/hubspot.token"), site.path("token"));
        text = std::regex_replace(text, std::regex("/etc/nudged/slack-dana.url"), site.path("url"));
        text = std::regex_replace(
            text, std::regex("/etc/nudged/(mail.password|mail.secret|graph.secret)"),
            site.path("token"));
        text = std::regex_replace(text, std::regex("/srv/crm-export/calls.csv"), calls);
        site.write(name, text);
    };
    for (const auto* name :
         {"sources.d/hubspot.toml", "sources.d/csv.toml", "channels.d/slack.toml",
          "channels.d/file.toml", "channels.d/mail.toml", "channels.d/graph.toml"})
        install(name);
    const auto config = site.good();
    CHECK(config.sources.size() == 2);
    CHECK(config.channels.size() == 4);
    CHECK(config.roster.teams.size() == 1);
    CHECK(config.checks.kpis.size() == 8);
    CHECK(config.checks.quotas.size() == 2);
    CHECK(config.checks.criteria.size() == 3);
}

TEST_CASE(
    "each pack of KPIs is a kpis.toml as it stands, with a why and a question for every KPI") {
    std::size_t packs = 0;
    for (const auto& entry : fs::directory_iterator(shipped / "packs")) {
        CAPTURE(entry.path().string());
        Site site;
        site.write("kpis.toml", tests::read_file(entry.path().string()));
        const auto config = site.good();
        CHECK(config.checks.kpis.size() >= 3);
        for (const auto& kpi : config.checks.kpis) {
            CHECK(kpi.why.size() > 40);
            CHECK(kpi.question.ends_with("?"));
        }
        ++packs;
    }
    CHECK(packs == 3);
}
