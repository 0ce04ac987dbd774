// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/toml.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace nudged;

TEST_CASE("TOML keeps the place of keys and values") {
    Diagnostics problems;
    const auto table = parse_toml("[digest]\nat = \"08:00\"\n", "nudged.toml", problems);
    REQUIRE(table);
    CHECK(problems.items().empty());
    const auto& digest = *table->get_as<toml::table>("digest");
    const auto first = digest.begin();  // owns what it points to
    const auto& [key, value] = *first;
    CHECK(place_of(key, "nudged.toml").str() == "nudged.toml:2:1");
    CHECK(place_of(value, "nudged.toml").str() == "nudged.toml:2:6");
}

TEST_CASE("wrong syntax is one problem with its place") {
    Diagnostics problems;
    CHECK_FALSE(parse_toml("a = 1\nb = = 2\n", "checks.toml", problems).has_value());
    REQUIRE(problems.items().size() == 1);
    CHECK(problems.items()[0].place.str() == "checks.toml:2:5");
    CHECK(problems.items()[0].what.find("syntax") != std::string::npos);
}

TEST_CASE("nesting without end is refused, not followed") {
    Diagnostics problems;
    CHECK_FALSE(parse_toml("a = " + std::string(100'000, '['), "x.toml", problems).has_value());
    CHECK(problems.has_errors());
}

TEST_CASE("a file that cannot be read is a problem, not an exception") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("nudged-toml-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    Diagnostics problems;
    CHECK_FALSE(read_toml(folder / "none.toml", "none.toml", problems).has_value());
    CHECK_FALSE(read_toml(folder, "folder", problems).has_value());
    CHECK(problems.str() == "none.toml: cannot be read: No such file or directory\n"
                            "folder: is a folder, name a file\n");

    std::ofstream(folder / "good.toml") << "a = 1\n";
    CHECK(read_toml(folder / "good.toml", "good.toml", problems)->contains("a"));
    std::filesystem::remove_all(folder);
}
