// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/singer/bench.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;

namespace {

std::string problems_of(const TapBench& bench, const std::string& text) {
    Diagnostics problems;
    sources::find_connector("singer")->check(bench.options(text), "", problems);
    return problems.str();
}

}  // namespace

TEST_CASE("what is right is not complained of") {
    TapBench bench;
    CHECK(problems_of(bench, bench.text()).empty());
    CHECK(problems_of(bench, bench.text("", TapBench::accounts_and_calls)).empty());
}

TEST_CASE("every mistake of a tap's source is told with its place") {
    TapBench bench;
    // [source] is line 1, command line 4, config line 5; what `keys` adds begins on line 6, and the
    // streams after an empty line.
    struct Case {
        const char* name;
        std::string keys, streams, told;
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"an entity that there is not", "",
         "[[source.stream]]\nstream = \"a\"\nentity = \"cal\"\nmap = { subject = \"/s\" }\n",
         "sources.d/tap.toml:8:10: there is no entity \"cal\", did you mean \"call\"?"},
        {"a stream without its entity", "",
         "[[source.stream]]\nstream = \"a\"\nmap = { subject = \"/s\" }\n",
         "sources.d/tap.toml:6:1: \"entity\" is missing"},
        {"a field that there is not", "",
         "[[source.stream]]\nstream = \"a\"\nentity = \"call\"\nmap = { subjet = \"/s\" }\n",
         "sources.d/tap.toml:9:18"},
        {"an unknown key of a stream", "",
         "[[source.stream]]\nstream = \"a\"\nentity = \"call\"\nidd = \"/x\"\nmap = { subject = "
         "\"/s\" }\n",
         "sources.d/tap.toml:9:1: unknown key \"idd\""},
        {"no stream", "", "", "the source maps no stream"},
        {"a catalog that is not there", "catalog = \"none.json\"\n", TapBench::accounts,
         "sources.d/tap.toml:6:11: the file "},
        {"a configuration twice", "config_file = \"none.json\"\n", TapBench::accounts,
         "sources.d/tap.toml:6:15: a source has either \"config\" or \"config_file\""},
        {"a credential that nothing uses", "[source.credentials]\nkey = \"x\"\n",
         TapBench::accounts, "nothing uses the credential \"key\""},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto told = problems_of(bench, bench.text(c.keys, c.streams));
        CAPTURE(told);
        CHECK(told.find(c.told) != std::string::npos);
    }
}

TEST_CASE("credentials have their place in the configuration, and nowhere else") {
    TapBench bench;
    auto text = bench.text("[source.credentials]\ntoken = \"x\"\n");
    SECTION("one that nobody gave") {
        text.replace(text.find("config = { "), 11, "config = { key = \"{credential.tokn}\", ");
        CHECK(problems_of(bench, text)
                  .find("sources.d/tap.toml:5:18: there is no credential "
                        "\"tokn\", did you mean \"token\"?") != std::string::npos);
    }
    SECTION("one on the command line") {
        text.replace(text.find("test_tap\""), 9, "test_tap\", \"--key={credential.token}\"");
        CHECK(problems_of(bench, text)
                  .find("sources.d/tap.toml:4:11: a command line is no place "
                        "for a credential") != std::string::npos);
    }
    SECTION("one in its place") {
        text.replace(text.find("config = { "), 11, "config = { key = \"{credential.token}\", ");
        CHECK(problems_of(bench, text).empty());
    }
}

TEST_CASE("a tap that is named by a path is looked for beside the source's file") {
    TapBench bench;
    auto options = bench.options(bench.text());
    std::get<sources::SingerSourceOptions>(options.connector_options).command = {"./tap-x"};
    Diagnostics problems;
    sources::find_connector("singer")->check(options, "", problems);
    CHECK(problems.str().find("sources.d/tap.toml:4:11: the program " + bench.folder.file("tap-x") +
                              " is not there") != std::string::npos);
}
