// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

using namespace nudged::tests;
namespace fs = std::filesystem;

namespace {

rapidjson::Document parse(const std::string& text) {
    rapidjson::Document document;
    document.Parse(text.c_str());
    return document;
}

bool has(const Finished& finished, const std::string& text) {
    return finished.output.find(text) != std::string::npos;
}

std::string all_text(const fs::path& folder) {
    std::string text;
    for (const auto& entry : fs::directory_iterator(folder)) text += read_file(entry.path());
    return text;
}

/// E-mail addresses, and texts of two words or more, which are names and subjects: long enough not
/// to come about by chance.
std::set<std::string> personal_texts(const Site& site) {
    std::set<std::string> texts;
    const auto add = [&](const std::string& sql) {
        const auto rows = site.nudged({"warehouse", "sql", sql, "--json"});
        const auto parsed = parse(rows.output);
        REQUIRE(parsed.IsArray());
        for (const auto& row : parsed.GetArray())
            for (const auto& member : row.GetObject())
                if (member.value.IsString()) texts.insert(member.value.GetString());
    };
    add("SELECT email, name FROM user");
    add("SELECT name, email, phone FROM contact");
    add("SELECT name, domain FROM account");
    add("SELECT name, next_step FROM opportunity");
    add("SELECT subject FROM task");
    std::erase_if(texts, [](const auto& text) {
        return text.size() < 9 || text.find_first_of(" @.") == std::string::npos;
    });
    return texts;
}

}  // namespace

TEST_CASE("a new source goes from a scaffold to records without a line written by hand") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/x");  // or its absence is warned of
    const auto made = site.nudged({"source", "new", "second", "--manifest", "hubspot"});
    CAPTURE(made.output);
    REQUIRE(made.status == 0);
    const auto file = site.folder().file("sources.d/second.toml");
    auto text = read_file(file);
    CHECK(text.find("token = { file = ") != std::string::npos);
    CHECK(text.find("#portal_id    = \"\"") != std::string::npos);
    CHECK(text.find("\"meeting\"") != std::string::npos);

    const auto unready = site.nudged({"config", "check"});
    CHECK(unready.status == 78);  // the token's file is not there yet
    CHECK(has(unready, "second.token"));
    const auto token = site.folder().write("second.token", "test-token\n");
    fs::permissions(token, fs::perms::owner_read);
    text = std::regex_replace(text, std::regex{"#base_url .*"}, "base_url = \"" + crm.url() + "\"");
    site.folder().write("sources.d/second.toml", text);
    const auto checked = site.nudged({"config", "check"});
    CAPTURE(checked.output);
    REQUIRE(checked.status == 0);

    const auto tested = site.nudged({"source", "test", "second"});
    CAPTURE(tested.output);
    CHECK(tested.status == 0);
    CHECK(has(tested, "streams answered"));
    CHECK_FALSE(fs::exists(site.warehouse()));

    const auto again = site.nudged({"source", "new", "second", "--manifest", "hubspot"});
    CHECK(again.status == 1);
    CHECK(has(again, "the file exists, and is left as it is"));
    CHECK(read_file(file) == text);
}

TEST_CASE("a new source shows every way to authenticate, and asks for what has no default") {
    const Site site("http://127.0.0.1:1");
    site.folder().write("sources.d/half.toml", "[source]\nname = ");  // must not be in the way
    site.folder().write("manifests/dynamics365.toml",
                        read_file(NUDGED_SOURCE_DIR "/connectors/manifests/dynamics365.toml"));
    const auto made = site.nudged({"source", "new", "sales", "--manifest", "dynamics365"});
    CAPTURE(made.output);
    REQUIRE(made.status == 0);
    CHECK(has(made, "fill in what it marks with FILL IN"));
    const auto file = site.folder().file("sources.d/sales.toml");
    auto text = read_file(file);
    CAPTURE(text);
    // The first way stands there, the second is a comment; each with all that it needs.
    const auto first = text.find("# Either (auth = \"app\"):\nclient_id = { file = ");
    const auto second = text.find("# Or (auth = \"delegated\"):\n#client_id = { file = ");
    REQUIRE(first != std::string::npos);
    REQUIRE(second != std::string::npos);
    CHECK(text.find("\nclient_secret = ", first) < second);
    CHECK(text.find("\n#refresh_token = ", second) != std::string::npos);
    CHECK(text.find("\norg = \"\"  # FILL IN: ORG in https://") != std::string::npos);

    fs::remove(site.folder().file("sources.d/half.toml"));
    for (const auto* name : {"client_id", "client_secret"}) {
        const auto secret = site.folder().write(fmt::format("sales.{}", name), "x\n");
        fs::permissions(secret, fs::perms::owner_read);
    }
    const auto unfilled = site.nudged({"config", "check"});
    CAPTURE(unfilled.output);
    CHECK(unfilled.status == 78);
    CHECK(has(unfilled, "the setting \"org\" has to be given: ORG in https://"));
    text.replace(text.find("org = \"\""), 8, "org = \"acme\"");
    site.folder().write("sources.d/sales.toml", text);
    const auto checked = site.nudged({"config", "check"});
    CAPTURE(checked.output);
    CHECK(checked.status == 0);
}

TEST_CASE("a blank manifest is refused until its marked places are filled in") {
    const Site site("http://127.0.0.1:1");
    REQUIRE(site.nudged({"source", "new", "ours", "--blank"}).status == 0);
    const auto token = site.folder().write("ours.token", "t\n");
    fs::permissions(token, fs::perms::owner_read);
    const auto refused = site.nudged({"config", "check"});
    CAPTURE(refused.output);
    CHECK(refused.status == 78);
    CHECK(has(refused, "manifests/ours.toml:10:12: the base URL is no http(s) address"));
    auto manifest = read_file(site.folder().file("sources.d/manifests/ours.toml"));
    const std::string mark = "base_url = \"FILL IN\"";
    manifest.replace(manifest.find(mark), mark.size(), "base_url = \"https://api.example.com\"");
    site.folder().write("sources.d/manifests/ours.toml", manifest);
    const auto checked = site.nudged({"config", "check"});
    CAPTURE(checked.output);
    CHECK(checked.status == 0);
}

TEST_CASE("preview shows the row, the record, and the places that nothing reads") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/x");  // or its absence is warned of
    const auto shown = site.nudged({"source", "preview", "hubspot", "user", "--limit", "1"});
    CAPTURE(shown.output);
    REQUIRE(shown.status == 0);
    CHECK(has(shown, "\"firstName\""));
    CHECK(has(shown, "is_person"));
    CHECK(has(shown, "  /userId"));
    CHECK_FALSE(has(shown, "  /email"));

    const auto first =
        site.nudged({"source", "preview", "hubspot", "call", "--limit", "1", "--json"});
    const auto records = parse(first.output);
    REQUIRE(records.IsArray());
    REQUIRE(records.Size() == 1);
    const std::string id = records[0]["id"].GetString();
    CHECK(std::string{records[0]["raw"].GetString()}.find("hs_call_title") != std::string::npos);
    const auto one = site.nudged({"source", "preview", "hubspot", "call", "--id", id, "--json"});
    const auto same = parse(one.output);
    REQUIRE(same.IsArray());
    REQUIRE(same.Size() == 1);
    CHECK(same[0]["record"] == records[0]["record"]);
}

TEST_CASE("a recording replays to the same records, and tells nothing of anybody") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/x");  // or its absence is warned of
    REQUIRE(site.nudged({"sync"}).status == 0);
    const auto folder = site.folder().file("recorded");
    const auto recorded = site.nudged({"source", "record", "hubspot", "--to", folder});
    CAPTURE(recorded.output);
    REQUIRE(recorded.status == 0);
    CHECK(has(recorded, "replaced"));

    const auto text = all_text(folder);
    CHECK(text.find("test-token") == std::string::npos);
    CHECK(text.find("uthorization") == std::string::npos);
    CHECK(text.find(crm.url()) == std::string::npos);
    const auto personal = personal_texts(site);
    CHECK(personal.size() > 100);
    for (const auto& one : personal) {
        CAPTURE(one);
        CHECK(text.find(one) == std::string::npos);
    }

    const auto live = parse(
        site.nudged({"source", "preview", "hubspot", "call", "--limit", "20", "--json"}).output);
    const auto replayed = site.nudged({"source", "replay", "hubspot", folder});
    CAPTURE(replayed.output);
    CHECK(replayed.status == 0);
    const auto again = parse(site.nudged({"source", "replay", "hubspot", folder, "--stream", "call",
                                          "--limit", "20", "--json"})
                                 .output);
    REQUIRE(live.IsArray());
    REQUIRE(again.IsArray());
    REQUIRE(live.Size() == 20);
    REQUIRE(again.Size() == 20);
    for (rapidjson::SizeType i = 0; i < live.Size(); ++i) {
        CHECK(live[i]["id"] == again[i]["id"]);
        for (const auto* field : {"owner", "started_at", "duration_s", "direction", "outcome",
                                  "account", "contact", "opportunity"}) {
            CAPTURE(i, field);
            CHECK(live[i]["record"][field] == again[i]["record"][field]);
        }
    }

    // What is not there is named, and the command fails.
    for (const auto& entry : fs::directory_iterator(folder))
        if (read_file(entry.path()).find("/crm/owners/") != std::string::npos)
            fs::remove(entry.path());
    const auto missing = site.nudged({"source", "replay", "hubspot", folder});
    CHECK(missing.status == 1);
    CHECK(has(missing, "not in the recording: GET /crm/owners/2026-03?"));
}

TEST_CASE("a raw recording replays whole, and still holds no credential") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/x");  // or its absence is warned of
    const auto folder = site.folder().file("recorded");
    const auto recorded =
        site.nudged({"source", "record", "hubspot", "--to", folder, "--raw", "--stream", "user"});
    CAPTURE(recorded.output);
    REQUIRE(recorded.status == 0);
    CHECK(has(recorded, "RAW"));
    CHECK(all_text(folder).find("test-token") == std::string::npos);
    const auto live = parse(
        site.nudged({"source", "preview", "hubspot", "user", "--limit", "5", "--json"}).output);
    const auto again = parse(site.nudged({"source", "replay", "hubspot", folder, "--stream", "user",
                                          "--limit", "5", "--json"})
                                 .output);
    REQUIRE(live.Size() == 5);
    CHECK(live == again);
}

TEST_CASE("what cannot be done with a source is said by name, place and remedy") {
    const Site site("http://127.0.0.1:1");
    struct Case {
        const char* name;
        std::vector<std::string> command;
        int status;
        std::string told;
    };
    site.folder().write("full/file", "x");
    const auto c = GENERATE_COPY(values<Case>({
        {"a source", {"source", "test", "hubspt"}, 64, "did you mean \"hubspot\"?"},
        {"a stream", {"source", "preview", "hubspot", "cal"}, 64, "did you mean \"call\"?"},
        {"a manifest",
         {"source", "new", "a", "--manifest", "hubspott"},
         64,
         "did you mean \"hubspot\"?"},
        {"a name", {"source", "new", "A b", "--blank"}, 64, "lower-case letters"},
        {"neither", {"source", "new", "a"}, 64, "--manifest NAME"},
        {"a full folder", {"source", "record", "hubspot", "--to", "FULL"}, 1, "is not empty"},
        {"no folder",
         {"source", "record", "hubspot", "--to", "/proc/nudged"},
         1,
         "/proc/nudged: the folder cannot be made"},
        {"no folder for a new one",
         {"source", "new", "a", "--blank", "--dir", "/proc/nudged"},
         1,
         "or name another folder"},
        {"no recording", {"source", "replay", "hubspot", "/nowhere"}, 69, "recording.json"},
    }));
    DYNAMIC_SECTION(c.name) {
        auto command = c.command;
        std::ranges::replace(command, "FULL", site.folder().file("full"));
        const auto finished = site.nudged(command);
        CAPTURE(finished.output);
        CHECK(finished.status == c.status);
        CHECK(has(finished, c.told));
    }
}
