// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using tests::Site;

TEST_CASE(
    "the templates that ship are those that were built in, and have nothing wrong with them") {
    Site site;
    const auto folder = std::filesystem::path{NUDGED_SOURCE_DIR} / "config" / "templates";
    for (const char* name : {"en.toml", "en-US.toml"})
        site.write(std::string{"templates/"} + name, tests::read_file((folder / name).string()));
    const auto texts = site.good().alerts.texts;
    CHECK(texts.in("en").all() == alerts::Texts{}.all());
    CHECK(texts.in("en-US").date(parse_date("2026-11-30").value()) == "Nov 30, 2026");
    CHECK(texts.in("en-US").fill("team.rep") == "Rep");
}

TEST_CASE("an admin's lines are laid over the language, and a kind of it over both") {
    Site site;
    site.write("templates/en.toml", "praise.heading = \"Well done\"\n[team]\nrep = \"Who\"\n");
    site.write("templates/en-US.toml", "team.rep = \"Name\"\n");
    site.write(
        "templates/de.toml",
        "praise.heading = \"Gut gemacht\"\ncheck.\"opp.idle\".text = \"{{name}}: still.\"\n");
    const auto texts = site.good().alerts.texts;
    CHECK(texts.in("en-US").fill("praise.heading") == "Well done");
    CHECK(texts.in("en-US").fill("team.rep") == "Name");
    CHECK(texts.in("en").fill("team.rep") == "Who");
    CHECK(texts.in("de").fill("praise.heading") == "Gut gemacht");
    CHECK(texts.in("de").fill("team.rep") == "Rep");
    CHECK(texts.in("de").find("check.opp.idle.text", {{"name", "Acme"}}) == "Acme: still.");
}

TEST_CASE("what is wrong in a file of templates is told with its place and the remedy") {
    struct Case {
        const char* text;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"digest.titel = \"x\"\n",
         "templates/en.toml:1:16: no message has a text \"digest.titel\", did you mean "
         "\"digest.title\"?"},
        {"digest.title = 3\n",
         "templates/en.toml:1:16: \"digest.title\" must be a text, write it in quotes"},
        {"digest.title = \"{{#team}} x\"\n", "\"digest.title\" is no template: Unclosed section"},
        {"digest.title = \"{{tema}}\"\n",
         "\"digest.title\" has no fact \"tema\", it has team, team_one"},
        {"team.rep = \"{{rep}}\"\n", "\"team.rep\" has no fact \"rep\", it has none"},
        {"check.\"opp.idel\".text = \"x\"\n",
         "there is no check \"opp.idel\", did you mean \"opp.idle\"?"},
        {"conversation.nothing = \"Lazy day!\"\n", "warning: \"conversation.nothing\": \"lazy\""},
        {"check.\"opp.idle\".question = \"Is it dead?\"\n",
         "warning: \"check.opp.idle.question\": a question opens with what"},
    }));
    CAPTURE(c.text);
    Site site;
    site.write("templates/en.toml", c.text);
    CHECK_THAT(site.problems(), Catch::Contains(c.problem));
}

TEST_CASE("a team's language must be there") {
    Site site;
    const auto team = "[[team]]\nname = \"East\"\nmanager = \"dana@example.com\"\n"
                      "channel = \"dana\"\nlanguage = \"fr\"\n";
    site.write("teams.toml", team);
    CHECK_THAT(site.problems(), Catch::Contains("team \"East\": there is no language \"fr\", write "
                                                "templates/fr.toml, or take \"en\""));
    site.write("templates/fr.toml", "");
    CHECK(site.problems() == "");
}
