// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/event_manual.hpp"
#include "connectors/base/events.hpp"
#include "connectors/base/text.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

using namespace nudged;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The fields that the source tells with each event, by the name of its row; those told through a
/// variable are not seen here.
std::map<std::string, std::set<std::string>> told_fields() {
    static const std::regex call{R"(\btell\(\s*events::(\w+),\s*\{)"};
    static const std::regex field{R"(\{\s*"(\w+)\"\s*,)"};
    std::map<std::string, std::set<std::string>> told;
    for (const auto* half : {"/connectors", "/daemon"})
        for (const auto& entry :
             fs::recursive_directory_iterator(NUDGED_SOURCE_DIR + std::string{half})) {
            if (entry.path().extension() != ".cpp") continue;
            const auto text = read(entry.path());
            for (auto at = std::sregex_iterator(text.begin(), text.end(), call);
                 at != std::sregex_iterator{}; ++at) {
                const auto begin = static_cast<std::size_t>(at->position() + at->length());
                const auto arguments = text.substr(begin, text.find(");", begin) - begin);
                auto& fields = told[(*at)[1]];
                for (auto one = std::sregex_iterator(arguments.begin(), arguments.end(), field);
                     one != std::sregex_iterator{}; ++one)
                    fields.insert((*one)[1]);
            }
        }
    return told;
}

std::set<std::string> listed(std::string_view fields) {
    std::set<std::string> names;
    for (const auto name : split(fields, ','))
        if (!trim(name).empty()) names.emplace(trim(name));
    return names;
}

/// "stream.synced" of `stream_synced`.
std::string row_name(std::string_view event) {
    std::string name{event};
    name[name.find('.')] = '_';
    return name;
}

}  // namespace

TEST_CASE("every event of events.hpp is in its list, and so in docs/events.md") {
    const auto header = read(NUDGED_SOURCE_DIR "/connectors/base/events.hpp");
    static const std::regex row{R"(inline constexpr EventKind (\w+)\{)"};
    std::set<std::string> rows;
    for (auto at = std::sregex_iterator(header.begin(), header.end(), row);
         at != std::sregex_iterator{}; ++at)
        rows.insert((*at)[1]);
    std::set<std::string> list;
    for (const auto& event : events::all) list.insert(row_name(event.kind->name));
    CHECK(rows == list);
}

TEST_CASE("every event says what it means, errors say what to do, and all say their fields") {
    const auto told = told_fields();
    for (const auto& [event, fields] : events::all) {
        CAPTURE(event->name);
        CHECK(event->meaning.ends_with("."));
        if (event->level >= Level::warning) CHECK(event->remedy.ends_with("."));
        if (const auto found = told.find(row_name(event->name)); found != told.end())
            CHECK(listed(fields) == found->second);
    }
    CHECK(told.size() > 30);
}

TEST_CASE("docs/events.md is printed from the events") {
    const auto made = render_event_manual();
    // Where it differs, this is the one to copy.
    std::ofstream(NUDGED_BINARY_DIR "/events.md", std::ios::binary) << made;
    CHECK(read(NUDGED_SOURCE_DIR "/docs/events.md") == made);
}

TEST_CASE("every figure that the Grafana dashboard draws is one that the daemon has") {
    static const std::regex figure{"nudged_[a-z_]+"};
    const auto names_in = [&](const std::string& text) {
        std::set<std::string> names;
        for (auto one = std::sregex_iterator(text.begin(), text.end(), figure);
             one != std::sregex_iterator{}; ++one)
            names.insert(one->str());
        return names;
    };
    std::string source;
    for (const auto* folder : {"/daemon/runtime", "/daemon/web"})
        for (const auto& entry : fs::directory_iterator(NUDGED_SOURCE_DIR + std::string{folder}))
            if (entry.path().extension() == ".cpp") source += read(entry.path());
    const auto had = names_in(source);
    const auto drawn = names_in(read(NUDGED_SOURCE_DIR "/config/grafana/nudged.json"));
    CHECK(drawn.size() > 5);
    for (const auto& name : drawn) {
        CAPTURE(name);
        CHECK(had.contains(name));
    }
}
