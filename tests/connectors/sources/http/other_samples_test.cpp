// SPDX-License-Identifier: Apache-2.0
// The vendors' sample answers that are no records: of token servers and of fields; and which of
// all samples no manifest asks for.
#include "tests/connectors/sources/heard.hpp"
#include "tests/connectors/sources/http/auth_bench.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/paths.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;
namespace fs = std::filesystem;

namespace {

/// A token server's answer, and what has to follow from it.
struct TokenSample {
    const char* crm;
    const char* sample;
    const char* token_path;
    const char* host;           // which the answer names as that of all other requests
    const char* authorization;  // of those
    const char* refresh_token;  // of the next token request; empty: there is none in it
};

sources::SourceOptions options_of(HttpBench& bench, const TokenSample& sample,
                                  const std::string& url) {
    auto options = bench.shipped(sample.crm, url);
    auto& http = std::get<sources::HttpSourceOptions>(options.connector_options);
    http.credentials = {{"client_id", Secret{"us"}}, {"client_secret", Secret{"s"}}};
    if (*sample.refresh_token != '\0') http.credentials["refresh_token"] = Secret{"the first"};
    const std::string crm = sample.crm;
    if (crm == "salesforce") http.settings["login_url"] = url;
    if (crm == "pipedrive") http.settings["token_url"] = url + sample.token_path;
    return options;
}

std::string with_host(std::string text, const std::string& host, const std::string& url) {
    const auto at = text.find(host);
    if (!host.empty() && at != std::string::npos) text.replace(at, host.size(), url);
    return text;
}

/// Asks for users by a new process, whatever comes of it.
void ask(HttpBench& bench, const sources::SourceOptions& options) {
    const auto source = bench.source(options);
    try {
        bench.fetch(*source, incremental(Entity::user));
    } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): no users are told here
    }
}

/// What the samples' own folder holds, as "crm/name", without those of errors.
std::set<std::string> all_samples(const fs::path& specs) {
    std::set<std::string> all;
    for (const auto& crm : fs::directory_iterator{specs}) {
        const auto samples = crm.path() / "samples";
        if (!fs::exists(samples)) continue;
        for (const auto& file : fs::recursive_directory_iterator{samples}) {
            const auto name = fs::relative(file.path(), samples).string();
            const bool is_answer = file.is_regular_file() && !name.starts_with("errors/") &&
                                   file.path().extension() != ".md";
            if (is_answer) all.insert(crm.path().filename().string() + "/" + name);
        }
    }
    return all;
}

/// What the cases of sample_cases_test.cpp are answered with.
void add_cases(std::set<std::string>& known) {
    const std::regex sample(R"re("sample": *"([^/"]+)/samples/([^"]+)")re");
    for (const auto& file :
         fs::directory_iterator(fs::path{NUDGED_SOURCE_DIR} / "tests/connectors/sources/samples")) {
        const auto text = read_file(file.path().string());
        for (std::sregex_iterator at{text.begin(), text.end(), sample}, end; at != end; ++at)
            known.insert((*at)[1].str() + "/" + (*at)[2].str());
    }
}

const TokenSample token_samples[] = {
    {"salesforce", "oauth-token-client-credentials", "/services/oauth2/token",
     "https://example.my.salesforce.com", "Bearer 00D000000000001!AQEXAMPLETOKEN3", ""},
    {"salesforce", "oauth-token-refresh-rotated", "/services/oauth2/token",
     "https://example.my.salesforce.com", "Bearer 00D000000000001!AQEXAMPLETOKEN2",
     "5AepEXAMPLEROTATED"},
    {"hubspot", "oauth-token-refresh", "/oauth/2026-03/token", "", "Bearer EXAMPLE-ACCESS-TOKEN",
     "00000000-aaaa-bbbb-cccc-000000000000"},
    {"pipedrive", "v1-oauth-token-refresh", "/oauth/token", "https://user-company.pipedrive.com",
     "Bearer v1u:EXAMPLE-ACCESS-TOKEN", "EXAMPLE-REFRESH-TOKEN"},
    {"close", "oauth-token-refresh", "/oauth2/token/", "", "Bearer EXAMPLE-ACCESS",
     "EXAMPLE-REFRESH-ROTATED"},
};

/// In samples_test.cpp.
const std::set<std::string> of_hubspot{"hubspot/associations-batch-read-207.json",
                                       "hubspot/associations-batch-read-calls-deals.json",
                                       "hubspot/call-dispositions.json",
                                       "hubspot/list-calls-archived.json",
                                       "hubspot/owners-archived.json",
                                       "hubspot/owners-page1.json",
                                       "hubspot/pipelines-deals.json",
                                       "hubspot/search-calls-empty.json",
                                       "hubspot/search-calls-page1.json",
                                       "hubspot/search-calls-page2.json",
                                       "hubspot/search-companies.json",
                                       "hubspot/search-contacts.json",
                                       "hubspot/search-deals.json",
                                       "hubspot/search-meetings.json",
                                       "hubspot/search-tasks.json",
                                       "hubspot/search-users.json"};

/// What nobody asks for, and why.
const std::map<std::string, const char*> unasked{
    {"copper/opportunities-search.headers.json", "the header is in its case"},
    {"salesforce/bulk2-results-page1.headers.json", "the header is in its case"},
    {"salesforce/bulk2-results-page2.headers.json", "the header is in its case"},
    {"salesforce/bulk2-query-job-inprogress.json", "takes two seconds: styles/job_test.cpp"},
    {"salesforce/deleted-task.json", "queryAll tells deleted rows"},
    {"salesforce/updated-task.json", "queryAll tells rows that were changed"},
    {"salesforce/limits.json", "every answer tells what is left, in a header"},
    {"dynamics365/whoami.json", "nobody needs to know who asks"},
    {"hubspot/associations-batch-read-request.json", "a request"},
    {"hubspot/search-calls-request.json", "a request"},
    {"hubspot/list-deals-with-associations.json", "links are read in batches"},
    {"hubspot/dlt/tickets.json", "no entity of ours"},
    {"pipedrive/v1-activity-types.json", "kinds are settings"},
    {"pipedrive/v1-currencies.json", "amounts name theirs"},
    {"pipedrive/v1-leads-list.json", "no entity of ours"},
    {"pipedrive/v1-mailthreads-list.json", "mails of one user alone"},
    {"pipedrive/v1-recents.json", "retired by the vendor"},
    {"pipedrive/dlt/v1-recents-with-null-data.json", "retired by the vendor"},
    {"pipedrive/v1-users-me.json", "nobody needs to know who asks"},
    {"zoho/bulk-read-complete.json", "first loads go by COQL"},
    {"zoho/bulk-read-created.json", "first loads go by COQL"},
    {"zoho/coql-request.json", "a request"}};

bool samples_are_here() {
    const bool here = fs::exists(fs::path{NUDGED_SOURCE_DIR} / "../shared/specs");
    if (!here) WARN("skipped: the samples are not here");
    return here;
}

}  // namespace

TEST_CASE("a sample of a token server gives the session, and the refresh token of the next one") {
    if (!samples_are_here()) return;
    const auto& c = token_samples[GENERATE(range(0, 5))];
    DYNAMIC_SECTION(c.crm << " " << c.sample) {
        std::string url;
        HttpServer server([&](const Request& request) {
            if (request.path != c.token_path) return Reply::json(R"({"data":[]})");
            return Reply::json(with_host(
                read_shared(fmt::format("specs/{}/samples/{}.json", c.crm, c.sample)).value(),
                c.host, url));
        });
        url = server.url("");
        const TempFolder tokens;
        HttpBench bench;
        bench.tokens = {tokens.path().string(), Secret{"a key of thirty-two bytes or so."}};
        const auto options = options_of(bench, c, url);
        ask(bench, options);
        const auto first = server.requests();
        REQUIRE(first.size() >= 2);
        CHECK(first[0].path == c.token_path);
        CHECK(first[1].header("authorization") == c.authorization);
        if (*c.refresh_token == '\0') return;
        CHECK(form_of(first[0].body).at("refresh_token") == "the first");
        bench.now = bench.now.load() + 24h;
        ask(bench, options);
        const auto next = server.requests().at(first.size());
        CHECK(next.path == c.token_path);
        CHECK(form_of(next.body).at("refresh_token") == c.refresh_token);
    }
}

TEST_CASE("the samples of Pipedrive's fields say which of an admin's own there are") {
    if (!samples_are_here()) return;
    struct Case {
        Entity entity;
        const char* path;
        const char* sample;
    };
    const auto c = GENERATE(values<Case>({
        {Entity::opportunity, "/api/v2/dealFields", "v2-deal-fields"},
        {Entity::task, "/api/v2/activityFields", "v2-activity-fields"},
    }));
    DYNAMIC_SECTION(c.sample) {
        HttpServer server([&](const Request& request) {
            if (request.path != c.path || request.query.contains("cursor"))
                return Reply::json(R"({"success":true,"data":[]})");
            return Reply::json(
                read_shared(fmt::format("specs/pipedrive/samples/{}.json", c.sample)).value());
        });
        HttpBench bench;
        auto options = bench.shipped("pipedrive", server.url(""));
        auto& own = std::get<sources::HttpSourceOptions>(options.connector_options)
                        .fields[std::string{to_string(c.entity)}];
        own.extra["there"].from = {"/custom_fields/40characterhashforcustomfieldidentifier"};
        own.extra["gone"].from = {"/custom_fields/0123456789abcdef"};
        const auto source = bench.source(options);
        const Heard heard;
        bench.fetch(*source, incremental(c.entity));
        CHECK(heard.lines == std::vector<std::string>{fmt::format(
                                 "fields.hidden source=crm stream={} fields=0123456789abcdef",
                                 to_string(c.entity))});
    }
}

TEST_CASE("no sample of an answer is left out, save those that no manifest asks for") {
    if (!samples_are_here()) return;
    auto known = of_hubspot;
    add_cases(known);
    for (const auto& token : token_samples)
        known.insert(fmt::format("{}/{}.json", token.crm, token.sample));
    for (const auto* fields : {"v2-deal-fields", "v2-activity-fields"})
        known.insert(fmt::format("pipedrive/{}.json", fields));
    for (const auto& sample : all_samples(fs::path{NUDGED_SOURCE_DIR} / "../shared/specs")) {
        INFO(sample);
        CHECK((known.contains(sample) || unasked.contains(sample)));
        CHECK_FALSE((known.contains(sample) && unasked.contains(sample)));
    }
}
