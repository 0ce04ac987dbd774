// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/cli/setup_roster.hpp"
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <sys/stat.h>

#include <filesystem>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;

namespace {

/// Runs a command of the site with these lines as its input.
Finished answer(const Site& site, std::vector<std::string> words, const std::string& answers) {
    std::string line;
    for (const auto& word : site.command(std::move(words))) line += "'" + word + "' ";
    const auto input = site.folder().write("answers", answers);
    return run_program({"/bin/sh", "-c", line + " <" + input});
}

unsigned mode_of(const std::string& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 0777u;
}

}  // namespace

TEST_CASE("setup leads from a CRM and a few answers to the first digest") {
    const Crm crm({"--seed", "7"});
    const SlackReceiver slack;
    const Site site(crm.url());
    std::filesystem::remove(site.folder().file("sources.d/hubspot.toml"));
    site.folder().write("packs/outbound.toml",
                        read_file(NUDGED_SOURCE_DIR "/config/packs/outbound.toml"));
    auto main_file = read_file(site.folder().file("nudged.toml"));
    main_file.replace(main_file.find("shadow = false"), 14, "shadow = true");
    const std::string unset = GENERATE("", "admin_channel = \"\"  # nobody yet\n");
    site.folder().write("nudged.toml", "#:schema nudged.schema.json\n" + unset + main_file);
    const auto sheet = site.folder().write("team.csv", "Name,Email,Manager\n"
                                                       "Mara Voss,mara.voss@kestrel.example,\n"
                                                       "Ana Duarte,ana.duarte@kestrel.example,"
                                                       "mara.voss@kestrel.example\n"
                                                       "Ben Okafor,ben.okafor@kestrel.example,"
                                                       "mara.voss@kestrel.example\n");
    const auto done =
        answer(site, {"setup", "--setting", "base_url=" + crm.url()},
               "hubspto\nhubspot\ncrm-one\ntest-token\n" + sheet + "\ny\nslack\nmanagers\n" +
                   slack.url() + "\ny\nfile\n\nadmin\n\nEurope/Berlin\noutbound\n");
    INFO(done.output);
    CHECK(done.status == 0);
    CHECK_THAT(done.output, Contains("did you mean hubspot?"));
    // The digest of the manager, with a rep in it, stands on the screen.
    CHECK_THAT(done.output, Contains("what mara.voss@kestrel.example would get now") &&
                                Contains("Ana") && Contains("nudged readiness"));
    CHECK(slack.messages().find("test message from nudged") != std::string::npos);
    // The team is in shadow: who hears of it meanwhile, and how that ends.
    CHECK_THAT(done.output, Contains("goes to the channel \"admin\" alone") &&
                                Contains("nudged go-live \"Team of Mara Voss\""));
    CHECK(read_file(site.folder().file("nudged.toml")) ==
          "#:schema nudged.schema.json\nadmin_channel = \"admin\"\n" + main_file);
    CHECK_THAT(read_file(site.folder().file("channels.d/admin.toml")),
               Contains("kind = \"file\"") && Contains("audience = \"manager\""));

    // What was written is commented, whole, and without a secret; secrets are nobody else's.
    CHECK(site.nudged({"config", "check"}).status == 0);
    const auto source = read_file(site.folder().file("sources.d/crm-one.toml"));
    CHECK_THAT(source, Contains("base_url = \"" + crm.url() + "\"") &&
                           Contains("# How long after") && !Contains("test-token"));
    for (const auto* name : {"crm-one.token", "managers.url"})
        CHECK((mode_of(site.folder().file(name)) & 0007u) == 0);
    CHECK(read_file(site.folder().file("crm-one.token")) == "test-token\n");
    CHECK_THAT(read_file(site.folder().file("teams.toml")),
               Contains("name = \"Team of Mara Voss\"") && Contains("zone = \"Europe/Berlin\""));
    CHECK_THAT(read_file(site.folder().file("kpis.toml")), Contains("name = \"dials\""));
    CHECK_THAT(done.output, !Contains("test-token") && !Contains("secret-of-the-hook"));

    SECTION("and a second one overwrites nothing") {
        const auto again = answer(site, {"setup"}, "hubspot\ncrm-one\n");
        CHECK(again.status == 1);
        CHECK_THAT(again.output, Contains("is left as it is"));
        CHECK(read_file(site.folder().file("sources.d/crm-one.toml")) == source);
    }
    SECTION("and readiness tells what the records can support") {
        const auto told = site.nudged({"readiness"});
        INFO(told.output);
        CHECK(told.status == 0);
        CHECK_THAT(told.output, Contains("Ana Duarte") && Contains("calls without outcome") &&
                                    Contains("dials:"));
        rapidjson::Document json;
        json.Parse(site.nudged({"readiness", "--json", "--weeks", "2"}).output.c_str());
        REQUIRE(json.IsObject());
        CHECK(json["weeks"].GetInt() == 2);
        REQUIRE(json["reps"].Size() == 2);
        CHECK(json["reps"][0]["calls"].GetInt() > 0);
        REQUIRE(json["kpis"].Size() == 4);
        CHECK(std::string_view{json["kpis"][0]["kpi"].GetString()} == "dials");
        CHECK_FALSE(json["kpis"][0]["for_teams_only"].GetBool());
    }
}

TEST_CASE("setup leaves a running daemon alone, and ends where its answers end") {
    const Crm crm;
    const Site site(crm.url());
    CHECK_THAT(answer(site, {"setup"}, "hubspot\n").output, Contains("the answers end here"));
    const auto daemon = site.start_daemon();
    const auto refused = answer(site, {"setup"}, "hubspot\n");
    CHECK(refused.status == 1);
    CHECK_THAT(refused.output, Contains("the daemon runs"));
}

TEST_CASE("a channel is tried by a message of its own") {
    const Crm crm;
    const SlackReceiver slack;
    const Site site(crm.url());
    site.add_team(slack.url());
    const auto sent = site.nudged({"channel", "test", "managers"});
    INFO(sent.output);
    CHECK(sent.status == 0);
    CHECK_THAT(sent.output, Contains("channel managers: delivered"));
    CHECK(slack.messages().find("test message") != std::string::npos);
    const auto typo = site.nudged({"channel", "test", "manager"});
    CHECK(typo.status == 64);
    CHECK_THAT(typo.output, Contains("did you mean managers?"));
}

TEST_CASE("a sheet gives the teams that its managers have") {
    const auto people = cli::colleagues_in_sheet("\xEF\xBB\xBFname;e-mail;manager\n"
                                                 "Dana Ruiz;Dana@Example.com;lee@example.com\n"
                                                 "Lee Chan;lee@example.com;\n"
                                                 "\"Berg; Ana\";ana@example.com;dana@example.com\n"
                                                 "Ben Okafor;ben@example.com;DANA@example.com\n");
    REQUIRE(people.size() == 4);
    const auto teams = cli::teams_of(people);
    REQUIRE(teams.size() == 2);
    CHECK(teams[0].name == "Team of Dana Ruiz");
    REQUIRE(teams[0].members.size() == 2);
    CHECK(teams[0].members[0].name == "Berg; Ana");
    CHECK(teams[1].members[0].email == "dana@example.com");
    CHECK_THROWS_WITH(cli::colleagues_in_sheet("name,email\nx,y@z\n"), Contains("manager"));
    CHECK_THROWS_WITH(cli::colleagues_in_sheet("email,manager\nana@example.com,\nBen,\n"),
                      Contains("line 3"));
}
