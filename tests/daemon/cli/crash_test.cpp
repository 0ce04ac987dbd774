// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <random>
#include <regex>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

using namespace nudged::tests;

namespace {

/// A CRM, what a source of it says below its zone, and an order to the simulated one. URL is its
/// address, and TOKEN what a credential is.
struct Account {
    const char* crm;
    const char* source;
    const char* order = "";
    bool is_always_tried = false;  // the others by `make faults`, with NUDGED_ALL_CRMS
};

constexpr Account accounts[] = {
    {"close", R"(settings = { base_url = "URL" }
credentials = { token = TOKEN })"},
    {"copper", R"(settings = { base_url = "URL", call_types = "160826", meeting_types = "160827" }
credentials = { token = TOKEN, email = TOKEN })"},
    // The simulated environment has no definitions of tables, where stages are.
    {"dynamics365", R"(settings = { base_url = "URL", login_url = "URL", org = "sim" }
streams = ["user", "account", "contact", "opportunity", "call", "task", "meeting"]
credentials = { client_id = TOKEN, client_secret = TOKEN })"},
    {"freshsales",
     R"(credentials = { token = TOKEN }
[source.settings]
base_url = "URL/crm/sales/api"
domain = "acme.example"
deals_view = "402000000001"
contacts_view = "402000000002"
accounts_view = "402000000003")"},
    {"pipedrive", R"(settings = { base_url = "URL" }
credentials = { token = TOKEN })"},
    // A second look at a job waits two seconds.
    {"salesforce", R"(settings = { login_url = "URL" }
credentials = { client_id = TOKEN, client_secret = TOKEN })",
     R"({"bulk_polls":1})", true},
    {"zendesk-sell", R"(settings = { base_url = "URL" }
credentials = { token = TOKEN })"},
    {"zoho", R"(settings = { base_url = "URL", accounts_url = "URL" }
credentials = { client_id = TOKEN, client_secret = TOKEN, refresh_token = TOKEN })",
     "", true},
};

void add_source_of(const Site& site, const Account& account, const std::string& url) {
    const std::string name = account.crm;
    const auto manifest = read_file(NUDGED_SOURCE_DIR "/connectors/manifests/" + name + ".toml");
    // The simulated CRM has no limits here, so the manifest's pace is not kept.
    static const std::regex pace{R"(\ncapacity\s*=\s*[0-9_]+)"};
    site.folder().write("manifests/" + name + ".toml",
                        std::regex_replace(manifest, pace, "\ncapacity = 1000000"));
    const auto token = site.folder().write("secrets/token", "test-token\n");
    std::filesystem::permissions(token, std::filesystem::perms::owner_read);
    auto source = std::regex_replace(std::string{account.source}, std::regex{"URL"}, url);
    source = std::regex_replace(source, std::regex{"TOKEN"}, "{ file = \"" + token + "\" }");
    site.folder().write("sources.d/" + name + ".toml",
                        fmt::format("[source]\nname = \"{0}\"\nconnector = \"http\"\n"
                                    "manifest = \"{0}\"\nzone = \"Europe/Berlin\"\n"
                                    "poll = \"1h\"\n{1}\n",
                                    name, source));
}

/// Of two lists of rows, those that one alone has. What was told to be gone before it was known is
/// none: it is noted or not as the lane came by, before the first load was complete or after.
std::vector<std::string> differences(const std::string& found, const std::string& expected) {
    const auto lines_of = [](const std::string& text) {
        std::istringstream in(text);
        std::vector<std::string> lines;
        static const std::regex never_known{"\\S+\t\\S+\t0\t0\t.*"};
        for (std::string line; std::getline(in, line);)
            if (!std::regex_match(line, never_known)) lines.push_back(std::move(line));
        std::sort(lines.begin(), lines.end());
        return lines;
    };
    const auto one = lines_of(found), other = lines_of(expected);
    std::vector<std::string> differing;
    std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(),
                                  std::back_inserter(differing));
    return differing;
}

void expect_whole(const Site& site, const std::string& expected) {
    const auto rest = site.nudged({"sync"});
    CAPTURE(rest.output);
    REQUIRE(rest.status == 0);
    CHECK(differences(site.contents(), expected) == std::vector<std::string>{});
    const auto verified = site.nudged({"warehouse", "verify"});
    CAPTURE(verified.output);
    CHECK(verified.status == 0);
}

/// True when it had not ended before.
bool kill_sync_after(const Site& site, std::chrono::duration<double> time) {
    Process sync(site.command({"sync"}), site.folder().file("sync.log"));
    std::this_thread::sleep_for(time);
    sync.signal(SIGKILL);
    return sync.wait() == 128 + SIGKILL;
}

}  // namespace

TEST_CASE("a sync that is killed at any point, and started again, ends as one that was not") {
    const Crm crm({"--seed", "11", "--today", "2026-11-20"});
    const Site undisturbed(crm.url());
    const auto began = std::chrono::steady_clock::now();
    const auto whole = undisturbed.nudged({"sync"});
    const auto took = std::chrono::steady_clock::now() - began;
    CAPTURE(whole.output);
    REQUIRE(whole.status == 0);
    const auto expected = undisturbed.contents();
    REQUIRE(std::count(expected.begin(), expected.end(), '\n') > 1000);

    std::mt19937_64 random(20);
    int killed = 0;
    const Site site(crm.url());
    for (int point = 0; point < 20; ++point) {
        // Each kill meets the state that the kills before it left; every fourth starts from
        // nothing.
        if (point % 4 == 0) std::filesystem::remove_all(site.folder().path() / "state");
        const auto share = std::uniform_real_distribution<>(0.02, 0.25)(random);
        CAPTURE(point, share);
        if (kill_sync_after(site, took * share)) ++killed;
        if (point % 4 == 3) expect_whole(site, expected);
    }
    CHECK(killed >= 12);  // the others had ended before their kill
}

TEST_CASE("a sync of any other CRM that is killed again and again ends as one that was not") {
    const bool tries_all = std::getenv("NUDGED_ALL_CRMS") != nullptr;
    for (const auto& account : accounts) {
        if (!account.is_always_tried && !tries_all) continue;
        DYNAMIC_SECTION(account.crm) {
            const Crm crm({"--dialect", account.crm, "--seed", "11", "--per-day", "0"});
            if (!std::string_view{account.order}.empty())
                crm.order("/_sim/dialect/settings", account.order);
            const Site undisturbed;
            add_source_of(undisturbed, account, crm.url());
            const auto began = std::chrono::steady_clock::now();
            const auto whole = undisturbed.nudged({"sync"});
            const auto took = std::chrono::steady_clock::now() - began;
            CAPTURE(whole.output);
            REQUIRE(whole.status == 0);
            const auto expected = undisturbed.contents();
            REQUIRE(std::count(expected.begin(), expected.end(), '\n') > 100);

            const Site site;
            add_source_of(site, account, crm.url());
            std::mt19937_64 random(20);
            int killed = 0;
            for (int point = 0; point < 4; ++point) {
                const auto share = std::uniform_real_distribution<>(0.05, 0.4)(random);
                CAPTURE(point, share);
                if (kill_sync_after(site, took * share)) ++killed;
            }
            CHECK(killed > 0);
            expect_whole(site, expected);
        }
    }
}
