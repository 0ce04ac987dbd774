// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/migrate.hpp"
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace nudged;
using config::RenamedKey;

namespace {

constexpr std::array renamed{
    RenamedKey{"nudged.toml", "loudness", "log.level"},
    RenamedKey{"nudged.toml", "digest.most", "digest.max_items"},
    RenamedKey{"sources.d/", "source.every", "source.poll"},
};

}  // namespace

TEST_CASE("a renamed key keeps its value, its comments and its place") {
    const auto done = config::migrate("nudged.toml",
                                      "# The digest.\n[digest]\n# Seven are plenty.\n"
                                      "most = 7  # of them\nat = \"07:30\"\n",
                                      renamed);
    REQUIRE(done);
    CHECK(done->text == "# The digest.\n[digest]\n# Seven are plenty.\n"
                        "max_items = 7  # of them\nat = \"07:30\"\n");
    CHECK(done->changes == std::vector<std::string>{"digest.most is digest.max_items now"});
}

TEST_CASE("a key that moves takes its comment along, into a table that is there or a new one") {
    const auto into = config::migrate("nudged.toml",
                                      "#:schema x\n# For the night.\nloudness = \"info\"\n\n"
                                      "[log]  # where it goes\nformat = \"json\"\n",
                                      renamed);
    REQUIRE(into);
    CHECK(into->text == "#:schema x\n\n[log]  # where it goes\n# For the night.\n"
                        "level = \"info\"\nformat = \"json\"\n");
    const auto made = config::migrate("nudged.toml", "loudness = \"info\"\nx = 1\n", renamed);
    REQUIRE(made);
    CHECK(made->text == "x = 1\n\n[log]\nlevel = \"info\"\n");
}

TEST_CASE("what cannot be moved without a person is said, and left as it is") {
    const std::string both = "loudness = \"info\"\n[log]\nlevel = \"debug\"\n";
    const auto twice = config::migrate("nudged.toml", both, renamed);
    REQUIRE(twice);
    CHECK(twice->text == both);
    CHECK(twice->by_hand.size() == 1);
    const std::string inside = "source = { name = \"a\", every = \"5m\" }\n";
    const auto inner = config::migrate("sources.d/a.toml", inside, renamed);
    REQUIRE(inner);
    CHECK(inner->text == inside);
    CHECK(inner->by_hand.size() == 1);
    CHECK_FALSE(config::migrate("nudged.toml", "a = \n", renamed));
}

TEST_CASE("a key is renamed in the files of its own kind alone") {
    const std::string text = "[source]\nevery = \"5m\"\n";
    CHECK(config::migrate("sources.d/a.toml", text, renamed)->text == "[source]\npoll = \"5m\"\n");
    CHECK(config::migrate("channels.d/a.toml", text, renamed)->text == text);
}

TEST_CASE("what the program renames is a key that it knows, and the old one is explained") {
    tests::Site site;
    for (const auto& one : config::renamed_keys()) {
        CAPTURE(one.before);
        site.write("nudged.toml", std::string{one.before} + " = \"info\"\n");
        CHECK_THAT(site.problems(), Catch::Contains(std::string{one.now}) &&
                                        Catch::Contains("nudged config migrate"));
    }
    site.write("nudged.toml", "log_level = \"debug\"\n");
    const auto done = config::migrate("nudged.toml", tests::read_file(site.path("nudged.toml")));
    REQUIRE(done);
    site.write("nudged.toml", done->text);
    CHECK(site.good().daemon.log_level == Level::debug);
}
