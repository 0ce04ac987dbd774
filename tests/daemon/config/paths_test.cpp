// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::Site;
using tests::Variable;

TEST_CASE("the state folder is the environment's, then the service's, then the file's") {
    Site site;
    CHECK(site.good().daemon.state_dir == site.path("state"));
    CHECK(site.good().warehouse_path() == site.path("state/nudged.db"));
    Variable systemd{"STATE_DIRECTORY", "/var/lib/nudged-a:/var/lib/nudged-b"};
    CHECK(site.good().daemon.state_dir == "/var/lib/nudged-a");
    Variable own{"NUDGED_STATE_DIR", "/tmp/mine/../state"};
    CHECK(site.good().daemon.state_dir == "/tmp/state");
}

TEST_CASE("without a word about it, state lies where packages keep it") {
    Site site;
    site.write("nudged.toml", "");
    CHECK(site.good().daemon.state_dir == "/var/lib/nudged");
}

TEST_CASE("the control socket is the file's, then in the runtime folder, then with the state") {
    Site site;
    CHECK(site.good().control_socket_path() == site.path("state/nudged.sock"));
    Variable runtime{"RUNTIME_DIRECTORY", "/run/nudged"};
    CHECK(site.good().control_socket_path() == "/run/nudged/nudged.sock");
    site.write("nudged.toml", "control_socket = \"run/mine.sock\"\n");
    CHECK(site.good().control_socket_path() == site.path("run/mine.sock"));
}

TEST_CASE("a control socket that no socket address can hold is refused") {
    Site site;
    const std::string path = "/" + std::string(107, 's');  // sun_path takes 107 and a zero
    site.write("nudged.toml", "control_socket = \"" + path + "\"\n");
    CHECK(site.problems() ==
          "nudged.toml: the control socket's path is longer than 107 characters: " + path +
              ", set control_socket to a shorter one\n");
}

TEST_CASE("relative paths begin at the folder of their file, messages at the state folder") {
    Site site;
    site.write("nudged.toml", "state_dir = \"state\"\nmanifest_dir = \"own\"\n");
    const auto config = site.good();
    CHECK(config.daemon.manifest_dir == site.path("own"));
    CHECK(std::get<channels::FileOptions>(config.channels.at(0).kind_options).path ==
          site.path("state/messages.txt"));
    CHECK(std::get<sources::CsvSourceOptions>(config.sources.at(0).connector_options).folder ==
          site.path("sources.d"));
}
