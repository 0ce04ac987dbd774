// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/http/auth_exchange.hpp"
#include "connectors/sources/http/errors.hpp"
#include "connectors/sources/http/limits.hpp"
#include "connectors/sources/http/manifest.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <set>

using namespace nudged;
using namespace nudged::sources;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

const Instant noon = *parse_instant("2026-11-20T12:00:00Z");

/// By hand, from what is known of each CRM. A wait is what the answer itself says, or else what is
/// known to be needed; where neither is, it is the manifest's affair. The day's end is twelve hours
/// away at noon.
struct Sample {
    std::string crm;
    std::string file;
    ErrorClass kind;
    std::optional<std::chrono::milliseconds> wait;
};
const std::vector<Sample> samples{
    {"salesforce", "400-invalid-field", ErrorClass::drop_field, std::nullopt},
    {"salesforce", "400-invalid-query-locator", ErrorClass::restart_stream, std::nullopt},
    {"salesforce", "400-query-timeout", ErrorClass::split_window, std::nullopt},
    {"salesforce", "401-invalid-session", ErrorClass::refresh_auth, std::nullopt},
    {"salesforce", "403-api-disabled", ErrorClass::auth_dead, std::nullopt},
    {"salesforce", "403-concurrent-limit", ErrorClass::throttle_short, 30s},
    {"salesforce", "403-request-limit", ErrorClass::throttle_quota, 1h},
    {"salesforce", "404-not-found", ErrorClass::not_found, std::nullopt},
    {"salesforce", "410-version-retired", ErrorClass::bad_request, std::nullopt},
    {"salesforce", "500-unknown-exception", ErrorClass::transient, std::nullopt},
    {"salesforce", "503-html-maintenance", ErrorClass::transient, std::nullopt},
    {"salesforce", "503-server-unavailable", ErrorClass::transient, std::nullopt},
    {"hubspot", "400-beyond-10000", ErrorClass::bad_request, std::nullopt},
    {"hubspot", "401-expired", ErrorClass::refresh_auth, std::nullopt},
    {"hubspot", "401-invalid", ErrorClass::auth_dead, std::nullopt},
    {"hubspot", "403-missing-scopes", ErrorClass::forbidden_stream, std::nullopt},
    {"hubspot", "404-not-found", ErrorClass::not_found, std::nullopt},
    {"hubspot", "429-daily", ErrorClass::throttle_quota, 12h},
    {"hubspot", "429-retry-after", ErrorClass::throttle_short, 10s},
    {"hubspot", "429-search-secondly", ErrorClass::throttle_short, 1s},
    {"hubspot", "429-ten-secondly", ErrorClass::throttle_short, 10s},
    {"hubspot", "500-internal", ErrorClass::transient, std::nullopt},
    {"hubspot", "502-html", ErrorClass::transient, std::nullopt},
    {"pipedrive", "200-null-body", ErrorClass::transient, std::nullopt},
    {"pipedrive", "400-fractional-updated-since", ErrorClass::bad_request, std::nullopt},
    {"pipedrive", "401", ErrorClass::refresh_auth, std::nullopt},
    {"pipedrive", "402", ErrorClass::auth_dead, std::nullopt},
    {"pipedrive", "403-cloudflare", ErrorClass::throttle_quota, 10min},
    {"pipedrive", "403-scope", ErrorClass::forbidden_stream, std::nullopt},
    {"pipedrive", "404", ErrorClass::not_found, std::nullopt},
    {"pipedrive", "410", ErrorClass::bad_request, std::nullopt},
    {"pipedrive", "429-burst", ErrorClass::throttle_short, 2s},
    {"pipedrive", "429-daily-budget", ErrorClass::throttle_quota, 41'873s},
    {"pipedrive", "500", ErrorClass::transient, std::nullopt},
    {"zoho", "204-no-content", ErrorClass::empty, std::nullopt},
    {"zoho", "304-not-modified", ErrorClass::empty, std::nullopt},
    {"zoho", "400-fields-missing", ErrorClass::bad_request, std::nullopt},
    {"zoho", "400-invalid-module", ErrorClass::bad_request, std::nullopt},
    {"zoho", "400-page-range", ErrorClass::restart_stream, std::nullopt},
    {"zoho", "400-page-token-beyond-100000", ErrorClass::restart_stream, std::nullopt},
    {"zoho", "400-page-token-expired", ErrorClass::restart_stream, std::nullopt},
    {"zoho", "400-page-token-mismatch", ErrorClass::restart_stream, std::nullopt},
    {"zoho", "401-authentication-failure", ErrorClass::auth_dead, std::nullopt},
    {"zoho", "401-invalid-token", ErrorClass::refresh_auth, std::nullopt},
    {"zoho", "401-scope-mismatch", ErrorClass::forbidden_stream, std::nullopt},
    {"zoho", "403-no-permission", ErrorClass::forbidden_stream, std::nullopt},
    {"zoho", "429-too-many", ErrorClass::throttle_short, std::nullopt},
    {"zoho", "500", ErrorClass::transient, std::nullopt},
    {"dynamics365", "400-delta-expired", ErrorClass::restart_stream, std::nullopt},
    {"dynamics365", "400-filter-with-track-changes", ErrorClass::bad_request, std::nullopt},
    {"dynamics365", "400-property", ErrorClass::drop_field, std::nullopt},
    {"dynamics365", "401-expired", ErrorClass::refresh_auth, std::nullopt},
    {"dynamics365", "403-privilege", ErrorClass::forbidden_stream, std::nullopt},
    {"dynamics365", "404-record", ErrorClass::not_found, std::nullopt},
    {"dynamics365", "404-segment", ErrorClass::not_found, std::nullopt},
    {"dynamics365", "429-concurrency", ErrorClass::throttle_short, 2s},
    {"dynamics365", "429-execution-time", ErrorClass::throttle_short, 214s},
    {"dynamics365", "429-requests", ErrorClass::throttle_short, 35s},
    {"dynamics365", "503", ErrorClass::transient, std::nullopt},
    {"close", "400-field-errors", ErrorClass::bad_request, std::nullopt},
    {"close", "400-max-skip", ErrorClass::split_window, std::nullopt},
    {"close", "401", ErrorClass::refresh_auth, std::nullopt},
    {"close", "403", ErrorClass::forbidden_stream, std::nullopt},
    {"close", "404", ErrorClass::not_found, std::nullopt},
    {"close", "429", ErrorClass::throttle_short, 5s},
    {"close", "429-headers-only", ErrorClass::throttle_short, 700ms},
    {"close", "500", ErrorClass::transient, std::nullopt},
    {"zendesk-sell", "401", ErrorClass::refresh_auth, std::nullopt},
    {"zendesk-sell", "429", ErrorClass::throttle_short, std::nullopt},
    {"copper", "401", ErrorClass::auth_dead, std::nullopt},
    {"copper", "429", ErrorClass::throttle_short, 60s},
    {"freshsales", "401", ErrorClass::auth_dead, std::nullopt},
    {"freshsales", "429", ErrorClass::throttle_short, std::nullopt},
};

/// The same of the token servers.
const std::vector<Sample> token_samples{
    {"salesforce", "token-400-invalid-grant", ErrorClass::auth_dead, std::nullopt},
    {"hubspot", "token-400-bad-refresh", ErrorClass::auth_dead, std::nullopt},
    {"pipedrive", "token-400-invalid-grant", ErrorClass::auth_dead, std::nullopt},
    {"zoho", "token-200-invalid-code", ErrorClass::auth_dead, std::nullopt},
    {"zoho", "token-400-throttled", ErrorClass::throttle_quota, 10min},
    {"dynamics365", "token-400-refresh-expired", ErrorClass::auth_dead, std::nullopt},
    {"dynamics365", "token-401-client-secret-expired", ErrorClass::auth_dead, std::nullopt},
};

/// An envelope of the samples: status, headers, and a body that is JSON or text. Without headers,
/// null stands for no body at all.
net::HttpResponse parse_envelope(const std::string& text) {
    rapidjson::Document envelope;
    envelope.Parse(text.c_str());
    net::HttpResponse response;
    response.status = envelope["status"].GetInt();
    for (const auto& header : envelope["headers"].GetObject()) {
        const auto name = to_lower_ascii(header.name.GetString());
        response.headers.emplace_back(name, header.value.GetString());
    }
    const auto& body = envelope["body"];
    if (body.IsString()) {
        response.body = body.GetString();
    } else if (!body.IsNull() || !response.headers.empty()) {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
        body.Accept(writer);
        response.body = buffer.GetString();
    }
    return response;
}

/// As the requests of a source would judge it: with what all limiters hear.
Verdict judge(const Manifest& manifest, const net::HttpResponse& response) {
    const Limits limits{std::make_shared<const std::vector<LimiterPlan>>(manifest.limiters),
                        Zone::utc(), [] { return noon; }, nullptr, "sample"};
    Limits::Uses uses;
    for (std::size_t i = 0; i < manifest.limiters.size(); ++i) uses.push_back({i, 1});
    const auto reset = limits.reset(uses, response.headers, noon);
    return classify(manifest.errors, response, noon, Zone::utc(), reset);
}

using Judge = std::function<Verdict(const Manifest&, const net::HttpResponse&)>;

void check_samples(const std::vector<Sample>& all, const std::vector<const char*>& credentials,
                   const Judge& judge_one) {
    tests::HttpBench bench;
    std::map<std::string, Manifest> manifests;
    std::set<std::string> missing;
    for (const auto& sample : all) {
        const auto file =
            fs::path{NUDGED_SOURCE_DIR} / "connectors/manifests" / (sample.crm + ".toml");
        const auto text = tests::read_shared(
            fmt::format("specs/{}/samples/errors/{}.http.json", sample.crm, sample.file));
        if (!fs::exists(file) || !text) {
            missing.insert(sample.crm);
            continue;
        }
        auto options = bench.shipped(sample.crm, "http://127.0.0.1:1");
        auto& given = std::get<HttpSourceOptions>(options.connector_options).credentials;
        given.clear();
        for (const auto* name : credentials) given[name] = Secret{"s"};
        Diagnostics problems;  // what a source would have to give beside is no matter here
        if (!manifests.contains(sample.crm))
            manifests[sample.crm] = compile_manifest(file, options, problems);
        const auto verdict = judge_one(manifests[sample.crm], parse_envelope(*text));
        INFO(sample.crm << " " << sample.file);
        CHECK(to_string(verdict.kind) == to_string(sample.kind));
        if (sample.wait) CHECK(verdict.wait == sample.wait);
        CHECK((verdict.kind == ErrorClass::drop_field) == !verdict.field.empty());
    }
    for (const auto& crm : missing) WARN("skipped: no manifest or no samples of " << crm);
}

}  // namespace

TEST_CASE("every sample of an error is of the class that is known for it") {
    check_samples(samples, {"token"}, judge);
}

TEST_CASE("every sample of a token server's error is of the class that is known for it") {
    check_samples(token_samples, {"client_id", "client_secret", "refresh_token"},
                  [](const Manifest& manifest, const net::HttpResponse& response) {
                      return classify_token_answer(manifest, response, noon);
                  });
}

TEST_CASE("whatever a 401 of HubSpot says, a session is renewed, and a token is dead") {
    tests::HttpBench bench;
    auto options = bench.shipped("hubspot", "http://127.0.0.1:1");
    const auto file = fs::path{NUDGED_SOURCE_DIR} / "connectors/manifests/hubspot.toml";
    Diagnostics problems;
    net::HttpResponse invalid;
    invalid.status = 401;
    invalid.body = R"({"category":"INVALID_AUTHENTICATION"})";
    const auto kind = [&] {
        return judge(compile_manifest(file, options, problems), invalid).kind;
    };
    CHECK(kind() == ErrorClass::auth_dead);
    auto& credentials = std::get<HttpSourceOptions>(options.connector_options).credentials;
    credentials.clear();
    for (const auto* name : {"client_id", "client_secret", "refresh_token"})
        credentials[name] = Secret{"s"};
    CHECK(kind() == ErrorClass::refresh_auth);
    CHECK(problems.str() == "");
}

TEST_CASE("no sample of an error is left out") {
    const auto folder = fs::path{NUDGED_SOURCE_DIR} / "../shared/specs";
    if (!fs::exists(folder)) {
        WARN("skipped: the samples are not here");
        return;
    }
    std::set<std::string> known;
    for (const auto& sample : samples) known.insert(sample.crm + "/" + sample.file);
    for (const auto& sample : token_samples) known.insert(sample.crm + "/" + sample.file);
    for (const auto& crm : fs::directory_iterator{folder}) {
        const auto errors = crm.path() / "samples/errors";
        if (!fs::exists(errors)) continue;
        for (const auto& file : fs::directory_iterator{errors}) {
            const auto name = file.path().stem().stem().string();
            const auto sample = crm.path().filename().string() + "/" + name;
            CHECK(known.count(sample) == 1);
        }
    }
}
