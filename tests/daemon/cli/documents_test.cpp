// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/event_manual.hpp"
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"
#include "tests/skip.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace nudged::tests;
using Catch::Contains;

namespace {

std::string generate(const std::string& name) {
    const auto made = run_program({program("nudged"), "generate", name});
    INFO(made.output);
    REQUIRE(made.status == 0);
    return made.output;
}

Finished bash(const std::string& script) {
    return run_program({"/bin/bash", "-c", script});
}

bool is_there(const std::string& name) {
    return bash("command -v " + name).status == 0;
}

/// What bash offers behind these words; the last one is being written.
std::string completed(const TempFolder& folder, const std::string& words) {
    const auto done =
        bash("set -u; source " + folder.file("nudged.bash") + "; COMP_WORDS=(" + words +
             "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _nudged; printf '%s ' \"${COMPREPLY[@]}\"");
    INFO(done.output);
    CHECK(done.status == 0);
    return done.output;
}

}  // namespace

TEST_CASE("man has nothing to say against the manual pages") {
    if (!is_there("man")) return skip("man is not installed");
    const TempFolder folder;
    for (const auto* name : {"nudged.1", "nudged.toml.5", "nudged.8"}) {
        CAPTURE(name);
        const auto file = folder.write(name, generate(name));
        const auto shown =
            bash("LC_ALL=C.UTF-8 MANWIDTH=100 man --warnings=w -l " + file + " 2>&1 >/dev/null");
        CHECK(shown.output.empty());
        CHECK(shown.status == 0);
    }
}

TEST_CASE("the manual has every command with its options, and every key of the configuration") {
    const auto commands = generate("nudged.1");
    for (const auto* text : {"nudged note add", "nudged config diff", "nudged doctor",
                             "\\-\\-origin", "\\-c, \\-\\-config", "EXIT STATUS"})
        CHECK_THAT(commands, Contains(text));
    CHECK_THAT(commands, !Contains("nudged generate"));
    const auto keys = generate("nudged.toml.5");
    for (const auto* text : {"digest.max_items", "opp.stalled.multiple", "team.member.zone",
                             "sources.d/*.toml", "channel.password"})
        CHECK_THAT(keys, Contains(text));
    CHECK_THAT(generate("nudged.8"), Contains("LoadCredentialEncrypted"));
}

TEST_CASE("bash completes commands, their commands, options, and the values of options") {
    const TempFolder folder;
    const auto file = folder.write("nudged.bash", generate("nudged.bash"));
    CHECK(bash("bash -n " + file).status == 0);
    CHECK(completed(folder, "nudged docto") == "doctor ");
    CHECK(completed(folder, "nudged config dif") == "diff ");
    CHECK(completed(folder, "nudged doctor --js") == "--json ");
    // Options of the program stand behind every command.
    CHECK(completed(folder, "nudged doctor --conf") == "--config ");
    CHECK(completed(folder, "nudged scorecard --format c") == "csv ");
    CHECK(completed(folder, "nudged -c /etc/nudged/nudged.toml scorecard --format t") == "text ");
    // A file is the shell's own affair.
    CHECK(completed(folder, "nudged --config /et").find("status") == std::string::npos);
    CHECK_THAT(completed(folder, "nudged ''"), Contains("status ") && !Contains("generate"));
}

TEST_CASE("zsh can read its completion") {
    if (!is_there("zsh")) return skip("zsh is not installed");
    const TempFolder folder;
    const auto read = bash("zsh -n " + folder.write("_nudged", generate("_nudged")));
    CHECK(read.output.empty());
    CHECK(read.status == 0);
}

TEST_CASE("fish can read its completion, and completes") {
    if (!is_there("fish")) return skip("fish is not installed");
    const TempFolder folder;
    const auto fish = folder.write("nudged.fish", generate("nudged.fish"));
    // What it remembers goes with the folder.
    const auto home = "HOME=" + folder.path().string() + " ";
    CHECK(bash(home + "fish --no-execute " + fish).output.empty());
    CHECK_THAT(bash(home + "fish -c 'source " + fish + "; complete -C \"nudged config d\"'").output,
               Contains("diff"));
}

TEST_CASE("a command or an option with a typo is told what it may have been meant for") {
    struct Case {
        std::vector<std::string> words;
        const char* told;
    };
    const auto c = GENERATE(values<Case>(
        {{{"comit"}, "nudged has no command \"comit\"; did you mean commit?"},
         {{"config", "chek"}, "nudged config has no command \"chek\"; did you mean check?"},
         {{"status", "--jsno"}, "nudged status has no option --jsno; did you mean --json?"},
         {{"status", "--confg=x"}, "nudged status has no option --confg; did you mean --config?"},
         {{"config", "xyz"}, "there is check, show, diff"},
         {{"status", "now"}, "nudged status takes no \"now\""}}));
    auto words = c.words;
    words.insert(words.begin(), program("nudged"));
    const auto told = run_program(words);
    CHECK(told.status == 64);
    CHECK_THAT(told.output, Contains(c.told));
}

TEST_CASE("what is not about an unknown word is told as before") {
    const auto missing = run_program({program("nudged"), "source", "test"});
    CHECK(missing.status == 64);
    CHECK_THAT(missing.output, Contains("NAME is required"));
    CHECK(run_program({program("nudged"), "--help"}).status == 0);
}

TEST_CASE("the program prints docs/events.md") {
    CHECK(generate("events.md") == nudged::render_event_manual());
}

TEST_CASE("the privacy report has every field that is stored, with its time as configured") {
    const Site site;
    site.folder().write("nudged.toml", read_file(site.folder().file("nudged.toml")) +
                                           "[retention]\ncalls = \"400d\"\n");
    const auto told = site.nudged({"privacy", "report"});
    INFO(told.output);
    CHECK(told.status == 0);
    CHECK_THAT(told.output, Contains("400 days from the call") &&
                                Contains("the rep and their present manager") &&
                                Contains("duration_s"));
    const auto json = site.nudged({"privacy", "report", "--json"});
    CHECK_THAT(json.output, Contains("\"days\": 400"));
}
