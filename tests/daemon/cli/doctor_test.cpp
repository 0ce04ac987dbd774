// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/token_store.hpp"
#include "daemon/cli/doctor.hpp"
#include "tests/daemon/cli/login_site.hpp"
#include "tests/daemon/cli/site.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <future>

using namespace nudged::tests;
namespace doctor = nudged::cli::doctor;
using namespace std::chrono_literals;

namespace {

struct Examined {
    int status = 0;
    std::vector<doctor::Diagnosis> diagnoses;
    std::string output;

    const doctor::Diagnosis* find(const std::string& probe, const std::string& text = {}) const {
        for (const auto& one : diagnoses)
            if (one.probe == probe && one.text.find(text) != std::string::npos) return &one;
        return nullptr;
    }
    std::string verdict(const std::string& probe, const std::string& text = {}) const {
        const auto* one = find(probe, text);
        return one ? std::string{to_string(one->verdict)} : "nothing of it";
    }
};

Examined examine(const Finished& finished) {
    rapidjson::Document json;
    json.Parse(finished.output.c_str());
    Examined examined{finished.status, {}, finished.output};
    if (!json.IsObject()) return examined;
    for (const auto& one : json["diagnoses"].GetArray()) {
        const std::string_view verdict = one["verdict"].GetString();
        examined.diagnoses.push_back({one["probe"].GetString(),
                                      verdict == "good"   ? doctor::Diagnosis::Verdict::good
                                      : verdict == "note" ? doctor::Diagnosis::Verdict::note
                                                          : doctor::Diagnosis::Verdict::person,
                                      one["text"].GetString(), one["remedy"].GetString()});
    }
    return examined;
}

Examined examine(const Site& site) {
    return examine(site.nudged({"doctor", "--json"}));
}

/// A source whose only destination is `url`.
void add_csv(const Site& site, const std::string& url) {
    site.folder().write("sources.d/sheet.toml",
                        fmt::format("[source]\nname = \"sheet\"\nconnector = \"csv\"\n"
                                    "[[source.table]]\nfile = \"{}\"\nentity = \"account\"\n"
                                    "id = \"id\"\nmap = {{ name = \"name\" }}\n",
                                    url));
}

/// `Date` as HTTP writes it (RFC 9110 §5.6.7).
std::string http_date(std::chrono::seconds from_now) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(
                           std::chrono::system_clock::now() + from_now)));
}

}  // namespace

TEST_CASE("the doctor finds nothing to do where all is well, and says what it has looked at") {
    const Crm crm({"--seed", "7"});
    const SlackReceiver slack;
    const Site site(crm.url());
    site.add_team(slack.url());
    const auto daemon = site.start_daemon();
    REQUIRE(eventually([&] { return site.nudged({"warehouse", "info"}).status == 0; }));
    const auto examined = examine(site);
    INFO(examined.output);
    CHECK(examined.status == 0);
    CHECK(examined.verdict("configuration") == "good");
    CHECK(examined.verdict("daemon") == "good");
    CHECK(examined.verdict("warehouse", "sound") == "good");
    CHECK(examined.verdict("write-ahead log") == "good");
    CHECK(examined.verdict("versions", "SQLite 3.") == "good");
    CHECK(examined.verdict("destination", crm.url()) == "good");
    CHECK(examined.verdict("destination", "channel managers") == "good");
    CHECK(examined.verdict("credential", "source hubspot, credentials.token") == "good");
    CHECK(examined.verdict("credential", "0 days old") == "good");
    // 250,000 a day, of which a fifth is ours.
    CHECK(examined.verdict("quota", "of our 50000 requests") == "good");
    CHECK(examined.output.find("secret-of-the-hook") == std::string::npos);
}

TEST_CASE("the doctor names the scope that a log-in lacks, for which stream, and what to do") {
    const LoginSite site;
    const auto manifest = site.folder.file("crm-manifest.toml");
    site.folder.write("crm-manifest.toml", read_file(manifest) +
                                               "[scopes]\nevery = [\"base\"]\n"
                                               "task = [\"tasks:read|tasks:full\"]\n");
    const nudged::sources::TokenStore store({site.folder.file("state/tokens")}, "crm");
    const auto examined_with = [&](const char* scope) {
        nudged::sources::StoredTokens tokens;
        tokens.refresh_token = "r1-s3cret";
        tokens.scope = scope;
        tokens.issued_at = nudged::system_now();
        tokens.expires_at = tokens.issued_at + 1h;
        store.write(tokens);
        return examine(run_program(site.command({"doctor", "--json"})));
    };
    auto examined = examined_with("base tasks:full");
    INFO(examined.output);
    CHECK(examined.verdict("scope", "granted base tasks:full") == "good");
    examined = examined_with("base deals:read");
    CHECK(examined.status == 1);
    CHECK(examined.verdict("scope", "source crm: the scope tasks:read (or tasks:full) is missing, "
                                    "for task") == "person");
    CHECK(examined.find("scope")->remedy.find("nudged source login crm") != std::string::npos);
    CHECK(examined_with("").verdict("scope") == "nothing of it");  // the CRM does not tell
}

TEST_CASE("the doctor works without a daemon and a warehouse, and says how to get them") {
    const Site site;
    const auto examined = examine(site);
    INFO(examined.output);
    CHECK(examined.status == 0);  // nothing is configured: it is idle on purpose
    CHECK(examined.verdict("daemon", "no source") == "note");
    CHECK(examined.verdict("warehouse", "not there yet") == "note");
}

TEST_CASE("a configuration with errors is the first thing that the doctor names") {
    const Site site;
    site.folder().write("nudged.toml", "evaluate_evry = \"5m\"\n");
    const auto examined = examine(site);
    INFO(examined.output);
    CHECK(examined.status == 1);
    CHECK(examined.verdict("configuration", "evaluate_every") == "person");
}

TEST_CASE("a destination that is not there needs a person, and a daemon that should run does") {
    const Site site;
    add_csv(site, "http://127.0.0.1:1/accounts.csv");
    const auto examined = examine(site);
    INFO(examined.output);
    CHECK(examined.status == 1);
    CHECK(examined.verdict("daemon", "not running") == "person");
    CHECK(examined.verdict("destination", "http://127.0.0.1:1 (source sheet)") == "person");
    CHECK(examined.find("destination")->remedy.find("firewall") != std::string::npos);
    CHECK(examined.verdict("clock", "no server") == "note");
}

TEST_CASE("our clock is held against the servers'") {
    struct Case {
        const char* name;
        std::chrono::seconds ahead;
        const char* verdict;
    };
    const auto c = GENERATE(values<Case>({{"with us", 0s, "good"},
                                          {"a minute ahead of us", 60s, "note"},
                                          {"an hour behind us", -3600s, "person"}}));
    DYNAMIC_SECTION(c.name) {
        HttpServer server([&](const Request&) {
            auto reply = Reply::text("", 404);
            reply.headers.emplace_back("Date", http_date(c.ahead));
            return reply;
        });
        const Site site;
        add_csv(site, server.url("/accounts.csv"));
        const auto examined = examine(site);
        INFO(examined.output);
        CHECK(examined.verdict("clock") == c.verdict);
        CHECK(examined.verdict("destination") == "good");  // any answer is one
        // Nothing but the place itself was asked for.
        REQUIRE(server.requests().size() == 1);
        CHECK(server.requests().front().target == "/");
    }
}

TEST_CASE("a damaged warehouse is found, with the way back") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    REQUIRE(site.nudged({"sync"}).status == 0);
    // In the midst of the file, past schema and header: pages of tables and indexes.
    const auto size = std::filesystem::file_size(site.warehouse());
    std::fstream file(site.warehouse(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size / 2 / 4096 * 4096));
    file << std::string(64 * 4096, '\x5a');
    file.close();
    const auto examined = examine(site);
    INFO(examined.output);
    CHECK(examined.status == 1);
    CHECK(examined.verdict("warehouse") == "person");
    CHECK(examined.output.find("warehouse restore") != std::string::npos);
}

TEST_CASE("a probe that hangs is told as such, and holds up none of the others") {
    std::promise<void> released;
    const auto release = released.get_future().share();
    const auto examined = doctor::examine(
        {{"dead disk",
          [release] {
              release.wait();
              return doctor::Diagnoses{};
          }},
         {"live disk",
          [] {
              return doctor::Diagnoses{{"live disk", doctor::Diagnosis::Verdict::good, "spins"}};
          }},
         {"throwing", []() -> doctor::Diagnoses { throw std::runtime_error("no such thing"); }}},
        100ms);
    released.set_value();
    CHECK_FALSE(examined.all_ended);
    REQUIRE(examined.diagnoses.size() == 3);
    CHECK(examined.diagnoses[0].probe == "dead disk");
    CHECK(examined.diagnoses[0].verdict == doctor::Diagnosis::Verdict::person);
    CHECK(examined.diagnoses[1].text == "spins");
    CHECK(examined.diagnoses[2].text == "no such thing");
}
