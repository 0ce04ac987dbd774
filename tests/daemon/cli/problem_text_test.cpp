// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/problem_text.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <pty.h>

using namespace nudged;
using namespace nudged::tests;

namespace {

/// A terminal that nobody sits at.
struct Terminal {
    int ours = -1, theirs = -1;
    Terminal() { REQUIRE(::openpty(&ours, &theirs, nullptr, nullptr, nullptr) == 0); }
    ~Terminal() {
        ::close(ours);
        ::close(theirs);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
};

const Diagnostic typo{
    {"checks.toml", 2, 3}, "unknown key \"multipel\"", "did you mean \"multiple\"?"};

}  // namespace

TEST_CASE("a problem is shown with its line and a caret under the place") {
    const TempFolder folder;
    folder.write("checks.toml", "[opp.stalled]\n\tß multipel = 2.0 \x1b[31m\n");
    CHECK(cli::render_problem(typo, folder.path(), false) ==
          "checks.toml:2:3: unknown key \"multipel\", did you mean \"multiple\"?\n"
          "     ß multipel = 2.0  [31m\n"
          "      ^\n");

    SECTION("in colour, and a warning says that it is one") {
        auto warning = typo;
        warning.severity = Diagnostic::Severity::warning;
        const auto text = cli::render_problem(warning, folder.path(), true);
        CHECK(text.find("\x1b[1mchecks.toml:2:3:\x1b[0m \x1b[1;35mwarning:\x1b[0m ") == 0);
        CHECK(text.ends_with("      \x1b[1;32m^\x1b[0m\n"));
    }
    SECTION("of a long line the part around the place") {
        folder.write("checks.toml", "\nx = [" + std::string(300, '1') + "]\n");
        const auto text =
            cli::render_problem({{"checks.toml", 2, 205}, "no", ""}, folder.path(), false);
        CHECK(text == "checks.toml:2:205: no\n    " + std::string(100, '1') + "\n    " +
                          std::string(60, ' ') + "^\n");
    }
}

TEST_CASE("colours are for terminals, unless NO_COLOR or a dumb one says no") {
    const Terminal terminal;
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    ::unsetenv("NO_COLOR");
    ::setenv("TERM", "xterm", 1);
    CHECK(cli::shows_colour(terminal.theirs));
    CHECK_FALSE(cli::shows_colour(pipe[1]));
    ::setenv("NO_COLOR", "1", 1);
    CHECK_FALSE(cli::shows_colour(terminal.theirs));
    ::unsetenv("NO_COLOR");
    ::setenv("TERM", "dumb", 1);
    CHECK_FALSE(cli::shows_colour(terminal.theirs));
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST_CASE("a command shows the line of a mistake, and never one with a secret") {
    const tests::Site site("http://127.0.0.1:1");
    site.add_team("http://127.0.0.1:1/services/x");
    site.folder().write("checks.toml", "[opp.stalled]\nmultipel = 2.0\n");
    site.folder().write("channels.d/more.toml",
                        "[channel]\nname = \"more\"\nkind = \"slack\"\naudience = \"manager\"\n"
                        "url = \"https://hooks.example.com/of-the-secret\"\n"
                        "ulr = \"https://hooks.example.com/of-the-secret\"\n");
    const auto checked = site.nudged({"config", "check"});
    CAPTURE(checked.output);
    CHECK(checked.status == 78);
    CHECK(checked.output.find("    multipel = 2.0\n    ^\n") != std::string::npos);
    CHECK(checked.output.find("channels.d/more.toml:5:") != std::string::npos);
    CHECK(checked.output.find("channels.d/more.toml:6:") != std::string::npos);
    CHECK(checked.output.find("of-the-secret") == std::string::npos);
    CHECK(checked.output.find('\x1b') == std::string::npos);
}
