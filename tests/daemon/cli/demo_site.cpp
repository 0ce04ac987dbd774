// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/demo_site.hpp"

#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <rapidjson/document.h>

namespace nudged::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> story_options(const std::optional<Instant>& now) {
    std::vector<std::string> options{"--seed", "7"};
    if (now) options.insert(options.end(), {"--today", format_instant(*now).substr(0, 10)});
    return options;
}

/// The first and the last day of Eva's leave.
std::pair<std::string, std::string> leave_of(const std::optional<Instant>& now) {
    if (!now) return {"2026-01-05", "2026-01-09"};
    auto command = story_options(now);
    command.insert(command.begin(), program("crmsim"));
    command.insert(command.end(), {"--story", "json"});
    rapidjson::Document story;
    story.Parse(run_program(command).output.c_str());
    REQUIRE(story.IsObject());
    for (const auto& rep : story["reps"].GetArray())
        for (const auto& away : rep["away"].GetArray())
            return {away["first"].GetString(), away["last"].GetString()};
    throw std::runtime_error("nobody is away in the story");
}

std::string quoted(const std::string& word) {
    return "'" + word + "'";
}

}  // namespace

DemoSite::DemoSite() : DemoSite(std::optional<Instant>{}) {}
DemoSite::DemoSite(Instant now) : DemoSite(std::optional{now}) {}

DemoSite::DemoSite(std::optional<Instant> now) : now_(now), crm_(story_options(now)) {
    if (now) clock_.shift_time_of_day(*now - std::chrono::system_clock::now());
    fs::copy(NUDGED_SOURCE_DIR "/config/demo", folder_.path(), fs::copy_options::recursive);
    replace("nudged.toml", "@MANIFESTS@", NUDGED_SOURCE_DIR "/connectors/manifests");
    replace("sources.d/hubspot.toml", "@CRM@", crm_.url());
    replace("sources.d/hubspot.toml", "env = \"DEMO_HUBSPOT_TOKEN\"",
            "file = \"" + secret("token", "test-token") + "\"");
    replace("channels.d/managers.toml", "env = \"DEMO_SLACK_URL\"",
            "file = \"" + secret("slack", "http://127.0.0.1:1/services/T/B/x") + "\"");
    const auto [first, last] = leave_of(now);
    replace("teams.toml", "@LEAVE_FROM@", first);
    replace("teams.toml", "@LEAVE_TO@", last);
    const auto synced = nudged({"sync"});
    INFO(synced.output);
    REQUIRE(synced.status == 0);
}

std::vector<std::string> DemoSite::command() const {
    return now_ ? clock_.command({program("nudged")}) : std::vector{program("nudged")};
}

Finished DemoSite::nudged(std::vector<std::string> words) const {
    auto whole = command();
    whole.insert(whole.end(), words.begin(), words.end());
    whole.insert(whole.end(), {"-c", folder_.file("nudged.toml")});
    return run_program(whole);
}

Finished DemoSite::shell(const std::string& line) const {
    std::string run;
    for (const auto& word : command()) run += quoted(word) + " ";
    const auto script =
        fmt::format("set -o pipefail; cd {}\n"
                    "nudged() {{ case \" $* \" in *\" -c \"*) NUDGED_STATE_DIR={} {} \"$@\" ;;\n"
                    "*) {} \"$@\" -c {} ;; esac; }}\n{}\n",
                    quoted(NUDGED_SOURCE_DIR), quoted(folder_.file("other")), run, run,
                    quoted(folder_.file("nudged.toml")), line);
    return run_program({"/bin/bash", "-c", script});
}

std::string DemoSite::secret(const std::string& name, const std::string& text) {
    const auto file = folder_.write(name, text + "\n");
    fs::permissions(file, fs::perms::owner_read);
    return file;
}

void DemoSite::replace(const std::string& name, const std::string& what, const std::string& with) {
    auto text = read_file(folder_.file(name));
    const auto at = text.find(what);
    REQUIRE(at != text.npos);
    folder_.write(name, text.replace(at, what.size(), with));
}

}  // namespace nudged::tests
