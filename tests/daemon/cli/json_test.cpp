// SPDX-License-Identifier: Apache-2.0
// What scripts read: each command's --json is one value of the shape that its --help names.
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>

using namespace nudged::tests;

namespace {

rapidjson::Document parse(const Finished& finished) {
    rapidjson::Document document;
    document.Parse(finished.output.c_str());
    INFO(finished.output);
    REQUIRE_FALSE(document.HasParseError());
    return document;
}

rapidjson::Document read_json(const Site& site, std::vector<std::string> words, int status = 0) {
    words.emplace_back("--json");
    const auto finished = site.nudged(std::move(words));
    CAPTURE(finished.output);
    REQUIRE(finished.status == status);
    return parse(finished);
}

/// The row of a list whose `key` is `value`.
const rapidjson::Value& row_of(const rapidjson::Document& list, const char* key,
                               std::string_view value) {
    REQUIRE(list.IsArray());
    for (const auto& row : list.GetArray())
        if (row[key].GetString() == value) return row;
    FAIL("no row has " << key << " = " << value);
    return list;
}

/// RapidJSON's own comparison with a text or a number calls itself without end in C++20.
std::string_view text_of(const rapidjson::Value& value) {
    REQUIRE(value.IsString());
    return value.GetString();
}

}  // namespace

TEST_CASE("what is configured can be read as JSON") {
    const Site site("http://127.0.0.1:1");
    site.add_team("http://127.0.0.1:1/services/x");
    site.folder().write("checks.toml", "[opp.idle]\nenabled = false\n");

    const auto checks = read_json(site, {"checks", "list"});
    CHECK(text_of(row_of(checks, "check", "opp.idle")["state"]) == "off");
    CHECK(text_of(row_of(checks, "check", "opp.past_close")["state"]) == "on");

    const auto sources = read_json(site, {"source", "list"});
    REQUIRE(sources.Size() == 1);
    CHECK(text_of(sources[0]["source"]) == "hubspot");
    CHECK(text_of(sources[0]["connector"]) == "http");
    CHECK(sources[0]["poll_s"].GetInt() == 3600);

    const auto settings = read_json(site, {"config", "show"});
    const auto& idle = row_of(settings, "key", "opp.idle.enabled");
    CHECK(text_of(idle["value"]) == "false");
    CHECK(text_of(idle["origin"]) == "checks.toml:2");
    CHECK(site.nudged({"config", "show", "--json"}).output.find("services/x") == std::string::npos);

    const auto good = read_json(site, {"config", "check"});
    CHECK(good["valid"].GetBool());

    site.folder().write("checks.toml", "[opp.stalled]\nmultipel = 2.0\n");
    const auto bad = read_json(site, {"config", "check"}, 78);
    CHECK_FALSE(bad["valid"].GetBool());
    REQUIRE(bad["problems"].Size() == 1);
    const auto& problem = bad["problems"][0];
    CHECK(text_of(problem["severity"]) == "error");
    CHECK(problem["line"].GetInt() == 2);
    CHECK(problem["column"].GetInt() == 1);
    site.folder().write("checks.toml", "");

    const auto migrated = read_json(site, {"config", "migrate", "--dry-run"});
    CHECK(migrated["renamed"].GetInt() == 0);
    CHECK_FALSE(migrated["written"].GetBool());

    const auto tested = read_json(site, {"channel", "test", "managers"}, 1);
    CHECK(text_of(tested["channel"]) == "managers");
    CHECK_FALSE(tested["taken"].GetBool());
    CHECK_FALSE(std::string_view{tested["reason"].GetString()}.empty());
}

TEST_CASE("an admin's own cases tell as JSON which of them passed") {
    const Site site;
    const auto cases = site.folder().write("cases.toml", R"([[case]]
name = "a late deal"
as_of = 2026-11-20T12:00:00Z
[[case.given.opportunity]]
id = "acme"
owner = "ana@example.com"
close_date = 2026-11-02
created_at = 2026-11-01T00:00:00Z
[case.expect]
"opp.past_close" = []
)");
    const auto tried = read_json(site, {"test", cases}, 1);
    CHECK(tried["passed"].GetInt() == 0);
    CHECK(tried["failed"].GetInt() == 1);
    REQUIRE(tried["cases"].Size() == 1);
    CHECK(text_of(tried["cases"][0]["name"]) == "a late deal");
    REQUIRE(tried["cases"][0]["differences"].Size() == 1);
}

TEST_CASE("what is stored, found and told can be read as JSON") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/nobody");
    std::string id;
    {
        auto daemon = site.start_daemon();
        REQUIRE(eventually([&] { return !read_json(site, {"outbox", "list"}).Empty(); }));
        CHECK(read_json(site, {"config", "diff"}).Empty());
        site.folder().write("checks.toml", "[opp.idle]\nenabled = false\n");
        const auto changes = read_json(site, {"config", "diff"}, 1);
        REQUIRE(changes.Size() == 1);
        CHECK(text_of(changes[0]["key"]) == "opp.idle.enabled");
        CHECK(text_of(changes[0]["before"]) == "true");
        CHECK(text_of(changes[0]["after"]) == "false");
        CHECK_FALSE(changes[0]["needs_restart"].GetBool());
        site.folder().write("checks.toml", "");
        daemon.signal(SIGTERM);
        CHECK(daemon.wait() == 0);
    }
    const auto info = read_json(site, {"warehouse", "info"});
    CHECK(info["file"].GetString() == site.warehouse());
    CHECK(info["bytes"].GetUint64() == std::filesystem::file_size(site.warehouse()));
    for (const auto& table : info["tables"].GetArray())
        CHECK(site.rows("SELECT count(*) - count(deleted_at) FROM " +
                        std::string{table["table"].GetString()}) ==
              std::to_string(table["rows"].GetInt64()) + "\t\n");

    const auto verified = read_json(site, {"warehouse", "verify"});
    CHECK(verified["sound"].GetBool());
    CHECK(verified["problems"].GetInt() == 0);

    const auto rows = read_json(site, {"outbox", "list"});
    REQUIRE_FALSE(rows.Empty());
    const auto message =
        read_json(site, {"outbox", "show", std::to_string(rows[0]["id"].GetInt64())});
    CHECK(text_of(message["key"]) == text_of(rows[0]["key"]));
    CHECK_FALSE(std::string_view{message["content"].GetString()}.empty());

    const auto open = read_json(site, {"finding", "list", "--team", "Outbound"});
    REQUIRE_FALSE(open.Empty());
    id = open[0]["id"].GetString();
    const auto history = read_json(site, {"finding", "history", id});
    CHECK(history["id"].GetString() == id);
    REQUIRE(history["events"].Size() > 0);
    CHECK(text_of(history["events"][0]["what"]) == "opened");

    const auto explained = read_json(site, {"explain", id});
    CHECK(explained["finding"]["id"].GetString() == id);
    CHECK(explained["finding"]["evidence"].Size() > 0);
    CHECK(explained["settings"].Size() > 0);
    REQUIRE(explained["episodes"].Size() == 1);
    CHECK(explained["episodes"][0]["number"].GetInt() == 1);

    const auto why =
        read_json(site, {"explain", "--why-not", "rep.stale_layer", "ana.duarte@kestrel.example"});
    CHECK(text_of(why["check"]) == "rep.stale_layer");
    CHECK(why["fires"].GetBool() == why["finding"].IsString());
}
