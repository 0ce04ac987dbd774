// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"
#include "tests/skip.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <regex>
#include <set>

using namespace nudged::tests;

namespace {

std::ptrdiff_t lines_of(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

TEST_CASE("the daemon polls, tells the manager once a day whatever happens, and stops when asked") {
    const Crm crm({"--seed", "7"});
    const SlackReceiver slack;
    const Site site(crm.url());
    site.add_team(slack.url());
    {
        auto daemon = site.start_daemon();
        REQUIRE(eventually([&] { return lines_of(slack.messages()) == 1; }));
        REQUIRE(eventually([&] {
            return site.nudged({"outbox", "list"}).output.find("delivered") != std::string::npos;
        }));
        CHECK(slack.messages().find("Ana") != std::string::npos);
        daemon.signal(SIGTERM);
        CHECK(daemon.wait() == 0);
        CHECK(daemon.output().find("daemon.stopping") != std::string::npos);
        CHECK(daemon.output().find("secret-of-the-hook") == std::string::npos);
        CHECK(daemon.output().find("test-token") == std::string::npos);
    }
    {
        auto daemon = site.start_daemon();
        REQUIRE(eventually(
            [&] { return daemon.output().find("evaluation.done") != std::string::npos; }));
        daemon.signal(SIGKILL);
        daemon.wait();
    }
    auto daemon = site.start_daemon();
    REQUIRE(
        eventually([&] { return daemon.output().find("evaluation.done") != std::string::npos; }));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
    CHECK(lines_of(slack.messages()) == 1);
}

TEST_CASE("a reload takes a good configuration, and refuses a bad one whole") {
    const Crm crm;
    const Site site(crm.url());
    auto daemon = site.start_daemon();
    const auto file = site.folder().file("sources.d/hubspot.toml");
    const auto good = read_file(file);

    const auto taken = site.nudged({"reload"});
    CAPTURE(taken.output);
    CHECK(taken.status == 0);

    auto typo = good;
    typo.replace(typo.find("poll ="), 6, "pol =");
    site.folder().write("sources.d/hubspot.toml", typo);
    const auto refused = site.nudged({"reload"});
    CHECK(refused.status == 78);
    CHECK(refused.output.find("did you mean \"poll\"?") != std::string::npos);
    CHECK(refused.output.find("sources.d/hubspot.toml:6:1") != std::string::npos);
    CHECK(daemon.runs());
    CHECK(daemon.output().find("config.refused") != std::string::npos);

    site.folder().write("sources.d/hubspot.toml", good);
    daemon.signal(SIGHUP);
    CHECK(eventually([&] {
        const auto log = daemon.output();
        const auto first = log.find("config.reloaded");
        return first != std::string::npos &&
               log.find("config.reloaded", first + 1) != std::string::npos;
    }));
    daemon.signal(SIGTERM);
    const int status = daemon.wait();
    CAPTURE(daemon.output());
    CHECK(status == 0);
}

TEST_CASE("a second daemon on the same state is refused, and says who holds it") {
    const Crm crm;
    const Site site(crm.url());
    auto daemon = site.start_daemon();
    const auto second = site.nudged({"run"});
    CAPTURE(second.output);
    CHECK(second.status != 0);
    CHECK(second.output.find(std::to_string(daemon.pid())) != std::string::npos);
    CHECK(daemon.runs());
}

TEST_CASE("reps hear of their own findings first, each by their address, and the manager waits") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/nobody");
    site.folder().write("channels.d/reps.toml",
                        "[channel]\nname = \"reps\"\nkind = \"file\"\naudience = \"manager\"\n"
                        "path = \"reps.jsonl\"\nformat = \"json\"\n");
    site.folder().write("routes.toml", "[[team]]\nname = \"Outbound\"\nreps_channel = \"reps\"\n");
    const auto reps = site.folder().file("state/reps.jsonl");
    auto daemon = site.start_daemon();
    REQUIRE(eventually([&] {
        const auto messages = read_file(reps);
        return messages.find("ana.duarte@kestrel.example") != std::string::npos &&
               messages.find("ben.okafor@kestrel.example") != std::string::npos;
    }));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
    CHECK(daemon.output().find("line.queued") != std::string::npos);
    const auto told =
        site.rows("SELECT count(DISTINCT finding_id) FROM finding_telling WHERE line = "
                  "'rep'");
    CHECK(told != "0\t\n");
    // Nobody else has been told of any of these.
    CHECK(site.rows("SELECT count(*) FROM finding f JOIN finding_telling t ON t.finding_id = f.id "
                    "WHERE t.line = 'rep' AND f.notified_at IS NOT NULL") == "0\t\n");
}

TEST_CASE("config diff tells before a reload what it would change, and what needs a restart") {
    const Crm crm;
    const Site site(crm.url());
    CHECK(site.nudged({"config", "diff"}).status == 69);  // nobody runs
    const auto daemon = site.start_daemon();
    const auto same = site.nudged({"config", "diff"});
    CAPTURE(same.output);
    CHECK(same.status == 0);

    auto source = read_file(site.folder().file("sources.d/hubspot.toml"));
    source.replace(source.find("\"1h\""), 4, "\"2h\"");
    site.folder().write("sources.d/hubspot.toml", source);
    const auto changed = site.nudged({"config", "diff"});
    CHECK(changed.status == 1);
    CHECK_THAT(changed.output,
               Catch::Contains("sources.d/hubspot.toml: source.poll: \"1h\" -> \"2h\"") &&
                   Catch::Contains("systemctl reload nudged"));
    REQUIRE(site.nudged({"reload"}).status == 0);
    CHECK(site.nudged({"config", "diff"}).status == 0);

    site.folder().write("nudged.toml", read_file(site.folder().file("nudged.toml")) +
                                           "[log]\nlevel = \"debug\"\n");
    const auto fixed = site.nudged({"config", "diff"});
    CHECK_THAT(fixed.output, Catch::Contains("log.level: \"info\" -> \"debug\"") &&
                                 Catch::Contains("needs a restart"));
}

TEST_CASE("the metrics of a running daemon hold all that the dashboard draws, and pass promtool") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.serve_web();
    const auto daemon = site.start_daemon();
    REQUIRE(
        eventually([&] { return daemon.output().find("evaluation.done") != std::string::npos; }));
    const auto [status, metrics] = ask_web(daemon, "/metrics");
    REQUIRE(status == 200);
    CHECK_THAT(metrics, Catch::Contains("nudged_stream_age_seconds{"));
    CHECK_THAT(metrics, Catch::Contains("nudged_events_total{event=\"daemon.failed\"} 0"));
    for (const char* of_each_channel :
         {"nudged_channel_tries_total", "nudged_channel_given_up_total", "nudged_channel_waiting",
          "nudged_channel_oldest_waiting_seconds"})
        CHECK_THAT(metrics, Catch::Contains(fmt::format("\n{}{{channel=", of_each_channel)));
    // Every figure that the dashboard draws is there.
    static const std::regex name{"nudged_[a-z_]+"};
    const auto dashboard = read_file(NUDGED_SOURCE_DIR "/config/grafana/nudged.json");
    std::set<std::string> drawn;
    for (auto one = std::sregex_iterator(dashboard.begin(), dashboard.end(), name);
         one != std::sregex_iterator{}; ++one)
        drawn.insert(one->str());
    CHECK(drawn.size() > 5);
    for (const auto& figure : drawn) CHECK_THAT(metrics, Catch::Contains("# TYPE " + figure + " "));
    if (run_program({"/bin/sh", "-c", "command -v promtool"}).status != 0)
        return skip("promtool is not installed; what the dashboard draws is there");
    const auto page = site.folder().write("metrics", metrics);
    const auto judged = run_program({"/bin/sh", "-c", "promtool check metrics <" + page});
    CHECK(judged.output.empty());
    CHECK(judged.status == 0);
}
