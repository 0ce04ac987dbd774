// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/shape.hpp"
#include "tests/paths.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

using namespace nudged;
namespace fs = std::filesystem;
using config::Shape;

namespace {

/// Paths of the keys that may hold anything.
void add_open(const Shape& shape, const std::string& path, std::set<std::string>& open) {
    if (shape.kind == Shape::Kind::anything) open.insert(path);
    for (const auto& part : shape.parts) add_open(part, path, open);
    for (const auto& key : shape.keys) add_open(key.shape, path + "." + key.name, open);
}

const config::FileShape& file_named(std::string_view name) {
    static const auto files = config::file_shapes();
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const auto& file) { return file.name == name; });
    REQUIRE(found != files.end());
    return *found;
}

}  // namespace

TEST_CASE("the schemas that docs/schema publishes are those that `nudged generate` prints") {
    for (const auto& file : config::file_shapes()) {
        CAPTURE(file.name);
        CHECK(tests::read_file(fmt::format("{}/docs/schema/{}.schema.json", NUDGED_SOURCE_DIR,
                                           file.name)) == config::render_schema(file));
    }
}

TEST_CASE("the schema knows what every key takes, but for a tap's own and routes within routes") {
    std::set<std::string> open;
    for (const auto& file : config::file_shapes())
        add_open(file.shape, std::string{file.name}, open);
    CHECK(open == std::set<std::string>{"routes.route.route", "source.source.config",
                                        "source.source.stream"});
}

TEST_CASE("a key of the schema has its meaning, its bounds and its default") {
    rapidjson::Document schema;
    schema.Parse(config::render_schema(file_named("nudged")).c_str());
    REQUIRE_FALSE(schema.HasParseError());
    const auto& items = schema["properties"]["digest"]["properties"]["max_items"];
    CHECK(std::string_view{items["type"].GetString()} == "integer");
    CHECK(items["minimum"].GetInt() == 1);
    CHECK(items["maximum"].GetInt() == 100);
    CHECK(items["default"].GetInt() == 7);
    CHECK(std::string_view{items["description"].GetString()} == "findings in one digest");
    const auto& level = schema["properties"]["log"]["properties"]["level"];
    CHECK(level["enum"].Size() == 5);
    CHECK(std::string_view{level["default"].GetString()} == "info");
    CHECK_FALSE(schema["additionalProperties"].GetBool());
}

TEST_CASE("each kind of channel and each connector has keys of its own in the schema") {
    const auto& channel = *file_named("channel").shape.find("channel");
    CHECK(channel.is_required);
    REQUIRE(channel.shape.kind == Shape::Kind::either);
    std::set<std::string> kinds;
    for (const auto& kind : channel.shape.parts) kinds.insert(kind.find("kind")->shape.words.at(0));
    CHECK(kinds.contains("slack"));
    CHECK(kinds.contains("smtp"));
    CHECK(kinds.size() == channel.shape.parts.size());
    const auto& source = *file_named("source").shape.find("source");
    REQUIRE(source.shape.parts.size() == 3);
    CHECK(source.shape.parts[0].find("manifest") != nullptr);
    CHECK(source.shape.parts[1].find("manifest") == nullptr);
}

TEST_CASE("every file that ships names the schema of its kind in its first line") {
    const std::map<std::string, std::string> of_folder{{"sources.d", "source"},
                                                       {"channels.d", "channel"},
                                                       {"checks.d", "own-check"},
                                                       {"packs", "kpis"}};
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(NUDGED_SOURCE_DIR "/config")) {
        const auto& path = entry.path();
        // The words of messages are whatever their writer likes.
        if (path.parent_path().filename() == "templates") continue;
        if (path.string().find("/examples/") != std::string::npos) continue;
        if (path.extension() != ".toml" && path.extension() != ".example") continue;
        const auto folder = of_folder.find(path.parent_path().filename().string());
        const auto name = folder == of_folder.end() ? path.stem().string() : folder->second;
        CAPTURE(path.string());
        CHECK(tests::read_file(path.string())
                  .starts_with(fmt::format(
                      "#:schema file:///usr/share/nudged/schema/{}.schema.json\n", name)));
        file_named(name);
        ++files;
    }
    CHECK(files > 15);
}
