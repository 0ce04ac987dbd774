// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/errors.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/http/manifest.hpp"
#include "tests/connectors/sources/http/bench.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

using namespace nudged;
using namespace nudged::sources;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_instant("2026-11-20T12:00:00Z");

net::HttpResponse answer(int status, std::string body, net::Headers headers = {}) {
    return {status, std::move(headers), std::move(body)};
}

std::vector<ErrorRule> shipped_table() {
    tests::HttpBench bench;
    Diagnostics problems;
    const auto text = bench.shipped_text("hubspot", {});
    const auto options = bench.shipped("hubspot", "http://127.0.0.1:1");
    auto manifest = compile_manifest_text(text, "hubspot.toml", options, problems);
    INFO(problems.str());
    REQUIRE_FALSE(problems.has_errors());
    return manifest.errors;
}

/// An envelope of the samples: status, headers, and a body that is JSON or text.
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
    } else if (!body.IsNull()) {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
        body.Accept(writer);
        response.body = buffer.GetString();
    }
    return response;
}

}  // namespace

TEST_CASE("without a table an answer goes by its status") {
    const auto kind = [](int status) {
        return classify({}, answer(status, ""), noon, Zone::utc()).kind;
    };
    CHECK(kind(200) == ErrorClass::none);
    CHECK(kind(207) == ErrorClass::none);
    CHECK(kind(302) == ErrorClass::bad_request);
    CHECK(kind(400) == ErrorClass::bad_request);
    CHECK(kind(401) == ErrorClass::auth_dead);
    CHECK(kind(403) == ErrorClass::forbidden_stream);
    CHECK(kind(404) == ErrorClass::not_found);
    CHECK(kind(408) == ErrorClass::transient);
    CHECK(kind(429) == ErrorClass::throttle_short);
    CHECK(kind(503) == ErrorClass::transient);
}

TEST_CASE("what the answer says about waiting goes before what the table says") {
    ErrorRule rule;
    rule.statuses = {429};
    rule.kind = ErrorClass::throttle_short;
    rule.wait = 10s;
    CHECK(classify({rule}, answer(429, ""), noon, Zone::utc()).wait == 10s);
    CHECK(classify({rule}, answer(429, "", {{"retry-after", "3"}}), noon, Zone::utc()).wait == 3s);
}

TEST_CASE("a rule that looks into the body fits no body that is not JSON") {
    ErrorRule rule;
    rule.at = json::Path::parse("/policyName");
    rule.in = {"DAILY"};
    rule.kind = ErrorClass::throttle_quota;
    CHECK(classify({rule}, answer(429, "<html>"), noon, Zone::utc()).kind ==
          ErrorClass::throttle_short);
    CHECK(classify({rule}, answer(429, R"({"policyName":"DAILY"})"), noon, Zone::utc()).kind ==
          ErrorClass::throttle_quota);
}

TEST_CASE("a daily quota comes back at the account's midnight") {
    const auto berlin = *Zone::find("Europe/Berlin");
    const auto verdict =
        classify(shipped_table(), answer(429, R"({"policyName":"DAILY"})"), noon, berlin);
    CHECK(verdict.kind == ErrorClass::throttle_quota);
    CHECK(verdict.wait == 11h);  // 12:00 UTC is 13:00 in Berlin in November
}

TEST_CASE("every sample of an error is of the class that the reference gives it") {
    struct Case {
        const char* file;
        ErrorClass kind;
        std::optional<std::chrono::milliseconds> wait;
    };
    const auto c = GENERATE(values<Case>({
        {"400-beyond-10000", ErrorClass::bad_request, std::nullopt},
        {"401-expired", ErrorClass::refresh_auth, std::nullopt},
        {"401-invalid", ErrorClass::auth_dead, std::nullopt},
        {"403-missing-scopes", ErrorClass::forbidden_stream, std::nullopt},
        {"404-not-found", ErrorClass::not_found, std::nullopt},
        {"429-daily", ErrorClass::throttle_quota, 12h},  // from noon to midnight, in UTC
        {"429-retry-after", ErrorClass::throttle_short, 10s},
        {"429-search-secondly", ErrorClass::throttle_short, 1s},
        {"429-ten-secondly", ErrorClass::throttle_short, 10s},
        {"500-internal", ErrorClass::transient, std::nullopt},
        {"502-html", ErrorClass::transient, std::nullopt},
    }));
    DYNAMIC_SECTION(c.file) {
        const auto text =
            tests::read_shared(fmt::format("specs/hubspot/samples/errors/{}.http.json", c.file));
        if (!text) {
            WARN("skipped: the samples are not here");
            return;
        }
        const auto verdict = classify(shipped_table(), parse_envelope(*text), noon, Zone::utc());
        CHECK(to_string(verdict.kind) == to_string(c.kind));
        CHECK(verdict.wait == c.wait);
    }
}
