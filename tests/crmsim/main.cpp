// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/zone.hpp"
#include "tests/crmsim/simulator.hpp"
#include "tests/crmsim/story.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace nudged;

struct Arguments {
    std::uint16_t port = 0;
    std::string today;
    std::string print_story;
    bool quiet = false;
    bool with_parent = false;
    int search_lag_ms = 0;
    int token_life_s = 1800;
    crmsim::StoryOptions story;
    crmsim::SimulatorOptions simulator;
};

std::vector<std::string> dialect_names() {
    std::vector<std::string> names;
    for (const auto& row : crmsim::dialects()) names.emplace_back(row.name);
    return names;
}

void define(CLI::App& app, Arguments& arguments) {
    app.add_option("--port", arguments.port, "on 127.0.0.1; 0 takes any free one");
    app.add_option("--seed", arguments.story.seed, "of the demo data");
    app.add_option("--today", arguments.today,
                   "YYYY-MM-DD, where the demo data end; default: today");
    app.add_option("--zone", arguments.story.zone, "the team's and the portal's time zone");
    app.add_option("--scale", arguments.story.scale, "this many times as many calls")
        ->check(CLI::Range(1, 10'000));
    app.add_option("--same-instant", arguments.story.same_instant,
                   "so many more calls, all with one modified time");
    app.add_option("--dialect", arguments.simulator.dialect, "the CRM to be: its API and its ways")
        ->check(CLI::IsMember(dialect_names()));
    app.add_option("--token", arguments.simulator.token,
                   "the one static token, key or (first) refresh token that is taken");
    app.add_option("--token-life-s", arguments.token_life_s, "of an access token");
    app.add_flag("--rotate-refresh-token", arguments.simulator.rotate_refresh_token,
                 "each use of a refresh token gives a new one, and ends the old one");
    app.add_option("--search-per-second", arguments.simulator.quotas.search_per_second,
                   "0: no limit");
    app.add_option("--per-ten-seconds", arguments.simulator.quotas.per_ten_seconds, "0: no limit");
    app.add_option("--per-day", arguments.simulator.quotas.per_day, "0: no limit");
    app.add_option("--search-lag-ms", arguments.search_lag_ms,
                   "how far the search index is behind the store");
    app.add_option("--story", arguments.print_story, "print the team and the facts, and exit")
        ->check(CLI::IsMember({"json"}));
    app.add_flag("--quiet", arguments.quiet, "print the address alone");
    app.add_flag("--with-parent", arguments.with_parent, "stop when the parent process dies");
}

std::chrono::local_days parse_today(const Arguments& arguments) {
    if (arguments.today.empty()) {
        const auto zone = Zone::find(arguments.story.zone);
        return zone.value_or(Zone::utc()).local_day(system_now());
    }
    const auto today = parse_date(arguments.today);
    if (!today) throw std::invalid_argument("--today: not a date, YYYY-MM-DD: " + arguments.today);
    return *today;
}

int run(Arguments& arguments) {
    const loopback::StopSignals stop;
    if (arguments.with_parent) loopback::stop_with_parent();
    arguments.story.today = parse_today(arguments);
    arguments.simulator.token_life = std::chrono::seconds{arguments.token_life_s};
    arguments.simulator.search_lag = std::chrono::milliseconds{arguments.search_lag_ms};
    crmsim::Story story = crmsim::tell_story(arguments.story);
    if (!arguments.print_story.empty()) {
        fmt::print("{}\n", crmsim::story_json(story));
        return 0;
    }
    if (!arguments.quiet) {
        for (const crmsim::ObjectType type : crmsim::all_types)
            fmt::print("{}: {}\n", crmsim::schema_of(type).name,
                       story.dataset.records(type).size());
    }
    crmsim::Simulator simulator(std::move(story.dataset), arguments.simulator);
    const loopback::Server server(arguments.port, [&](const loopback::Request& request) {
        return simulator.answer(request);
    });
    fmt::print("listening on {}\n", server.url());
    std::fflush(stdout);
    stop.wait();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("crmsim: a simulated CRM on loopback, with a demo team's twelve weeks in it");
    Arguments arguments;
    define(app, arguments);
    CLI11_PARSE(app, argc, argv);
    try {
        return run(arguments);
    } catch (const std::exception& error) {
        fmt::print(stderr, "crmsim: {}\n", error.what());
        return 1;
    }
}
